//! ASG0385: names of another environment, copied along.

use crate::check::{Check, Rule, Subject};
use crate::diagnostics::{Code, Findings, Severity};
use crate::model::Role;
use crate::source::pointer;

const CODE: Code = Code::new("ASG0385");

/// Keys of tags and parameters whose value is an environment.
const KEYS: [&str; 5] = ["env", "environment", "environmentname", "stage", "stagename"];

pub(in crate::check) const RULE: Rule = Rule {
    code: CODE,
    title: "something of another environment",
    severity: &[Severity::Warning],
    docs: "A file copied from another environment keeps its names: production then reads the parameters and secrets of staging, \
           connects to staging's database and writes there, and every check is green. This looks for the names of the \
           project's other environments in `permissions`, and in tags and template parameters called `Environment`, \
           `Env` or `Stage`.",
    fails: "roles: { web: { instances: { permissions: { parameters: [\"/poc/stg/web/*\"] } } } }\n",
    mended: "roles: { web: { instances: { permissions: { parameters: [\"/poc/poc/web/*\"] } } } }\n",
    check: Check::Spec(check),
};

fn check(subject: &Subject<'_>, findings: &mut Findings) {
    let mut texts: Vec<(String, &str)> = subject.environment.roles.iter().flat_map(permissions).collect();
    let named = |key: &str| KEYS.contains(&key.to_ascii_lowercase().as_str());
    let tags = subject.environment.tags.iter().filter(|(key, _)| named(key));
    texts.extend(tags.map(|(key, value)| (pointer(["tags", key]), value.as_str())));
    for stack in &subject.environment.stacks {
        let given = stack.parameters.iter().filter(|(key, _)| named(key));
        texts.extend(given.filter_map(|(key, value)| {
            Some((pointer(["stacks", &stack.name, "parameters", key]), value.value()?.as_str()))
        }));
    }
    let (own, project) = (subject.environment.name.as_str(), subject.environment.project.as_str());
    for (at, text) in texts {
        let words = || text.split(['/', '-', '_', '.', ':']);
        // A name that has the own one in it too says both on purpose.
        let other = subject.siblings.iter().find(|other| words().any(|word| word == other.name));
        let Some(other) = other.filter(|_| words().all(|word| word != own || word == project)) else {
            continue;
        };
        let message = format!("`{text}` is of environment `{}`, and this is `{own}`", other.name);
        findings.push(
            subject.warning(CODE, &at, message).with_help(format!("write `{own}` for `{}`", other.name)),
        );
    }
}

/// What a role's instances may read, with its places.
fn permissions(role: &Role) -> Vec<(String, &str)> {
    let may = &role.instances.permissions;
    let kinds = [("parameters", &may.parameters), ("secrets", &may.secrets), ("buckets", &may.buckets)];
    let of_kind = |(key, texts): (&str, &'_ Vec<String>)| -> Vec<String> {
        (0..texts.len())
            .map(|index| Subject::role(role, &format!("/instances/permissions/{key}/{index}")))
            .collect()
    };
    kinds
        .into_iter()
        .flat_map(|kind| of_kind(kind).into_iter().zip(kind.1.iter().map(String::as_str)))
        .collect()
}
