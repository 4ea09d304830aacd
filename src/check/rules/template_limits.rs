//! ASG0508: templates beyond what CloudFormation takes.

use serde_json::Value;

use crate::cfn::{Effective, Evaluator, NothingKnown, Surroundings, Template};
use crate::check::{Check, Rule, Subject};
use crate::diagnostics::{Code, Findings, Severity};
use crate::source::pointer;
use crate::stacks::{Argument, RenderedStack, StackGraph, StackKind};

const CODE: Code = crate::check::stack_error::SIZE;

/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html>
const PARAMETERS: usize = 200;
const RESOURCES: usize = 500;
const OUTPUTS: usize = 200;
const MAPPINGS: usize = 200;
const DESCRIPTION: usize = 1_024;
const NAME: usize = 255;
const REFERENCES: usize = 60;

pub(in crate::check) const RULE: Rule = Rule {
    code: CODE,
    title: "a template beyond what CloudFormation takes",
    severity: &[Severity::Error],
    docs: "A template has at most 200 parameters, 500 resources, 200 outputs, 200 mappings, a description of 1,024 bytes, 60 \
           dynamic references, names of 255 characters, and 51,200 bytes in a request or a million in a bucket (`templateBucket`). What \
           its functions make of it is limited too: a text to 1 MiB, all values to 16 MiB. asagi's traffic stack grows with \
           routes times cohorts: each is a listener rule.",
    fails: "stacks: { many: { template: ./many.yaml } }\n",
    mended: "stacks: { few: { template: ./own.yaml } }\n",
    check: Check::Stacks(check),
};

fn check(subject: &Subject<'_>, graph: &StackGraph, findings: &mut Findings) {
    for stack in graph.stacks.values() {
        if stack.kind == StackKind::Own {
            evaluated(subject, stack, findings);
        }
        for Count { what: section, at, count, limit } in counts(&stack.template) {
            if count > limit {
                let message = format!("stack `{}` has {count} {section}, at most {limit} fit", stack.key);
                let span = place(subject, stack, at);
                let error = crate::diagnostics::Diagnostic::error(CODE, message).primary(span, "");
                findings.push(error.with_help(match at {
                    "/Description" => "say less; a character outside ASCII has three bytes or more",
                    _ => "divide it into two stacks",
                }));
            }
        }
    }
}

/// What the values of a team's own template come to with those that the spec gives.
fn evaluated(subject: &Subject<'_>, stack: &RenderedStack, findings: &mut Findings) {
    let environment = subject.environment;
    let surroundings = Surroundings {
        account: environment.account.clone(),
        region: environment.region_of(&stack.key).to_owned(),
        stack_name: stack.name.clone(),
        ..Surroundings::default()
    };
    let given = stack.arguments.iter().map(|(name, argument)| {
        let value = match argument {
            Argument::Value(value) => Effective::text(value),
            _ => Effective::unknown(format!("${{{name}}}")),
        };
        (name.clone(), value)
    });
    let given = given.collect();
    let loops = Evaluator::new(&stack.template, &given, &surroundings, &NothingKnown);
    let unrolled = loops.unrolled();
    let evaluator = Evaluator::new(&unrolled, &given, &surroundings, &NothingKnown);
    evaluator.evaluate();
    for stop in loops.stops().into_iter().chain(evaluator.stops()) {
        let span = subject.origins.in_template(&stack.key, &stop.pointer);
        let message = format!("stack `{}` cannot be evaluated: {}", stack.key, stop.message);
        let error = crate::diagnostics::Diagnostic::error(CODE, message).primary(span, "");
        findings.push(error.with_help("repeat less, or divide it"));
    }
}

/// How many there are of something.
struct Count {
    what: &'static str,
    /// Where it stands in a template, as a pointer.
    at: &'static str,
    count: usize,
    limit: usize,
}

fn place(subject: &Subject<'_>, stack: &RenderedStack, at: &str) -> crate::source::Span {
    match stack.kind {
        StackKind::Own => subject.origins.in_template(&stack.key, at),
        _ => match stack.kind.role() {
            Some(role) => subject.place(&pointer(["roles", role])),
            None => subject.place(""),
        },
    }
}

fn counts(template: &Template) -> [Count; 7] {
    let description = template.description.as_ref().map_or(0, String::len);
    let names = template.resources.keys().chain(template.parameters.keys()).chain(template.outputs.keys());
    let longest = names.map(|name| name.chars().count()).max().unwrap_or(0);
    let resources = template.resources.values().flat_map(|resource| resource.properties.values());
    let references = resources.map(references).sum();
    [
        ("parameters", "/Parameters", template.parameters.len(), PARAMETERS),
        ("resources", "/Resources", template.resources.len(), RESOURCES),
        ("outputs", "/Outputs", template.outputs.len(), OUTPUTS),
        ("mappings", "/Mappings", template.mappings.len(), MAPPINGS),
        ("bytes of description", "/Description", description, DESCRIPTION),
        ("characters in a name", "/Resources", longest, NAME),
        ("dynamic references", "/Resources", references, REFERENCES),
    ]
    .map(|(what, at, count, limit)| Count { what, at, count, limit })
}

fn references(value: &Value) -> usize {
    match value {
        Value::String(text) if text.contains('{') => text.matches("{{resolve:").count(),
        Value::Array(items) => items.iter().map(references).sum(),
        Value::Object(map) => map.values().map(references).sum(),
        _ => 0,
    }
}
