//! ASG0506: stacks that wait for one that is not there, or for themselves.

use std::collections::BTreeMap;

use crate::check::{Check, Rule, Subject};
use crate::diagnostics::{Code, Findings, Severity, nearest};
use crate::model::{Input, OwnStack};
use crate::source::pointer;

use super::stack_keys;

const CODE: Code = crate::check::stack_error::DEPENDENCY;

pub(in crate::check) const RULE: Rule = Rule {
    code: CODE,
    title: "a stack that waits for one that is not there, or for itself",
    severity: &[Severity::Error],
    docs: "A parameter fed with an output of another stack makes that stack come first. It must be one of asagi's or another of \
           `stacks:`, and following such parameters must not lead back, or none could be the first.",
    fails: "stacks:\n  one: { template: ./topic.yaml, parameters: { Name: { output: two.Name } } }\n  two: { template: ./topic.yaml, parameters: { Name: { output: one.Name } } }\n  three: { template: ./topic.yaml, parameters: { Name: { output: netwrok.VpcId } } }\n",
    mended: "stacks:\n  one: { template: ./topic.yaml, parameters: { Name: { output: two.Name } } }\n  two: { template: ./topic.yaml, parameters: { Name: orders } }\n",
    check: Check::Spec(check),
};

fn check(subject: &Subject<'_>, findings: &mut Findings) {
    let stacks: BTreeMap<&str, &OwnStack> =
        subject.environment.stacks.iter().map(|stack| (stack.name.as_str(), stack)).collect();
    let asagis = stack_keys::of_environment(subject.environment);
    let known = || asagis.iter().map(String::as_str).chain(stacks.keys().copied());
    for stack in stacks.values() {
        for (name, from) in outputs(stack) {
            let at = pointer(["stacks", &stack.name, "parameters", name]);
            if !known().any(|key| key == from) {
                let error =
                    subject.error(CODE, &at, format!("there is no stack `{from}` to take an output from"));
                findings.push(match nearest(from, known()) {
                    Some(near) => error.with_help(format!("did you mean `{near}`?")),
                    None => error.with_help(format!("there are {}", known().collect::<Vec<_>>().join(", "))),
                });
            } else if let Some(circle) = circle(&stacks, &stack.name, from) {
                let message =
                    format!("stack `{}` waits for itself: `{}`", stack.name, circle.join("` for `"));
                findings.push(
                    subject
                        .error(CODE, &at, message)
                        .with_help("give one of them a value instead of an output"),
                );
            }
        }
    }
}

/// Parameters that are outputs, with the stacks those are of.
fn outputs(stack: &OwnStack) -> impl Iterator<Item = (&str, &str)> {
    stack.parameters.iter().filter_map(|(name, value)| match value {
        Input::Output { stack, .. } => Some((name.as_str(), stack.as_str())),
        Input::Value(_) => None,
    })
}

/// The way from `from` back to `name`, told only by the first of its stacks in the order of names.
fn circle<'a>(
    stacks: &BTreeMap<&'a str, &'a OwnStack>,
    name: &'a str,
    from: &'a str,
) -> Option<Vec<&'a str>> {
    let (mut open, mut seen) = (vec![vec![name, from]], Vec::new());
    while let Some(way) = open.pop() {
        let last = way.last().copied()?;
        if last == name {
            return way.iter().all(|other| name <= *other).then_some(way);
        }
        if seen.contains(&last) {
            continue;
        }
        seen.push(last);
        let next = stacks.get(last).into_iter().flat_map(|stack| outputs(stack));
        open.extend(next.map(|(_, next)| [way.as_slice(), &[next]].concat()));
    }
    None
}
