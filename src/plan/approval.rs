//! When a person's approval is due, and what becomes of a rollout that nobody approves in time.

use jiff::{SignedDuration, Timestamp};

use crate::model::Period;

use super::RoleState;
use super::phase::{Gate, Missed};

/// Until when a person may approve; `None` where there is no end, or this rollout has not come there yet. It counts from when
/// the rollout came to the gate, which its record tells; the record of one that is over tells nothing of the next.
pub fn due(state: &RoleState, within: Option<Period>) -> Option<Timestamp> {
    let begun = state.record.in_progress() || state.record.is_preparing();
    let at = state.record.at.filter(|_| begun)?;
    let seconds = i64::try_from(within?.as_seconds()).unwrap_or(i64::MAX);
    Some(at.checked_add(SignedDuration::from_secs(seconds)).unwrap_or(Timestamp::MAX))
}

/// When an approval was due whose time is over, and that is asked for again; `None` where it is not, or everything goes back.
pub fn asked_again(state: &RoleState, gates: &[Gate], now: Timestamp) -> Option<Timestamp> {
    gates.iter().find_map(|gate| match gate {
        Gate::Approval { within, missed: Missed::AsksAgain } => due(state, *within).filter(|due| now > *due),
        _ => None,
    })
}

/// When an approval was due whose time is over, so that everything goes back; `None` where it is not, or is asked for again.
pub fn missed(state: &RoleState, gates: &[Gate], now: Timestamp) -> Option<Timestamp> {
    gates.iter().find_map(|gate| match gate {
        Gate::Approval { within, missed: Missed::GoesBack } => due(state, *within).filter(|due| now > *due),
        _ => None,
    })
}
