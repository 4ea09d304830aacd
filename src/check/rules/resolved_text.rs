//! ASG0337: text that CloudFormation would put something else in place of.

use crate::check::{Check, Rule, Subject};
use crate::diagnostics::{Code, Diagnostic, Findings, Severity};
use crate::model::Role;
use crate::source::{Kind, Node, Span};

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
        in_spec(&entry.value, findings);
    }
    for role in &subject.environment.roles {
        for (at, text) in files(role) {
            if text.contains(REFERENCE) {
                report(subject.place(&at), "the file has", findings);
            }
        }
    }
}

/// What a role's instances and images are made from, with its places.
fn files(role: &Role) -> Vec<(String, &str)> {
    let mut files = vec![(Subject::role(role, "/instances/userData"), role.instances.user_data.as_str())];
    for layer in role.images.iter().flat_map(|images| images.layers()) {
        let at = Subject::role(role, &format!("/images/{}/components", layer.kind.as_str()));
        let documents = layer.components.iter().enumerate();
        files.extend(documents.map(|(index, one)| (format!("{at}/{index}"), one.document.as_str())));
    }
    files
}

fn in_spec(node: &Node, findings: &mut Findings) {
    match &node.kind {
        Kind::Scalar { value, .. } if value.contains(REFERENCE) => {
            report(node.span, "the text has", findings);
        }
        Kind::Scalar { .. } => {}
        Kind::Sequence(items) => items.iter().for_each(|item| in_spec(item, findings)),
        Kind::Mapping(entries) => {
            for entry in entries {
                if entry.key.contains(REFERENCE) {
                    report(entry.key_span, "the key has", findings);
                }
                in_spec(&entry.value, findings);
            }
        }
    }
}

fn report(place: Span, what: &str, findings: &mut Findings) {
    let message = format!("{what} `{REFERENCE}…}}}}`, which CloudFormation would replace by a value");
    let error = Diagnostic::error(CODE, message).primary(place, "");
    findings.push(error.with_help("let instances read the value at boot, and name it under `permissions`"));
}
