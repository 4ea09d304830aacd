//! How long the way back takes, from what is deployed. `plan`, `status` and a rollout promise the same.

use crate::model::{Period, Slot};

use super::RoleState;
use super::back::{NoWayBack, destination, replaced, takes_at_once};

/// A change set of weights alone, with its proof; the requirement allows three minutes.
const WEIGHTS: Period = Period::minutes(2);
/// From launch to service, at most (requirements, section 5.1: two to three minutes to start).
const LAUNCH: Period = Period::minutes(3);

/// What the time depends on beside sizes and health, all of it deployed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BackFacts {
    /// From registration to healthy: the health check's interval times its threshold.
    pub healthy_after: Period,
    /// Checkpoints of the slot's instance refresh in percent, and the time between them; empty where it has none.
    pub checkpoints: (Vec<u32>, Period),
}

impl Default for BackFacts {
    /// Elastic Load Balancing's own: five checks, thirty seconds apart.
    fn default() -> Self {
        Self { healthy_after: Period::seconds(150), checkpoints: (Vec::new(), Period::ZERO) }
    }
}

/// How everything goes back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// The slot has everything already.
    There,
    /// By one change set of weights.
    AtOnce,
    /// The slot is filled first: so many of so many are healthy.
    Filled {
        /// Healthy now.
        healthy: u32,
        /// What everyone needs.
        wanted: u32,
    },
    /// The slot's instances are replaced by those of the image before, so many.
    InPlace {
        /// How many.
        instances: u32,
    },
}

/// A way back and about how long it takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Promise {
    /// The slot that gets everything.
    pub to: Slot,
    /// How.
    pub way: Way,
    /// About how long until everyone is there; emptying the other slot comes after.
    pub time: Period,
}

/// What can be promised of a rollback now.
///
/// # Errors
/// When there is no way back.
pub fn promise(state: &RoleState, facts: &BackFacts) -> Result<Promise, NoWayBack> {
    let to = destination(state)?;
    let way = way(state, to);
    let time = match way {
        Way::There => Period::ZERO,
        Way::AtOnce => WEIGHTS,
        Way::Filled { .. } => WEIGHTS.plus(LAUNCH).plus(facts.healthy_after),
        Way::InPlace { instances } => WEIGHTS.plus(refresh_time(instances, facts)),
    };
    Ok(Promise { to, way, time })
}

fn way(state: &RoleState, to: Slot) -> Way {
    let slot = state.slot(to);
    if let Some(image) = replaced(state) {
        let done = slot.image.as_deref() == Some(image) && !state.record.in_progress();
        return if done { Way::There } else { Way::InPlace { instances: slot.desired.max(1) } };
    }
    let filled = state.candidate_is_filling() && !state.record.kept;
    let moved = state.record.in_progress() || filled || !state.drift.is_empty();
    if slot.weight == 100 && !moved {
        Way::There
    } else if takes_at_once(state, to) {
        Way::AtOnce
    } else {
        Way::Filled { healthy: slot.healthy, wanted: state.carried().max(1) }
    }
}

/// An instance refresh: every checkpoint that brings instances launches them and waits for their health, and there is a
/// delay after every checkpoint but the last.
pub fn refresh_time(instances: u32, facts: &BackFacts) -> Period {
    let (checkpoints, delay) = &facts.checkpoints;
    let mut checkpoints = checkpoints.clone();
    if checkpoints.last() != Some(&100) {
        checkpoints.push(100);
    }
    let (mut time, mut done) = (Period::ZERO, 0);
    for (index, percent) in checkpoints.iter().enumerate() {
        let until = instances.saturating_mul(*percent) / 100;
        if until > done {
            time = time.plus(LAUNCH).plus(facts.healthy_after);
        }
        if index + 1 < checkpoints.len() {
            time = time.plus(*delay);
        }
        done = done.max(until);
    }
    time
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::{Record, SlotState};

    fn told(record: Record, blue: (u32, u32, u32), green: (u32, u32, u32)) -> String {
        let slot = |(weight, healthy, desired): (u32, u32, u32)| SlotState {
            deployed: true,
            image: Some("ami-2".to_owned()),
            weight,
            healthy,
            desired,
            ..SlotState::default()
        };
        let state = RoleState { record, blue: slot(blue), green: slot(green), ..RoleState::absent("web") };
        let facts = BackFacts {
            healthy_after: Period::seconds(20),
            checkpoints: (vec![25, 50, 75, 100], Period::minutes(5)),
        };
        match promise(&state, &facts) {
            Ok(Promise { to, way, time }) => format!("{to} {way:?} {time}"),
            Err(why) => why.to_string(),
        }
    }

    #[test]
    fn what_is_promised_follows_from_what_is_there() {
        let record = |phase: &str, from, to| Record {
            phase: phase.to_owned(),
            from: Some(from),
            to: Some(to),
            before: (from == to).then(|| "ami-1".to_owned()),
            ..Record::default()
        };
        let green = |phase: &str| record(phase, Slot::Blue, Slot::Green);
        let cases = [
            told(green("shift-50"), (50, 4, 4), (50, 4, 4)),
            told(green("shift-100"), (0, 4, 4), (100, 4, 4)),
            // Green has grown to eight, and four cannot take what eight carry.
            told(green("shift-100"), (0, 4, 4), (100, 8, 8)),
            told(green("complete"), (0, 0, 0), (100, 4, 4)),
            told(green("rolled-back"), (100, 4, 4), (0, 0, 0)),
            told(record("refresh", Slot::Blue, Slot::Blue), (100, 4, 4), (0, 0, 0)),
            told(record("complete", Slot::Blue, Slot::Blue), (100, 2, 2), (0, 0, 0)),
        ];
        insta::assert_snapshot!(cases.join("\n"), @r"
        blue AtOnce 2m
        blue AtOnce 2m
        blue Filled { healthy: 4, wanted: 8 } 5m20s
        blue Filled { healthy: 0, wanted: 4 } 5m20s
        blue There 0s
        blue InPlace { instances: 4 } 30m20s
        blue InPlace { instances: 2 } 23m40s
        ");
    }
}
