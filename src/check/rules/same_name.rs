//! ASG0512: two resources of one type with one name.

use std::collections::BTreeMap;

use crate::cfn::{Effective, Evaluator, Naming, NothingKnown, Resource, Surroundings, naming};
use crate::check::{Check, Rule, Subject};
use crate::diagnostics::{Code, Diagnostic, Findings, Severity};
use crate::model::Environment;
use crate::source::{Span, pointer};
use crate::stacks::{Argument, RenderedStack, StackGraph, StackKind};

const CODE: Code = Code::new("ASG0512");

pub(in crate::check) const RULE: Rule = Rule {
    code: CODE,
    title: "two resources with the same name",
    severity: &[Severity::Error],
    docs: "Names of log groups, parameters, roles, alarms and the like are unique in an account and Region. The second stack \
           that makes one fails half way through its creation. This compares names that are written out, or put together \
           from what the spec says, in asagi's own stacks and in those under `stacks:`.",
    fails: "stacks: { one: { template: ./named.yaml }, two: { template: ./named.yaml } }\n",
    mended: "stacks: { one: { template: ./named.yaml }, two: { template: ./own.yaml } }\n",
    check: Check::Stacks(check),
};

fn check(subject: &Subject<'_>, graph: &StackGraph, findings: &mut Findings) {
    let all = named(subject.environment, graph);
    let mut taken: BTreeMap<(&str, &str), &Named<'_>> = BTreeMap::new();
    for one in &all {
        let Some(other) = taken.get(&(one.naming.kind, one.name.as_str())) else {
            taken.insert((one.naming.kind, &one.name), one);
            continue;
        };
        let (ours, theirs) = (&one.stack.key, &other.stack.key);
        let message =
            format!("`{theirs}.{}` and `{ours}.{}` are both named `{}`", other.id, one.id, one.name);
        let error = Diagnostic::error(CODE, message).primary(one.place(subject), "");
        findings.push(
            error
                .secondary(other.place(subject), "has the name too")
                .with_help("leave the name out, and CloudFormation makes one"),
        );
    }
}

/// A resource whose name is known.
pub(super) struct Named<'a> {
    pub(super) stack: &'a RenderedStack,
    pub(super) id: String,
    pub(super) naming: &'static Naming,
    pub(super) name: String,
}

/// Every resource whose name is known, stack by stack: those that conditions leave out have none.
pub(super) fn named<'a>(environment: &Environment, graph: &'a StackGraph) -> Vec<Named<'a>> {
    graph.stacks.values().flat_map(|stack| of_stack(environment, stack)).collect()
}

fn of_stack<'a>(environment: &Environment, stack: &'a RenderedStack) -> Vec<Named<'a>> {
    let template = &stack.template;
    let names = |resource: &Resource| {
        let naming = naming(&resource.kind)?;
        Some((naming, resource.properties.get(naming.property)?.clone()))
    };
    if template.rewritten {
        let written = template.resources.iter().filter_map(|(id, resource)| {
            let (naming, name) = names(resource)?;
            Some(Named { stack, id: id.clone(), naming, name: name.as_str()?.to_owned() })
        });
        return written.collect();
    }
    let known = |argument: &Argument| match argument {
        Argument::Value(text) => Effective::text(text),
        _ => Effective::unknown("known after apply"),
    };
    let given = stack.arguments.iter().map(|(name, argument)| (name.clone(), known(argument))).collect();
    let surroundings = Surroundings {
        account: environment.account.clone(),
        region: environment.region.clone(),
        stack_name: stack.name.clone(),
        ..Surroundings::default()
    };
    let unrolled = Evaluator::new(template, &given, &surroundings, &NothingKnown).unrolled();
    let evaluator = Evaluator::new(&unrolled, &given, &surroundings, &NothingKnown);
    let all = unrolled.resources.iter().filter_map(|(id, resource)| {
        let (naming, name) = names(resource)?;
        let is_there = evaluator.is_active(id) != Some(false);
        let name = evaluator.value(&name).as_text().filter(|_| is_there)?;
        Some(Named { stack, id: id.clone(), naming, name })
    });
    all.collect()
}

impl Named<'_> {
    /// Where the name is written, or what it is made from.
    pub(super) fn place(&self, subject: &Subject<'_>) -> Span {
        match (&self.stack.kind, self.stack.kind.role()) {
            (StackKind::Own, _) => {
                let at = pointer(["Resources", &self.id, "Properties", self.naming.property]);
                subject.origins.in_template(&self.stack.key, &at)
            }
            (_, Some(role)) => subject.place(&pointer(["roles", role])),
            (_, None) => subject.place("/project"),
        }
    }
}
