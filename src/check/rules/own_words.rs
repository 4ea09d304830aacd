//! ASG0521: what CloudFormation reads otherwise than it looks.

use crate::check::{Check, Rule, Subject};
use crate::diagnostics::{Code, Diagnostic, Findings, Severity};
use crate::source::{Kind, Node, ScalarStyle, Value};

const CODE: Code = Code::new("ASG0521");

pub(in crate::check) const RULE: Rule = Rule {
    code: CODE,
    title: "a word that CloudFormation reads as something else",
    severity: &[Severity::Warning],
    docs: "CloudFormation reads templates by YAML 1.1: without quotes `yes`, `on` and `NO` are booleans, a number that begins \
           with a zero is octal (`010` is eight, and so is an account id whose digits are below eight), `12:30:45` is a \
           number of seconds. In quotes each is the text it looks like.",
    fails: "stacks: { said: { template: ./said.yaml } }\n",
    mended: "stacks: { own: { template: ./own.yaml } }\n",
    check: Check::Spec(check),
};

fn check(subject: &Subject<'_>, findings: &mut Findings) {
    for stack in &subject.environment.stacks {
        if let Some(root) = subject.origins.templates().get(&stack.name) {
            words(root, findings);
        }
    }
}

/// Digits of an account id with a zero before them: one reader loses it, another does not.
fn is_account(raw: &str) -> bool {
    raw.len() == 12 && raw.starts_with('0') && raw.bytes().all(|byte| byte.is_ascii_digit())
}

fn words(node: &Node, findings: &mut Findings) {
    if let (Some(read), Some(raw)) = (node.as_yaml_1_1(), node.raw()) {
        let read = match read {
            Value::Bool(value) => format!("the boolean `{value}`"),
            Value::Int(value) => format!("the number `{value}`"),
            Value::Float(value) => format!("the number `{value}`"),
            _ => "text".to_owned(),
        };
        let message = format!("CloudFormation reads `{raw}` as {read}: templates are YAML 1.1");
        let warning = Diagnostic::warning(CODE, message).primary(node.span, "");
        findings.push(warning.with_help(format!("write `\"{raw}\"`, or {read} where that is meant")));
    }
    if let Kind::Scalar { value: raw, style: ScalarStyle::Plain } = &node.kind
        && node.as_yaml_1_1().is_none()
        && is_account(raw)
    {
        let message = format!("whether `{raw}` keeps its zero depends on who reads it");
        findings.push(
            Diagnostic::warning(CODE, message).primary(node.span, "").with_help(format!("write `\"{raw}\"`")),
        );
    }
    node.items().iter().for_each(|item| words(item, findings));
    node.entries().iter().for_each(|entry| words(&entry.value, findings));
}
