//! The way forward from deployed stacks alone: everyone to the slot that a rollout is on its way to, for when the old slot
//! cannot carry them. The mirror of the way back.

use crate::cfn::Stack;
use crate::model::Slot;

use super::RoleState;
use super::back::everyone_to;
use super::phase::{Gate, Phase};

/// Why there is no way forward.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoWayForward {
    /// Nothing is on its way.
    #[error("no rollout is on its way to another slot, so there is nothing to go forward to")]
    NoRollout,
}

/// The slot that a rollout is on its way to, and the phase that gives it everything.
///
/// # Errors
/// When no rollout is on its way to another slot.
pub fn forward(state: &RoleState, traffic: &Stack) -> Result<(Slot, Phase), NoWayForward> {
    let record = &state.record;
    let on_its_way = record.in_progress() && record.in_place().is_none();
    let to = record.to.filter(|_| on_its_way).ok_or(NoWayForward::NoRollout)?;
    let (blue, green) = if to == Slot::Blue { (100, 0) } else { (0, 100) };
    let phase = Phase {
        name: "shift-100".to_owned(),
        title: format!("everyone to {to}, since {} cannot carry them", to.other()),
        gates: Vec::new(),
        moves: vec![everyone_to(traffic, &format!("{}-traffic", state.role), to, "100")],
        ready: Vec::new(),
        proofs: vec![Gate::Weights { blue, green }],
        back: format!("`asagi rollback`, once {} can carry everyone", to.other()),
    };
    Ok((to, phase))
}
