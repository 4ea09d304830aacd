//! ASG0338: an unclosed `${` in what becomes part of an ARN.

use crate::check::{Check, Rule, Subject};
use crate::diagnostics::{Code, Findings, Severity};
use crate::model::Role;

const CODE: Code = Code::new("ASG0338");

pub(in crate::check) const RULE: Rule = Rule {
    code: CODE,
    title: "an unclosed `${` in a name",
    severity: &[Severity::Error],
    docs: "Names of parameters, secrets, objects and artifacts become part of an ARN in `Fn::Sub`. A `${…}` in them stays \
           text, but one that is never closed can be written there in no way.",
    fails: "roles: { web: { instances: { permissions: { parameters: [\"/poc/${web/*\"] } } } }\n",
    mended: "roles: { web: { instances: { permissions: { parameters: [\"/poc/web/*\"] } } } }\n",
    check: Check::Spec(check),
};

fn check(subject: &Subject<'_>, findings: &mut Findings) {
    for role in &subject.environment.roles {
        for (at, name) in names(role) {
            if is_unclosed(name) {
                let error = subject.error(CODE, &at, format!("`{name}` has a `${{` that is never closed"));
                findings.push(error.with_help("close it with `}`, or leave it out"));
            }
        }
    }
}

fn names(role: &Role) -> Vec<(String, &str)> {
    let permissions = &role.instances.permissions;
    let lists = [
        ("parameters", &permissions.parameters),
        ("secrets", &permissions.secrets),
        ("buckets", &permissions.buckets),
    ];
    let place =
        |key: &str, index: usize| Subject::role(role, &format!("/instances/permissions/{key}/{index}"));
    let mut names: Vec<(String, &str)> = Vec::new();
    for (key, list) in lists {
        names.extend(list.iter().enumerate().map(|(index, name)| (place(key, index), name.as_str())));
    }
    let artifacts = role.images.iter().flat_map(|images| images.layers()).filter_map(|layer| {
        let at = Subject::role(role, &format!("/images/{}/artifact", layer.kind.as_str()));
        Some((at, layer.artifact.as_deref()?))
    });
    names.extend(artifacts);
    names
}

/// As `Fn::Sub` reads it: each `${` must be closed before the next one begins.
fn is_unclosed(text: &str) -> bool {
    text.split("${").skip(1).any(|rest| !rest.contains('}'))
}
