//! A team's own templates, evaluated, held against the registry's schemas: what two rules tell of.

use crate::cfn::registry::{Fault, ResourceType, Wrong, resource_type};
use crate::cfn::{Evaluator, NothingKnown};
use crate::diagnostics::{Code, Diagnostic, Findings, Severity, nearest};
use crate::model::OwnStack;
use crate::source::Span;
use crate::stacks::{given, surroundings};

use super::Subject;
use super::rules::policy_secrets;
use super::written::Written;

/// A property that its type's schema refuses.
pub(super) struct Judged<'a> {
    /// Logical id.
    pub(super) id: &'a str,
    pub(super) kind: &'static ResourceType,
    pub(super) fault: Fault,
}

/// Hands everything that the schemas refuse of a stack's resources to `tell`. A template that macros rewrite may become
/// anything and is left alone.
pub(super) fn judge(subject: &Subject<'_>, stack: &OwnStack, mut tell: impl FnMut(&Written<'_>, Judged<'_>)) {
    if stack.parsed.rewritten {
        return;
    }
    let (given, surroundings) = (given(stack), surroundings(subject.environment, stack));
    let loops = Evaluator::new(&stack.parsed, &given, &surroundings, &NothingKnown);
    let unrolled = loops.unrolled();
    let evaluator = Evaluator::new(&unrolled, &given, &surroundings, &NothingKnown);
    let written = Written { subject, stack, evaluator: &evaluator };
    for (id, declared) in &unrolled.resources {
        let Some(kind) = resource_type(&declared.kind).filter(|kind| is_judged(kind.name)) else { continue };
        let Some(resource) = evaluator.resource(id) else { continue };
        let faults = kind.judge(&resource.properties);
        for fault in faults.iter().filter(|it| !follows(it, &faults)) {
            tell(&written, Judged { id, kind, fault: fault.clone() });
        }
    }
}

/// Those of AWS; the properties of a custom resource are what the handler behind it takes.
fn is_judged(kind: &str) -> bool {
    kind.starts_with("AWS::")
        && !kind.starts_with("AWS::Serverless::")
        && kind != "AWS::CloudFormation::CustomResource"
}

/// A key that is missing because it is written otherwise is told once, where it is written.
fn follows(fault: &Fault, all: &[Fault]) -> bool {
    let names = match &fault.wrong {
        Wrong::Missing(name) => std::slice::from_ref(name),
        Wrong::MissingOne(names) => names.as_slice(),
        _ => return false,
    };
    all.iter().any(|other| match (&other.wrong, other.path.split_last()) {
        (Wrong::Unknown(known), Some((key, before))) => {
            let near = nearest(key, known.iter().map(String::as_str));
            before == fault.path && near.is_some_and(|near| names.iter().any(|name| name == near))
        }
        _ => false,
    })
}

/// Tells it, unless another rule told something of the same place with its mend. That a secret stands there says nothing of
/// what else is wrong.
pub(super) fn push(findings: &mut Findings, code: Code, told: Diagnostic) {
    let known = |it: &Diagnostic| {
        let other = it.code != code && it.code != policy_secrets::CODE;
        it.severity == Severity::Error && other && it.span().is_some() && it.span() == told.span()
    };
    // what a loop repeats is told once
    let same = |it: &Diagnostic| it.span() == told.span() && it.message == told.message;
    if !findings.iter().any(|it| known(it) || same(it)) {
        findings.push(told);
    }
}

/// The same of a place in a template. Where a secret is told that stands below a key, its line is not quoted: the finding
/// points at that key too.
pub(super) fn push_at(
    findings: &mut Findings,
    code: Code,
    written: &Written<'_>,
    (at, mut told): (String, Diagnostic),
) {
    let of_secrets = findings.iter().filter(|it| it.code == policy_secrets::CODE);
    let secrets: Vec<Span> = of_secrets.filter_map(Diagnostic::span).collect();
    let mut above = if secrets.is_empty() { "" } else { at.as_str() };
    while let Some((before, _)) = above.rsplit_once('/') {
        above = before;
        let shown = [written.key(above), written.place(above)].into_iter().find(|it| secrets.contains(it));
        if let (Some(span), Some(label)) = (shown, told.labels.first_mut()) {
            label.span = span;
            break;
        }
    }
    push(findings, code, told);
}

/// `Tags[0].Key` of a path.
pub(super) fn name(path: &[String]) -> String {
    let mut made = String::new();
    for step in path {
        if step.bytes().all(|byte| byte.is_ascii_digit()) {
            made += &format!("[{step}]");
        } else {
            if !made.is_empty() {
                made.push('.');
            }
            made += step;
        }
    }
    made
}
