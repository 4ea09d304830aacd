//! What is left alone while a role's users are on two slots.
//!
//! A bake compares two slots, and taking it back has to lead to what was there before: both only mean something while
//! nothing but the weights moves. So every stack that a split role stands on — its own four, and all that they take
//! values from — waits until the role is on one slot again, and so does what needs a stack that waits. What is beside
//! them (images, patching, other roles) is applied at once. Waiting is better than refusing: the rollout itself, whose
//! next phase the same plan holds, never has to wait for an edit to be undone.

use std::collections::BTreeMap;

use indexmap::IndexMap;

use crate::model::{Environment, Role, Slot};
use crate::stacks::StackGraph;

use super::{RoleState, StackDeferral};

/// Users are on two slots: everyone's weights are shared, or a cohort is on the candidate.
fn is_split(state: &RoleState) -> bool {
    let shared = state.blue.weight > 0 && state.green.weight > 0;
    let arrived = state.record.to.is_some_and(|to| state.slot(to).weight == 100);
    state.record.in_progress() && (shared || !arrived)
}

/// Keys of the stacks that a split role stands on, each with that role's name.
fn standing<'a>(
    environment: &'a Environment,
    graph: &StackGraph,
    roles: &IndexMap<String, RoleState>,
) -> BTreeMap<String, &'a str> {
    let split = environment.roles.iter().filter(|role| roles.get(&role.name).is_some_and(is_split));
    let mut found = BTreeMap::new();
    for role in split {
        let mut open = own(role);
        while let Some(key) = open.pop() {
            let below = graph.stacks.get(&key).map(|stack| stack.depends_on.clone()).unwrap_or_default();
            if found.insert(key, role.name.as_str()).is_none() {
                open.extend(below);
            }
        }
    }
    found
}

fn own(role: &Role) -> Vec<String> {
    let slots = Slot::ALL.map(|slot| role.slot_stack(slot));
    [role.traffic_stack(), role.alarms_stack()].into_iter().chain(slots).collect()
}

/// Stacks that would change and wait, in the order of the graph.
pub(super) fn waiting(
    environment: &Environment,
    graph: &StackGraph,
    roles: &IndexMap<String, RoleState>,
    changes: impl Fn(&str) -> bool,
) -> Vec<StackDeferral> {
    let standing = standing(environment, graph, roles);
    let mut waiting: Vec<StackDeferral> = Vec::new();
    // A level depends only on those before it.
    for stack in graph.levels().into_iter().flatten().filter(|stack| changes(&stack.key)) {
        let below = waiting.iter().find(|it| stack.depends_on.contains(&it.stack));
        let until = match (standing.get(&stack.key), below) {
            (Some(role), _) => format!("everyone is on one slot of {role}"),
            (None, Some(below)) => below.until.clone(),
            (None, None) => continue,
        };
        waiting.push(StackDeferral { stack: stack.key.clone(), until });
    }
    waiting
}
