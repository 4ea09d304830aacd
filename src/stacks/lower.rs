//! The whole environment as a graph: which stacks there are, and in what order they can be created.

use indexmap::IndexMap;

use super::draft::Draft;
use super::error::{StackError, StackProblem};
use super::graph::{Argument, RenderedStack, StackGraph};
use super::{
    alarms, foundation, guard, images, load_balancer, network, notifications, own, patching, security, slot,
    traffic,
};
use crate::model::{Environment, Role, Slot};

/// The stacks of an environment, rendered and parsed, each after all it depends on. The same environment gives the
/// same bytes.
///
/// # Errors
///
/// A mistake in a template, a template too large to be sent, or dependencies in a circle: nothing that a checked
/// environment can cause.
pub fn lower(environment: &Environment) -> Result<StackGraph, StackError> {
    let mut stacks: IndexMap<String, RenderedStack> = IndexMap::new();
    for draft in ordered(drafts(environment))? {
        let stack = draft.render(environment)?;
        taken_outputs(&stack, &stacks)?;
        if let Some(twice) = stacks.insert(stack.key.clone(), stack) {
            return Err(StackError { stack: twice.key, problem: StackProblem::Duplicate });
        }
    }
    Ok(StackGraph { stacks })
}

/// What a stack takes from others, which come before it, is there.
fn taken_outputs(stack: &RenderedStack, before: &IndexMap<String, RenderedStack>) -> Result<(), StackError> {
    for (parameter, argument) in &stack.arguments {
        let Argument::Output { stack: from, output } = argument else { continue };
        let lacks = |other: &&RenderedStack| {
            !other.template.rewritten && !other.template.outputs.contains_key(output)
        };
        if let Some(other) = before.get(from).filter(lacks) {
            let known = other.template.outputs.keys().cloned().collect();
            let (parameter, from, output) = (parameter.clone(), from.clone(), output.clone());
            let problem = StackProblem::Output { parameter, from, output, known };
            return Err(StackError { stack: stack.key.clone(), problem });
        }
    }
    Ok(())
}

/// Every stack of the environment, in the order in which people read them.
fn drafts(environment: &Environment) -> Vec<Draft> {
    let mut drafts = Vec::new();
    drafts.push(foundation::draft(environment));
    drafts.extend(network::draft(environment));
    drafts.push(notifications::draft(environment));
    drafts.push(security::draft(environment));
    drafts.extend(load_balancer::draft(environment));
    drafts.extend(images::drafts(environment));
    for role in &environment.roles {
        drafts.extend(of_role(environment, role));
    }
    drafts.push(patching::draft(environment));
    let own: Vec<Draft> = own::drafts(environment, &drafts).collect();
    drafts.extend(own);
    let after =
        |draft: Draft| if draft.key == foundation::KEY { draft } else { draft.after(foundation::KEY) };
    drafts.into_iter().map(after).collect()
}

/// Traffic stands before the first image; slots, and what watches them, come with it.
fn of_role(environment: &Environment, role: &Role) -> Vec<Draft> {
    let mut drafts = vec![traffic::draft(environment, role)];
    if let Some(release) = &role.release {
        drafts.extend(Slot::ALL.map(|each| slot::draft(environment, role, each, release)));
        drafts.push(alarms::draft(environment, role));
        if guard::guards(environment, role) {
            drafts.push(guard::draft(environment, role));
        }
    }
    drafts
}

/// The same drafts, each after all it depends on; otherwise as they stood.
fn ordered(mut waiting: Vec<Draft>) -> Result<Vec<Draft>, StackError> {
    let mut ready: Vec<Draft> = Vec::new();
    while !waiting.is_empty() {
        let missing = |draft: &Draft, ready: &[Draft]| {
            draft.depends_on().into_iter().find(|key| !ready.iter().any(|stack| stack.key == *key))
        };
        let Some(next) = waiting.iter().position(|draft| missing(draft, &ready).is_none()) else {
            let blocked =
                waiting.first().and_then(|draft| Some((draft.key.clone(), missing(draft, &ready)?)));
            let (stack, on) = blocked.unwrap_or_default();
            return Err(StackError { stack, problem: StackProblem::Dependency(on) });
        };
        ready.push(waiting.remove(next));
    }
    Ok(ready)
}
