//! Resources of a team's own stacks as they come out: with the values that the spec and the defaults give, and without those
//! that conditions leave out.

use serde_json::{Map, Value};

use crate::cfn::{Evaluator, NothingKnown};
use crate::model::{Environment, OwnStack};
use crate::stacks::{given, surroundings};

/// A resource of a team's own stack with its values. What is not known stands as the text it is shown as, `${From}`.
pub(super) struct OwnResource<'a> {
    pub(super) stack: &'a OwnStack,
    pub(super) id: String,
    pub(super) kind: String,
    pub(super) properties: Map<String, Value>,
}

/// Every one whose type is looked at. Of a template that a macro rewrites, what is written.
pub(super) fn own_resources<'a>(
    environment: &'a Environment,
    looks_at: impl Fn(&str) -> bool + Copy + 'a,
) -> impl Iterator<Item = OwnResource<'a>> {
    environment.stacks.iter().flat_map(move |stack| of_stack(environment, stack, looks_at))
}

fn of_stack<'a>(
    environment: &Environment,
    stack: &'a OwnStack,
    looks_at: impl Fn(&str) -> bool,
) -> Vec<OwnResource<'a>> {
    if stack.parsed.rewritten {
        let written = stack.parsed.resources.iter().filter(|(_, it)| looks_at(&it.kind));
        let own = written.map(|(id, it)| OwnResource {
            stack,
            id: id.clone(),
            kind: it.kind.clone(),
            properties: it.properties.clone(),
        });
        return own.collect();
    }
    let (given, surroundings) = (given(stack), surroundings(environment, stack));
    let unrolled = Evaluator::new(&stack.parsed, &given, &surroundings, &NothingKnown).unrolled();
    let evaluator = Evaluator::new(&unrolled, &given, &surroundings, &NothingKnown);
    let seen = unrolled.resources.iter().filter(|(_, it)| looks_at(&it.kind)).filter_map(|(id, _)| {
        let resource = evaluator.resource(id)?;
        let properties = resource.properties.iter().map(|(name, value)| (name.clone(), value.to_json()));
        Some(OwnResource { stack, id: id.clone(), kind: resource.kind, properties: properties.collect() })
    });
    seen.collect()
}
