//! ASG0531: environment variables that a team's own stack must not take.

use crate::check::{Check, Rule, Subject};
use crate::diagnostics::{Code, Findings, Severity};
use crate::model::{Input, Source};
use crate::source::pointer;
use crate::words::is_secret_name;

const CODE: Code = Code::new("ASG0531");

/// What whoever runs asagi signs in with: no stack has a use for it.
const CREDENTIALS: [&str; 8] =
    ["AWS_", "ASAGI_", "ACTIONS_", "GITEA_TOKEN", "GITHUB_TOKEN", "GITLAB_TOKEN", "CI_JOB_TOKEN", "SSH_"];

/// Words of a variable's name that tell a secret.
const SECRET: [&str; 9] =
    ["TOKEN", "SECRET", "PASSWORD", "PASSWD", "PASS", "PASSPHRASE", "CREDENTIAL", "CREDENTIALS", "KEY"];

pub(in crate::check) const RULE: Rule = Rule {
    code: CODE,
    title: "an environment variable that a stack must not take",
    severity: &[Severity::Error],
    docs: "`env` hands a variable of whoever plans and applies to a stack, where everyone who may look at the stack sees it. \
           What that person signs in with (`AWS_…`, `GITEA_TOKEN`, …) is never handed over, and a variable that is a secret \
           by its name only to a parameter that is declared with `NoEcho`. `check`, `render` and `diff` read no variable at \
           all; `plan` names each, and no screen shows its value.",
    fails: "stacks: { topic: { template: ./topic.yaml, parameters: { Name: { env: AWS_SECRET_ACCESS_KEY } } } }\n",
    mended: "stacks: { topic: { template: ./topic.yaml, parameters: { Name: { env: GIT_COMMIT } } } }\n",
    check: Check::Spec(check),
};

fn check(subject: &Subject<'_>, findings: &mut Findings) {
    for stack in &subject.environment.stacks {
        for (name, value) in &stack.parameters {
            let Input::Read(Source::Variable(variable)) = value else { continue };
            let at = pointer(["stacks", &stack.name, "parameters", name, "env"]);
            let upper = variable.to_ascii_uppercase();
            if CREDENTIALS.iter().any(|begins| upper.starts_with(begins)) {
                let message = format!("`{variable}` is what somebody signs in with, and goes to no stack");
                let help = "let the template read a secret with `{{resolve:secretsmanager:…}}`";
                findings.push(subject.error(CODE, &at, message).with_help(help));
                continue;
            }
            let secret = is_secret_name(variable) || upper.split('_').any(|word| SECRET.contains(&word));
            let hidden = stack.parsed.parameters.get(name).is_some_and(|declared| declared.no_echo);
            if secret && !hidden {
                let message = format!(
                    "`{variable}` is a secret by its name, and parameter `{name}` of `{}` is shown to everyone who sees the stack",
                    stack.path
                );
                let declared = subject.origins.in_template(&stack.name, &pointer(["Parameters", name]));
                let error = subject.error(CODE, &at, message).secondary(declared, "declared here");
                findings.push(
                    error.with_help("declare it with `NoEcho: true`, or keep the secret in Secrets Manager"),
                );
            }
        }
    }
}
