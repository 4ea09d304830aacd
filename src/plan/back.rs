//! The way back, from deployed stacks alone: no spec, plan, approval or window is asked for.

use indexmap::IndexMap;

use crate::cfn::Stack;
use crate::model::{Period, Slot};
use crate::stacks::names;

use super::phase::{Gate, Move, Moved, Phase};
use super::{Record, RoleState, drain_time};

/// Name of the phase that gives the old slot everything.
pub const ROLLBACK: &str = "rollback";
/// Name of the phase that fills the old slot again first.
pub const REFILL: &str = "refill";

/// Name of the phase that launches the image before again, where a release replaced instances in place.
pub const RESTORE: &str = "restore";

/// Name of the phase that waits until a slot is healthy.
pub const VERIFY: &str = "verify";
/// Name of the phase that empties the slot that everything was taken from.
pub const CLEAN_UP: &str = "clean-up";

/// Why there is no way back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoWayBack {
    /// No release has been live.
    #[error("no release has been live yet, so there is nothing to go back to")]
    FirstRelease,
    /// The release replaced the instances of the live slot, and the record does not say what they ran before.
    #[error(
        "the release replaced the live slot's instances in place, and the record does not name the image before; \
         go back by releasing it"
    )]
    InPlace,
    /// The slot to go back to has no image.
    #[error("the other slot was never filled, so there is nothing to go back to")]
    NeverFilled,
}

/// What going back needs to know, all of it deployed.
#[derive(Debug, Clone, Copy)]
pub struct Deployed<'a> {
    /// The role as it is seen.
    pub state: &'a RoleState,
    /// Its traffic stack.
    pub traffic: &'a Stack,
    /// Seconds.
    pub deregistration_delay: u64,
}

/// The slot that a rollback gives everything: the live one while a candidate is only filled, where a running rollout
/// came from, or after a complete one the slot that it emptied.
///
/// # Errors
/// When there is no such slot.
pub fn destination(state: &RoleState) -> Result<Slot, NoWayBack> {
    let record = &state.record;
    if !state.drift.is_empty() && !record.in_progress() {
        // What was changed by hand is put right first; going back to an older release is another matter.
        return record.live().or_else(|| state.live()).ok_or(NoWayBack::FirstRelease);
    }
    // No traffic has moved: whoever has everything keeps it.
    if state.candidate_is_filling() || record.is_preparing() || record.phase == Record::EMPTIED {
        return state.live().ok_or(NoWayBack::FirstRelease);
    }
    match record.from {
        _ if record.is_before_first() => Err(NoWayBack::FirstRelease),
        Some(from) if record.in_place().is_some() => match record.before {
            Some(_) => Ok(from),
            None => Err(NoWayBack::InPlace),
        },
        Some(from) if state.slot(from).image.is_some() => Ok(from),
        Some(_) => Err(NoWayBack::NeverFilled),
        None => Err(NoWayBack::FirstRelease),
    }
}

/// The phases that give everything back, in order.
pub fn back(deployed: Deployed<'_>, role: &str) -> Result<Vec<Phase>, NoWayBack> {
    let Deployed { state, traffic, deregistration_delay } = deployed;
    let to = destination(state)?;
    // Rules that are as their stack says are moved by it.
    let drifted = state.drift.len() > usize::from(state.misplaced);
    let mut phases = Vec::new();
    if let Some(image) = replaced(state) {
        if state.slot(to).image.as_deref() != Some(image) || state.record.in_progress() {
            phases.push(restore(state, role, to, image));
        }
        phases.push(give_back(traffic, role, to, drifted));
        return Ok(phases);
    }
    match capacity(state, to) {
        Capacity::Whole => {}
        Capacity::Some => phases.extend(refill(state, role, to).into_iter().take(1)),
        Capacity::Short => phases.extend(refill(state, role, to)),
    }
    phases.push(give_back(traffic, role, to, drifted));
    let least = state.carried().max(1);
    phases.push(clean_up(role, to.other(), least, deregistration_delay, state.record.kept));
    Ok(phases)
}

/// The AMI that going back launches again in the slot that users are on: a release in place took its place. `None`
/// where the other slot is what there is to go back to, or where only rules that were changed by hand are put right.
pub fn replaced(state: &RoleState) -> Option<&str> {
    let record = &state.record;
    record.in_place().filter(|_| state.drift.is_empty() || record.in_progress())?;
    record.before.as_deref()
}

/// The same way that the release came: by the group's instance refresh, without triggers. The record says first that
/// the role goes back, so that whoever runs next goes on with that.
fn restore(state: &RoleState, role: &str, slot: Slot, image: &str) -> Phase {
    let of = |stack: String, name: &str, value: Moved| Move {
        stack,
        parameters: IndexMap::from([(name.to_owned(), value)]),
        bake: None,
    };
    let own = || format!("{role}-{slot}");
    Phase {
        name: RESTORE.to_owned(),
        title: format!("replace {slot}'s instances by those of the image before"),
        gates: Vec::new(),
        moves: vec![
            of(format!("{role}-traffic"), names::ROLLOUT_RECORD, Moved::Record),
            of(own(), names::UPDATE_MODE, Moved::To("refresh".to_owned())),
            of(own(), names::IMAGE_ID, Moved::To(image.to_owned())),
        ],
        ready: Vec::new(),
        proofs: vec![Gate::Healthy { slot, least: state.slot(slot).min.max(1), match_live: true }],
        back: "nothing: this is the way back".to_owned(),
    }
}

/// How much of what the other slot carries now the slot can take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Capacity {
    /// As many healthy targets as carry everyone.
    Whole,
    /// In a rollout that runs: more than half as many, or no fewer than everyone has where they are. Its group replaces the
    /// rest, and users do not wait for that on what is being taken back.
    Some,
    /// It must be filled first.
    Short,
}

/// Everything can go back to the slot by one change set, without waiting for instances.
pub fn takes_at_once(state: &RoleState, to: Slot) -> bool {
    capacity(state, to) != Capacity::Short
}

/// A rollout runs, so the slot it came from has been kept at its size.
fn rolls(state: &RoleState) -> bool {
    state.record.in_progress() && state.record.phase != Record::ROLLING_BACK
}

fn capacity(state: &RoleState, to: Slot) -> Capacity {
    let wanted = if state.slot(to).weight == 100 { 0 } else { state.carried().max(1) };
    let other = state.slot(to.other());
    let no_worse = |healthy: u32| other.weight == 100 && healthy > 0 && healthy >= other.healthy;
    match state.slot(to).healthy {
        healthy if healthy >= wanted => Capacity::Whole,
        healthy if rolls(state) && no_worse(healthy) => Capacity::Some,
        healthy if rolls(state) && healthy.saturating_mul(2) > wanted => Capacity::Some,
        _ => Capacity::Short,
    }
}

fn refill(state: &RoleState, role: &str, to: Slot) -> [Phase; 2] {
    let carrying = state.carried().max(1);
    let sizes = [
        (names::MIN_SIZE, Moved::LiveSize { least: carrying }),
        (names::MAX_SIZE, Moved::LiveSize { least: state.slot(to.other()).max.max(carrying) }),
    ];
    let parameters = sizes.map(|(name, value)| (name.to_owned(), value));
    let refill = Move { stack: format!("{role}-{to}"), parameters: IndexMap::from(parameters), bake: None };
    // Said first: a filled slot without weight would else look like a candidate, and a rollback that is run again
    // would go the wrong way.
    let record = Move {
        stack: format!("{role}-traffic"),
        parameters: IndexMap::from([(names::ROLLOUT_RECORD.to_owned(), Moved::Record)]),
        bake: None,
    };
    let moves = if rolls(state) { vec![refill] } else { vec![record, refill] };
    let back = "nothing has moved yet".to_owned();
    let phase = |name: &str, title: String, moves, proofs| Phase {
        name: name.to_owned(),
        title,
        gates: Vec::new(),
        moves,
        ready: Vec::new(),
        proofs,
        back: back.clone(),
    };
    [
        phase(REFILL, format!("fill {to} again with its own image"), moves, Vec::new()),
        phase(
            VERIFY,
            format!("every target of {to} is healthy"),
            Vec::new(),
            vec![Gate::Healthy { slot: to, least: carrying, match_live: false }],
        ),
    ]
}

/// One change set: all weights, everyone's and every cohort's, stickiness off, the record. No triggers. CloudFormation
/// leaves a rule alone whose weights the stack already has as wanted, whatever somebody made of the rule since: where
/// rules were changed by hand, weights of the same meaning come before, so that it writes every one of them.
fn give_back(traffic: &Stack, role: &str, to: Slot, drifted: bool) -> Phase {
    let stack = format!("{role}-traffic");
    let mut moves = Vec::new();
    if drifted {
        let weights = everyone_to(traffic, &stack, to, "1").parameters.into_iter();
        let is_weight = |name: &str| name != names::STICKINESS_SECONDS && name != names::ROLLOUT_RECORD;
        let parameters = weights.filter(|(name, _)| is_weight(name)).collect();
        moves.push(Move { stack: stack.clone(), parameters, bake: None });
    }
    moves.push(everyone_to(traffic, &stack, to, "100"));
    let (blue, green) = if to == Slot::Blue { (100, 0) } else { (0, 100) };
    Phase {
        name: ROLLBACK.to_owned(),
        title: format!("everyone back to {to}"),
        gates: Vec::new(),
        moves,
        ready: Vec::new(),
        proofs: vec![Gate::Weights { blue, green }],
        back: "nothing: this is the way back".to_owned(),
    }
}

/// All weights, everyone's and every cohort's, stickiness off, the record.
pub(super) fn everyone_to(traffic: &Stack, stack: &str, to: Slot, whole: &str) -> Move {
    let slot_of = |name: &str| Slot::ALL.into_iter().find(|slot| name.ends_with(&names::weight(*slot)));
    let named = traffic.parameters.keys().filter_map(|name| Some((name.clone(), slot_of(name)?)));
    let share = |slot: Slot| if slot == to { whole } else { "0" };
    let mut parameters: IndexMap<String, Moved> =
        named.map(|(name, slot)| (name, Moved::To(share(slot).to_owned()))).collect();
    parameters.insert(names::STICKINESS_SECONDS.to_owned(), Moved::To("0".to_owned()));
    parameters.insert(names::ROLLOUT_RECORD.to_owned(), Moved::Record);
    Move { stack: stack.to_owned(), parameters, bake: None }
}

/// A record that says that the slot is kept says so no longer.
/// Nothing is taken from it before the slot that everyone went to can carry them.
fn clean_up(role: &str, slot: Slot, least: u32, deregistration_delay: u64, kept: bool) -> Phase {
    let empty = [names::MIN_SIZE, names::MAX_SIZE].map(|name| (name.to_owned(), Moved::To("0".to_owned())));
    let time: Period = drain_time(deregistration_delay);
    let empty = Move { stack: format!("{role}-{slot}"), parameters: IndexMap::from(empty), bake: None };
    let record = kept.then(|| Move {
        stack: format!("{role}-traffic"),
        parameters: IndexMap::from([(names::ROLLOUT_RECORD.to_owned(), Moved::Record)]),
        bake: None,
    });
    Phase {
        name: CLEAN_UP.to_owned(),
        title: format!("empty {slot}"),
        gates: vec![
            Gate::Drained { slot, time },
            Gate::Healthy { slot: slot.other(), least, match_live: false },
        ],
        moves: std::iter::once(empty).chain(record).collect(),
        ready: Vec::new(),
        proofs: Vec::new(),
        back: "the next rollout fills it again".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::SlotState;

    #[test]
    fn a_slot_that_lacks_an_instance_takes_everything_back_at_once() {
        let state = |phase: &str, weight: u32, healthy: u32| RoleState {
            record: Record {
                phase: phase.to_owned(),
                from: Some(Slot::Blue),
                to: Some(Slot::Green),
                ..Record::default()
            },
            blue: SlotState { weight, healthy, ..SlotState::default() },
            green: SlotState { weight: 100 - weight, desired: 4, ..SlotState::default() },
            ..RoleState::absent("web")
        };
        let cases = [
            ("shift-10", 90, 4, Capacity::Whole),
            ("shift-10", 90, 3, Capacity::Some),
            ("shift-10", 90, 1, Capacity::Short),
            ("route-pilot", 100, 0, Capacity::Whole),
            ("complete", 0, 3, Capacity::Short),
            ("rolling-back", 0, 3, Capacity::Short),
        ];
        for (phase, weight, healthy, expected) in cases {
            assert_eq!(capacity(&state(phase, weight, healthy), Slot::Blue), expected, "{phase} {healthy}");
        }
    }

    /// A zone that is down takes from both.
    #[test]
    fn a_slot_that_is_no_worse_than_where_everyone_is_takes_them_at_once() {
        let cases = [
            ("shift-100", 0, [1, 1], Capacity::Some),
            ("shift-100", 0, [1, 2], Capacity::Short),
            ("shift-100", 0, [0, 0], Capacity::Short),
            // half of the users have another's instances as well
            ("shift-50", 50, [1, 1], Capacity::Short),
            ("complete", 0, [1, 1], Capacity::Short),
        ];
        for (phase, weight, [blue, green], expected) in cases {
            let record = Record {
                phase: phase.to_owned(),
                from: Some(Slot::Blue),
                to: Some(Slot::Green),
                ..Record::default()
            };
            let state = RoleState {
                record,
                blue: SlotState { weight, healthy: blue, ..SlotState::default() },
                green: SlotState { weight: 100 - weight, healthy: green, desired: 4, ..SlotState::default() },
                ..RoleState::absent("web")
            };
            assert_eq!(capacity(&state, Slot::Blue), expected, "{phase} {blue} {green}");
        }
    }
}
