//! ASG0415: tags that an organisation asks for.

use crate::check::{Check, Rule, Subject};
use crate::diagnostics::{Code, Diagnostic, Findings, Severity};
use crate::source::pointer;

const CODE: Code = Code::new("ASG0415");

pub(in crate::check) const RULE: Rule = Rule {
    code: CODE,
    title: "tags that the tag policy does not let pass",
    severity: &[Severity::Error],
    docs: "Who pays, who answers at night and what may be deleted is found by tags, and an organisation's tag policy can refuse \
           resources without them. `tagPolicy` says which keys have to be there, written in just these letters, and which \
           values each may have (`[]` for any, one `*` for any letters); it stands best in the file that all environments \
           extend. <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_example-tag-policies.html>",
    fails: "tagPolicy: { CostCenter: [\"100\", \"2*\"] }\ntags: { CostCenter: \"300\" }\n",
    mended: "tagPolicy: { CostCenter: [\"100\", \"2*\"] }\ntags: { CostCenter: \"210\" }\n",
    check: Check::Spec(check),
};

fn check(subject: &Subject<'_>, findings: &mut Findings) {
    let environment = subject.environment;
    for (key, values) in &environment.tag_policy {
        let found = match environment.tags.get(key) {
            None => absent(subject, key, values),
            Some(value) if values.is_empty() || values.iter().any(|pattern| fits(pattern, value)) => continue,
            Some(value) => {
                let message = format!("the tag policy does not let tag `{key}` be `{value}`");
                let error = subject.error(CODE, &pointer(["tags", key]), message);
                error.with_help(format!("write {}", choice(values)))
            }
        };
        findings.push(found.secondary(subject.place(&pointer(["tagPolicy", key])), "asked for here"));
    }
}

fn absent(subject: &Subject<'_>, key: &str, values: &[String]) -> Diagnostic {
    let same = |other: &&String| other.eq_ignore_ascii_case(key);
    if let Some(other) = subject.environment.tags.keys().find(same) {
        let at = pointer(["tags", other]);
        let message = format!("the tag policy writes tag `{other}` as `{key}`");
        return subject.error(CODE, &at, message).with_help(format!("write `{key}`"));
    }
    let error =
        subject.error(CODE, "/tags", format!("the tag `{key}` is missing, which the tag policy asks for"));
    error.with_help(match values {
        [] => format!("add `{key}` to `tags`"),
        values => format!("add `{key}` to `tags`: {}", choice(values)),
    })
}

fn choice(values: &[String]) -> String {
    values.iter().map(|value| format!("`{value}`")).collect::<Vec<_>>().join(" or ")
}

/// Whether a value is the pattern's, in which one `*` stands for any letters.
fn fits(pattern: &str, value: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == value,
        Some((before, after)) => {
            value.strip_prefix(before).is_some_and(|rest| rest.len() >= after.len() && rest.ends_with(after))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::fits;

    #[test]
    fn a_star_stands_for_any_letters() {
        for (pattern, value, expected) in [
            ("100", "100", true),
            ("1*", "1", true),
            ("1*0", "10", true),
            ("10*10", "10", false),
            ("*-prod", "idhub-prod", true),
            ("prod", "Prod", false),
        ] {
            assert_eq!(fits(pattern, value), expected, "{pattern} {value}");
        }
    }
}
