//! ASG0524: values in a team's own template that its resource type does not take.

use crate::cfn::Effective;
use crate::cfn::registry::Wrong;
use crate::check::judged::{Judged, judge, name, push_at};
use crate::check::written::Written;
use crate::check::{Check, Rule, Subject};
use crate::diagnostics::{Code, Diagnostic, Findings, Severity, nearest};
use crate::words::brief;

const CODE: Code = Code::new("ASG0524");

/// So many words are told where none is near.
const NAMED: usize = 12;

pub(in crate::check) const RULE: Rule = Rule {
    code: CODE,
    title: "a value that the resource type does not take",
    severity: &[Severity::Error],
    docs: "The schemas of CloudFormation's registry say which words a property takes, which pattern a text matches, how \
           long texts and lists are and how large numbers. What a resource comes to with the values that the spec gives is \
           held against that. A word that a service learned after this asagi was made is told too: an environment's policy \
           can make this rule a warning.",
    fails: "stacks: { far: { template: ./far.yaml } }\n",
    mended: "stacks: { near: { template: ./own.yaml } }\n",
    check: Check::Spec(check),
};

fn check(subject: &Subject<'_>, findings: &mut Findings) {
    for stack in &subject.environment.stacks {
        judge(subject, stack, |written, judged| {
            if let Some(told) = told(written, &judged) {
                push_at(findings, CODE, written, told);
            }
        });
    }
}

fn told(written: &Written<'_>, Judged { id, kind, fault }: &Judged<'_>) -> Option<(String, Diagnostic)> {
    let what = format!("`{}` of `{}`", name(&fault.path), kind.name);
    let (message, help) = match &fault.wrong {
        Wrong::Enum(known) => {
            let found = written.evaluator.resource(id).and_then(|resource| {
                let mut value = Effective::Map(resource.properties);
                for step in &fault.path {
                    value = inside(value, step)?;
                }
                value.as_text()
            });
            let found = found.unwrap_or_default();
            let help = match (nearest(&found, known.iter().map(String::as_str)), known.as_slice()) {
                (Some(near), _) => format!("did you mean `{near}`?"),
                (None, [only]) => format!("write `{only}`"),
                (None, known) => {
                    let more = if known.len() > NAMED { ", …" } else { "" };
                    let known: Vec<&str> = known.iter().take(NAMED).map(String::as_str).collect();
                    format!("write one of {}{more}", known.join(", "))
                }
            };
            (format!("{what} does not take `{}`", brief(&found)), help)
        }
        Wrong::Pattern(pattern) => {
            let help = format!("write what matches `{}`", brief(pattern));
            (format!("{what} has another form"), help)
        }
        Wrong::Range(words) => (format!("{what} takes {words}"), "write a value within that".to_owned()),
        Wrong::Twice => (format!("{what} has the same item twice"), "remove one of them".to_owned()),
        _ => return None,
    };
    let at = written.property(id, &fault.path);
    let told = Diagnostic::error(CODE, message).primary(written.place(&at), "").with_help(help);
    Some((at, told))
}

fn inside(value: Effective, step: &str) -> Option<Effective> {
    match value {
        Effective::Map(mut map) => map.shift_remove(step),
        Effective::List(mut items) => {
            let index: usize = step.parse().ok()?;
            (index < items.len()).then(|| items.swap_remove(index))
        }
        _ => None,
    }
}
