//! The new slot is watched from when traffic first moved until nothing can go back: its alarm's history, which tells also
//! of the time in which nobody looked, and its health.

use jiff::{SignedDuration, Timestamp};

use crate::cloud::{Cloud, CloudError};
use crate::model::{Period, Slot, Zone};
use crate::plan::RoleState;

use super::context::{Context, RunError};
use super::machine::Failure;

/// Health checks fail and come back, and a group replaces what it lost: so long must a slot be unwell. As long as the
/// standard alarm on healthy hosts takes.
const UNWELL: Period = Period::minutes(3);

/// How the slots are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Condition {
    /// As they should be.
    Well,
    /// Not well, but not for long enough to say so; what.
    Unwell(String),
    /// It must end.
    Failed(Failure),
}

/// A watch that is kept over many looks.
#[derive(Debug, Clone)]
pub(super) struct Vigil {
    slot: Option<Slot>,
    unwell: Option<Timestamp>,
}

impl Vigil {
    /// Over the slot that a rollout is on its way to; `None` watches nothing.
    pub(super) fn over(slot: Option<Slot>) -> Self {
        Self { slot, unwell: None }
    }

    /// It watches.
    pub(super) fn is_kept(&self) -> bool {
        self.slot.is_some()
    }

    /// A look. Nothing is watched before traffic has moved.
    ///
    /// # Errors
    /// When the alarm's history cannot be read.
    pub(super) async fn look(
        &mut self,
        context: &Context<'_>,
        state: &RoleState,
    ) -> Result<Condition, RunError> {
        let Some(slot) =
            self.slot.filter(|slot| state.record.in_progress() && state.record.to == Some(*slot))
        else {
            return Ok(Condition::Well);
        };
        if let Some(what) = spoke(context.cloud, context.prefix, state, slot, context.zone).await? {
            return Ok(Condition::Failed(Failure::Alarm(what)));
        }
        Ok(self.judge(state, slot, context.cloud.now()))
    }

    /// What health says, at that time.
    fn judge(&mut self, state: &RoleState, slot: Slot, now: Timestamp) -> Condition {
        let Some(unwell) = unwell(state, slot) else {
            self.unwell = None;
            return Condition::Well;
        };
        let since = *self.unwell.get_or_insert(now);
        let long = SignedDuration::try_from(UNWELL.as_duration()).unwrap_or_default();
        match (now.duration_since(since) >= long, unwell) {
            (false, Unwell::New(what) | Unwell::Old(what)) => Condition::Unwell(what),
            (true, Unwell::New(what)) => Condition::Failed(Failure::Health(format!("{what} for {UNWELL}"))),
            (true, Unwell::Old(what)) => Condition::Failed(Failure::Gate(format!("{what} for {UNWELL}"))),
        }
    }
}

/// What the alarm of the slot that a rollout is on its way to has said since traffic moved; `None` where it was silent.
///
/// # Errors
/// When its history cannot be read.
pub async fn spoke(
    cloud: &dyn Cloud,
    prefix: &str,
    state: &RoleState,
    slot: Slot,
    zone: &Zone,
) -> Result<Option<String>, CloudError> {
    let Some(since) = state.record.started.or(state.record.at).or(state.moved) else { return Ok(None) };
    let name = format!("{prefix}-{}-{slot}", state.role);
    let alarmed = cloud.alarmed_since(&name, since).await?;
    let told =
        |at| format!("alarm {name} was in ALARM at {}, since traffic moved", zone.told_to_the_second(at));
    Ok(alarmed.map(told))
}

enum Unwell {
    New(String),
    Old(String),
}

/// Fewer than half of the new slot's targets are healthy, or none of an old slot that still has users.
fn unwell(state: &RoleState, slot: Slot) -> Option<Unwell> {
    // In place instances come and go while they are replaced; their group sees to that.
    if state.record.in_place().is_some() {
        return None;
    }
    let (new, old) = (state.slot(slot), state.slot(slot.other()));
    let what =
        |slot: Slot, healthy: u32, of: u32| format!("{healthy} of {of} targets of {slot} were healthy");
    if new.healthy.saturating_mul(2) < new.desired.max(1) {
        return Some(Unwell::New(what(slot, new.healthy, new.desired)));
    }
    (old.weight > 0 && old.healthy == 0).then(|| Unwell::Old(what(slot.other(), 0, old.desired)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::{Record, SlotState};

    fn seen(new: (u32, u32), old: (u32, u32, u32)) -> RoleState {
        let record = Record {
            phase: "shift-50".to_owned(),
            from: Some(Slot::Blue),
            to: Some(Slot::Green),
            ..Record::default()
        };
        let slot = |weight, healthy, desired| SlotState { weight, healthy, desired, ..SlotState::default() };
        let (blue, green) = (slot(old.0, old.1, old.2), slot(100 - old.0, new.0, new.1));
        RoleState { record, blue, green, ..RoleState::absent("web") }
    }

    #[test]
    fn a_slot_must_be_unwell_for_a_while() {
        let cases = [
            ((4, 4), (50, 4, 4), "Well"),
            ((2, 4), (50, 4, 4), "Well"),
            ((1, 4), (50, 4, 4), r#"Failed(Health("1 of 4 targets of green were healthy for 3m"))"#),
            ((0, 0), (0, 4, 4), r#"Failed(Health("0 of 0 targets of green were healthy for 3m"))"#),
            ((4, 4), (50, 0, 4), r#"Failed(Gate("0 of 4 targets of blue were healthy for 3m"))"#),
            ((4, 4), (0, 0, 4), "Well"),
        ];
        for (new, old, expected) in cases {
            let (state, mut vigil) = (seen(new, old), Vigil::over(Some(Slot::Green)));
            let at = |seconds| Timestamp::UNIX_EPOCH + SignedDuration::from_secs(seconds);
            let first = vigil.judge(&state, Slot::Green, at(0));
            assert!(!matches!(first, Condition::Failed(_)), "{new:?} {old:?}");
            let later = vigil.judge(&state, Slot::Green, at(180));
            assert_eq!(format!("{later:?}"), expected, "{new:?} {old:?}");
        }
    }

    #[test]
    fn who_was_well_in_between_begins_anew() {
        let (bad, good) = (seen((0, 4), (50, 4, 4)), seen((4, 4), (50, 4, 4)));
        let mut vigil = Vigil::over(Some(Slot::Green));
        let at = |minutes| Timestamp::UNIX_EPOCH + SignedDuration::from_mins(minutes);
        for (minute, state) in [(0, &bad), (2, &good), (3, &bad), (5, &bad)] {
            assert!(!matches!(vigil.judge(state, Slot::Green, at(minute)), Condition::Failed(_)), "{minute}");
        }
        assert!(matches!(vigil.judge(&bad, Slot::Green, at(6)), Condition::Failed(_)));
    }
}
