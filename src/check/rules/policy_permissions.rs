//! ASG0406: instances that may read everything.

use crate::check::{Check, Rule, Subject};
use crate::diagnostics::{Code, Findings, Severity};

const CODE: Code = Code::new("ASG0406");

pub(in crate::check) const RULE: Rule = Rule {
    code: CODE,
    title: "instances may read everything",
    severity: &[Severity::Error],
    docs: "`permissions` say what an instance reads at boot. A pattern without a name before its `*` gives every instance of the \
           role all parameters, secrets or objects of the account, those of other systems too: whoever gets into one \
           instance has them all.",
    fails: "roles: { web: { instances: { permissions: { secrets: [\"*\"], parameters: [\"/*\"] } } } }\n",
    mended: "roles: { web: { instances: { permissions: { secrets: [\"poc/web/*\"], parameters: [\"/poc/web/*\"] } } } }\n",
    check: Check::Spec(check),
};

fn check(subject: &Subject<'_>, findings: &mut Findings) {
    for role in &subject.environment.roles {
        let permissions = &role.instances.permissions;
        let lists = [
            ("parameters", &permissions.parameters),
            ("secrets", &permissions.secrets),
            ("buckets", &permissions.buckets),
        ];
        for (key, patterns) in lists {
            for (index, pattern) in patterns.iter().enumerate().filter(|(_, pattern)| all(pattern)) {
                let at = Subject::role(role, &format!("/instances/permissions/{key}/{index}"));
                let message = format!(
                    "`{pattern}` lets instances of role `{}` read all {key} of the account",
                    role.name
                );
                let error = subject.error(CODE, &at, message);
                let project = &subject.environment.project;
                findings.push(
                    error.with_help(format!("name what they need, such as `{project}/{}/*`", role.name)),
                );
            }
        }
    }
}

/// Nothing but slashes before the first wildcard.
fn all(pattern: &str) -> bool {
    let named = pattern.split(['*', '?']).next().unwrap_or_default();
    named.len() < pattern.len() && named.chars().all(|c| c == '/')
}
