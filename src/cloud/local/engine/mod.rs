//! CloudFormation as a discrete-event machine: calls change documents at the present virtual time, and moving the clock
//! lets operations, alarms, instances and image builds go on in the order of time.

mod capabilities;
mod change_set;
mod changes;
mod checks;
mod decide;
mod desired;
mod drift;
mod events;
mod lookups;
mod operation;
mod parameters;
mod phases;
mod record;
mod refusal;
mod removal;
mod stack_calls;
mod stage;
mod tasks;
mod value;

use std::collections::BTreeMap;

use jiff::Timestamp;

pub(crate) use change_set::{create_change_set, delete_change_set, describe_change_set, execute_change_set};
pub(crate) use desired::Templates;
pub(crate) use record::StackRecord;
pub(crate) use stack_calls::{
    cancel_update_stack, continue_update_rollback, delete_stack, update_termination_protection,
};

use self::stage::{Neighbours, Stage};
use super::state::State;

/// So many steps at one instant are never needed; a document edited by hand could ask for them.
const MOST_STEPS: usize = 10_000;

/// Moves the clock to that time, through everything that happens before it.
pub(crate) fn advance(state: &mut State, until: Timestamp) {
    settle(state);
    while let Some(due) = next_due(state).filter(|due| *due <= until) {
        state.world.now = due;
        settle(state);
    }
    state.world.now = state.world.now.max(until);
    state.world.settle();
}

/// Does everything that is to be done at the present time.
pub(crate) fn settle(state: &mut State) {
    state.world.settle();
    for _ in 0..MOST_STEPS {
        let is_due = |record: &StackRecord| phases::is_due(&state.world, record);
        let due = state.stacks().find(|(_, record)| is_due(record)).map(|(document, _)| document.clone());
        let Some(document) = due else { return };
        let exports = exports(state);
        let id = state.record(&document).map(|record| record.id.clone()).unwrap_or_default();
        let neighbours = Neighbours::of(state, &id);
        let Some(mut record) = state.take(&document) else { return };
        let others = exports.into_iter().filter(|(_, (stack, _))| *stack != record.id);
        let exports = others.map(|(name, (_, value))| (name, value)).collect();
        let mut stage = Stage { world: &mut state.world, templates: &state.templates, exports, neighbours };
        phases::step(&mut stage, &mut record);
        state.put(record);
        state.world.settle();
    }
}

/// Export name to the exporting stack's id and the value; every output too, by its own name.
fn exports(state: &State) -> BTreeMap<String, (String, String)> {
    let all = state.stacks().flat_map(|(_, record)| {
        let outputs = record.deployed.outputs.iter();
        let outputs = outputs.map(|(name, value)| (output_name(&record.name, name), value));
        let exports = record.deployed.exports.iter().map(|(name, value)| (name.clone(), value));
        outputs.chain(exports).map(|(name, value)| (name, (record.id.clone(), value.clone())))
    });
    all.collect()
}

/// An output's name among exports, none of which has a point.
fn output_name(stack: &str, output: &str) -> String {
    format!("{stack}.{output}")
}

fn next_due(state: &State) -> Option<Timestamp> {
    let running = state.stacks().filter_map(|(_, record)| record.operation.as_ref());
    let halted = running.filter(|operation| !operation.halted);
    let due = halted.filter_map(operation::Operation::next_due).filter(|due| *due > state.world.now);
    due.chain(state.world.next_due()).min()
}
