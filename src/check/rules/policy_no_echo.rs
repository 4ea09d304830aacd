//! ASG0414: secret parameters of a team's own stacks that are shown.

use crate::check::{Check, Rule, Subject};
use crate::diagnostics::{Code, Diagnostic, Findings, Severity};
use crate::model::Input;
use crate::source::pointer;
use crate::words::is_secret_name;

const CODE: Code = Code::new("ASG0414");

/// How names of parameters end besides those whose every value is a secret.
const ENDS: [&str; 2] = ["secret", "token"];

pub(in crate::check) const RULE: Rule = Rule {
    code: CODE,
    title: "a secret parameter that is shown",
    severity: &[Severity::Error],
    docs: "CloudFormation shows the value of a parameter to everyone who may look at the stack, unless it is declared with \
           `NoEcho`; and one that is declared so is no secret any more when the spec writes its value. Take neither: let \
           the template read it with `{{resolve:secretsmanager:…}}`, or make it there. \
           <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/security-best-practices.html>",
    fails: "stacks: { login: { template: ./login.yaml } }\n",
    mended: "stacks: { login: { template: ./own.yaml } }\n",
    check: Check::Spec(check),
};

fn check(subject: &Subject<'_>, findings: &mut Findings) {
    for stack in &subject.environment.stacks {
        for (name, declared) in &stack.parsed.parameters {
            let secret =
                is_secret_name(name) || ENDS.iter().any(|end| name.to_ascii_lowercase().ends_with(end));
            let declared_at = subject.origins.in_template(&stack.name, &pointer(["Parameters", name]));
            if secret && !declared.no_echo && !declared.kind.starts_with("AWS::SSM::") {
                let message =
                    format!("parameter `{name}` of `{}` is shown to everyone who sees the stack", stack.path);
                let error = Diagnostic::error(CODE, message).primary(declared_at, "");
                findings.push(error.with_help("write `NoEcho: true`, or resolve the secret in the template"));
            }
            let written = matches!(stack.parameters.get(name), Some(Input::Value(text)) if !text.contains("{{resolve:"));
            if declared.no_echo && written {
                let message = format!(
                    "the value of `{name}` stands in the repository, and its template keeps it secret"
                );
                let parameters = pointer(["stacks", &stack.name]);
                let error =
                    subject.error(CODE, &parameters, message).secondary(declared_at, "declared with NoEcho");
                findings.push(error.with_help("keep it in Secrets Manager, and resolve it in the template"));
            }
        }
    }
}
