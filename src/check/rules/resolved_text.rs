//! ASG0337: text that CloudFormation would put something else in place of.

use crate::check::{Check, Rule, Subject, texts};
use crate::diagnostics::{Code, Diagnostic, Findings, Severity};
use crate::source::Span;

const CODE: Code = Code::new("ASG0337");

/// How a dynamic reference begins.
/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references.html>
const REFERENCE: &str = "{{resolve:";

pub(in crate::check) const RULE: Rule = Rule {
    code: CODE,
    title: "text that CloudFormation would resolve",
    severity: &[Severity::Error],
    docs: "CloudFormation puts a parameter's or a secret's value wherever `{{resolve:` stands in a template, in plain text \
           too: a secret would come to stand in user data or a tag for all to read. Instances read what they need at \
           boot, by their `permissions`. Only `stacks:`, a team's own templates, may use it.",
    fails: "tags: { Owner: \"{{resolve:ssm:/poc/owner}}\" }\n",
    mended: "tags: { Owner: idhub }\n",
    check: Check::Spec(check),
};

fn check(subject: &Subject<'_>, findings: &mut Findings) {
    for entry in subject.origins.root().entries().iter().filter(|entry| entry.key != "stacks") {
        texts::each(&entry.value, &mut |found| {
            if found.text.contains(REFERENCE) {
                let what = if found.value.is_some() { "the text has" } else { "the key has" };
                report(found.span, what, findings);
            }
        });
    }
    for role in &subject.environment.roles {
        for (at, text) in texts::files(role) {
            if text.contains(REFERENCE) {
                report(subject.place(&at), "the file has", findings);
            }
        }
    }
}

fn report(place: Span, what: &str, findings: &mut Findings) {
    let message = format!("{what} `{REFERENCE}…}}}}`, which CloudFormation would replace by a value");
    let error = Diagnostic::error(CODE, message).primary(place, "");
    findings.push(error.with_help("let instances read the value at boot, and name it under `permissions`"));
}
