//! ASG0519: dynamic references in a team's own stacks that CloudFormation cannot follow.

use crate::check::{Check, Rule, Subject, texts};
use crate::diagnostics::{Code, Diagnostic, Findings, Severity};
use crate::model::Input;
use crate::source::{Span, pointer};

const CODE: Code = Code::new("ASG0519");

pub(in crate::check) const RULE: Rule = Rule {
    code: CODE,
    title: "a dynamic reference that leads nowhere",
    severity: &[Severity::Error],
    docs: "`{{resolve:ssm:name:version}}`, `{{resolve:ssm-secure:name:version}}` and \
           `{{resolve:secretsmanager:id:SecretString:key:stage:version}}` are what CloudFormation puts a value in place of. \
           Another service or a missing name fails in the middle of an update; one with a space in it, or never closed, stays \
           text, and becomes a database's password for all to read. \
           <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references.html>",
    fails: "stacks: { topic: { template: ./topic.yaml, parameters: { Name: \"{{resolve:smm:/poc/name}}\" } } }\n",
    mended: "stacks: { topic: { template: ./topic.yaml, parameters: { Name: \"{{resolve:ssm:/poc/name}}\" } } }\n",
    check: Check::Spec(check),
};

fn check(subject: &Subject<'_>, findings: &mut Findings) {
    for stack in &subject.environment.stacks {
        for (name, value) in &stack.parameters {
            let Input::Value(text) = value else { continue };
            let at = pointer(["stacks", &stack.name, "parameters", name]);
            findings.extend(told(text, &format!("the value of `{name}`"), subject.place(&at)));
        }
        // what a function puts together is whole only afterwards
        let Some(root) = subject.origins.templates().get(&stack.name) else { continue };
        texts::each(root, &mut |found| {
            if let Some(node) = found.value.filter(|node| !found.name.is_empty() && node.tag.is_none()) {
                findings.extend(told(found.text, &format!("`{}`", found.key), node.span));
            }
        });
    }
}

/// What it holds is not repeated: it may be a secret that stands beside the reference.
fn told(text: &str, subject: &str, place: Span) -> Option<Diagnostic> {
    let (problem, help) = problem(text)?;
    Some(Diagnostic::error(CODE, format!("{subject} {problem}")).primary(place, "").with_help(help))
}

type Problem = (&'static str, &'static str);

const FORM: &str = "write `{{resolve:ssm:name}}`, `{{resolve:ssm-secure:name}}` or `{{resolve:secretsmanager:id:SecretString:key}}`";

/// The first thing that is wrong with the references of a text, and what to write.
fn problem(text: &str) -> Option<Problem> {
    if !text.contains("{{") {
        return None;
    }
    for rest in text.split("{{").skip(1) {
        let Some(reference) = rest.strip_prefix("resolve:") else {
            let word: String = rest.chars().filter(|c| !c.is_whitespace()).take(8).collect();
            if word.eq_ignore_ascii_case("resolve:") {
                return Some((
                    "has a dynamic reference that stays text",
                    "write `{{resolve:` in small letters, without spaces",
                ));
            }
            continue;
        };
        let Some((inner, _)) = reference.split_once("}}") else {
            return Some(("has a dynamic reference that is never closed", "close it with `}}`"));
        };
        if let Some(found) = wrong(inner) {
            return Some(found);
        }
    }
    None
}

/// Of what stands between `{{resolve:` and `}}`.
fn wrong(inner: &str) -> Option<Problem> {
    let (service, key) = inner.split_once(':').unwrap_or((inner, ""));
    if key.is_empty() && ["ssm", "ssm-secure", "secretsmanager"].contains(&service) {
        return Some(("has a dynamic reference without a name", FORM));
    }
    // what `Fn::Sub` puts in may have any form
    if inner.contains("${") {
        return None;
    }
    match service {
        "ssm" | "ssm-secure" => parameter(key),
        "secretsmanager" => secret(key),
        _ => Some(("has a dynamic reference to a service that there is not", FORM)),
    }
}

fn parameter(key: &str) -> Option<Problem> {
    let arn = key.starts_with("arn:");
    let (name, version) = key.rsplit_once(':').filter(|_| !arn).unwrap_or((key, "1"));
    let takes = |c: char| c.is_ascii_alphanumeric() || "_.-/".contains(c) || arn && c == ':';
    if name.is_empty() || !name.chars().all(takes) {
        return Some((
            "has a dynamic reference to a name that no parameter has",
            "write letters, digits, `/`, `.`, `-` and `_`, and a number after the last `:`",
        ));
    }
    let is_number = !version.is_empty() && version.bytes().all(|byte| byte.is_ascii_digit());
    (!is_number).then_some((
        "has a dynamic reference to a version that is no number",
        "write the number of the version, or leave it and its `:` out",
    ))
}

/// `id:SecretString:key:stage:version`, where the id may be an ARN, which has six colons of its own.
fn secret(key: &str) -> Option<Problem> {
    let parts: Vec<&str> = key.split(':').collect();
    let id = if key.starts_with("arn:") { 7 } else { 1 };
    let takes = |c: char| c.is_ascii_alphanumeric() || "/_+=.@-:".contains(c);
    let named =
        parts.len() >= id && parts.iter().take(id).all(|part| !part.is_empty() && part.chars().all(takes));
    if !named {
        return Some((
            "has a dynamic reference to a name that no secret has",
            "write letters, digits and `/_+=.@-`, or the secret's whole ARN",
        ));
    }
    let rest = parts.get(id..).unwrap_or_default();
    match rest {
        [] | ["" | "SecretString"] | ["" | "SecretString", _] | ["" | "SecretString", _, _] => None,
        ["" | "SecretString", _, stage, version] if stage.is_empty() || version.is_empty() => None,
        ["" | "SecretString", _, _, _] => {
            Some(("has a dynamic reference with a stage and a version", "leave one of the two out"))
        }
        _ => Some(("has a dynamic reference to another part of a secret than its text", FORM)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cloudformation_follows_is_left_alone() {
        for text in [
            "x",
            "{{x}}",
            "{{ user }}",
            "{{resolve:ssm:/a/b}}",
            "{{resolve:ssm:a.b-c_d:12}}",
            "x-{{resolve:ssm-secure:/a:1}}-{{resolve:ssm:b}}",
            "{{resolve:secretsmanager:db}}",
            "{{resolve:secretsmanager:idhub/db:SecretString:password}}",
            "{{resolve:secretsmanager:db::::}}",
            "{{resolve:secretsmanager:arn:aws:secretsmanager:ap-northeast-1:444455556666:secret:db-AbCdEf:SecretString:password:AWSPREVIOUS:}}",
            "{{resolve:secretsmanager:${Secret}:SecretString:password}}",
            "{{resolve:ssm:${Name}}}",
            "{{resolve:secretsmanager:db:SecretString:p::id}}",
        ] {
            assert_eq!(problem(text), None, "{text}");
        }
    }

    #[test]
    fn what_it_does_not_follow_is_told() {
        for (text, expected) in [
            ("{{resolve:ssm:/a", "never closed"),
            ("{{resolve:ssm:/a} }", "never closed"),
            ("{{resolve:ssm}}", "without a name"),
            ("{{resolve:ssm:}}", "without a name"),
            ("{{resolve:}}", "a service that there is not"),
            ("{{resolve:smm:/a}}", "a service that there is not"),
            ("{{resolve:ssm:/a:latest}}", "a version that is no number"),
            ("{{resolve:ssm:/a:}}", "a version that is no number"),
            ("{{resolve:ssm:/a b}}", "a name that no parameter has"),
            ("{{resolve:ssm:../\n}}", "a name that no parameter has"),
            ("{{ resolve:ssm:/a }}", "stays text"),
            ("{{Resolve:ssm:/a}}", "stays text"),
            ("{{resolve:secretsmanager:db:SecretBinary:x}}", "another part of a secret"),
            ("{{resolve:secretsmanager:db:SecretString:a:b:c}}", "a stage and a version"),
            ("{{resolve:secretsmanager::SecretString:a}}", "a name that no secret has"),
            ("{{resolve:secretsmanager:arn:aws:secretsmanager:x}}", "a name that no secret has"),
            ("{{resolve:ssm:{{resolve:ssm:/a}}}}", "never closed"),
        ] {
            assert!(
                problem(text).is_some_and(|(told, _)| told.contains(expected)),
                "{text}: {:?}",
                problem(text)
            );
        }
        assert!(problem(&"{{resolve:ssm:a}}".repeat(100_000)).is_none());
        assert!(problem(&"{{resolve:".repeat(100_000)).is_some());
    }
}
