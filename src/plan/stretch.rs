//! How long it takes from a phase to the next place where a rollout can stand: what a maintenance window must have left
//! before that phase starts.

use crate::model::{Period, Role, Slot};

use super::least_time::least_time;
use super::phase::{Gate, Phase};
use super::phases::{Route, phases};
use super::promise::{BackFacts, refresh_time};

/// A change set of weights, with its proof (requirement 1, section 3.1: three minutes), going back among them.
pub(super) const CHANGE: Period = Period::minutes(3);
/// Until a slot that is filled is in service: two to three minutes to start, up to one to register (requirements, section
/// 5.1), and as much again.
const FILL: Period = Period::minutes(6);

/// What a phase must have left of the window to start: the time to where the rollout can stand. Within a stretch that has
/// begun it is the phase's own, since to go on is better than to stand there.
pub(super) fn phase_needs(role: &Role, phases: &[Phase], index: usize) -> Period {
    let end = if is_safe(phases, index) { end_of_stretch(phases, index) } else { index + 1 };
    needs(role, phases, index, end)
}

/// What a run that begins with that phase must have left of the window: what prepares the first move of traffic, and all to
/// where the rollout can stand after it. Where only one phase is to run, its own stretch.
pub fn run_needs(role: &Role, phases: &[Phase], start: usize, next_only: bool) -> Period {
    let stands_before = |index: &usize| phases.get(*index).is_some_and(|it| it.gates.iter().any(stands));
    let end = match phases.iter().position(Phase::moves_traffic) {
        Some(traffic) if start < traffic && !next_only => {
            (start + 1..=traffic).find(stands_before).unwrap_or_else(|| end_of_stretch(phases, traffic))
        }
        _ => end_of_stretch(phases, start),
    };
    needs(role, phases, start, end)
}

/// The longest stretch of a role's own strategy, and the phase that it begins with; `None` where it has no phase.
pub fn longest_stretch(role: &Role) -> Option<(Period, String)> {
    let to = if role.rollout.strategy.is_in_place() { Slot::Blue } else { Slot::Green };
    let phases = phases(role, &Route { from: Some(Slot::Blue), to, image: String::new(), guarded: false });
    let each = (0..phases.len()).filter(|index| is_safe(&phases, *index));
    let named = each
        .filter_map(|index| Some((run_needs(role, &phases, index, false), phases.get(index)?.name.clone())));
    named.max_by_key(|(needs, _)| *needs)
}

fn needs(role: &Role, phases: &[Phase], start: usize, end: usize) -> Period {
    let stretch = phases.get(start..end).unwrap_or_default();
    let changes = stretch.iter().map(|phase| own(role, phase)).fold(CHANGE, Period::plus);
    // A wait that stands before the first of them is over by then.
    let mut watched = stretch.to_vec();
    if let Some(first) = watched.first_mut() {
        first.gates.retain(|gate| matches!(gate, Gate::Drained { .. }));
    }
    changes.plus(least_time(&watched, None))
}

/// What a phase takes besides what it watches.
fn own(role: &Role, phase: &Phase) -> Period {
    match phase.name.as_str() {
        "provision" => CHANGE.plus(FILL),
        "refresh" => {
            let check = &role.target_group.health_check;
            let facts = BackFacts {
                healthy_after: Period::seconds(u64::from(check.interval) * u64::from(check.healthy)),
                checkpoints: role.rollout.strategy.checkpoints(),
            };
            CHANGE.plus(refresh_time(role.instances.capacity.max, &facts))
        }
        _ => CHANGE,
    }
}

/// Index of the first phase after that one before which the rollout can stand.
fn end_of_stretch(phases: &[Phase], start: usize) -> usize {
    (start + 1..phases.len()).find(|index| is_safe(phases, *index)).unwrap_or(phases.len())
}

/// A rollout can stand before that phase: no traffic has moved, everyone has arrived, or the spec says that it waits there.
fn is_safe(phases: &[Phase], index: usize) -> bool {
    let (done, left) = phases.split_at(index.min(phases.len()));
    let moves = |phases: &[Phase]| phases.iter().any(Phase::moves_traffic);
    !moves(done) || !moves(left) || left.first().is_some_and(|phase| phase.gates.iter().any(stands))
}

/// A wait that is meant to be longer than a window.
fn stands(gate: &Gate) -> bool {
    match gate {
        Gate::Baked { watched, .. } => !watched,
        Gate::Held { .. } | Gate::Approval { .. } => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Bake, Step, Strategy, example};

    fn told(steps: &[Step]) -> String {
        let mut role = example::poc().roles.remove(0);
        role.rollout.strategy = Strategy { name: "test".to_owned(), steps: steps.to_vec() };
        let to = if role.rollout.strategy.is_in_place() { Slot::Blue } else { Slot::Green };
        let phases =
            phases(&role, &Route { from: Some(Slot::Blue), to, image: String::new(), guarded: false });
        let line = |(index, phase): (usize, &Phase)| {
            let (all, next) =
                (run_needs(&role, &phases, index, false), run_needs(&role, &phases, index, true));
            format!(
                "{:<12} {:>7} begun there {all}, one phase {next}",
                phase.name,
                phase_needs(&role, &phases, index).to_string()
            )
        };
        let lines: Vec<String> = phases.iter().enumerate().map(line).collect();
        lines.join("\n")
    }

    fn bake(minutes: u64) -> Step {
        Step::Bake(Bake { time: Period::minutes(minutes), criteria: Vec::new() })
    }

    fn shift(percent: u32) -> Step {
        Step::Shift { percent, sticky: None }
    }

    #[test]
    fn a_rollout_counts_to_where_it_can_stand() {
        let hold = Step::Hold(Period::hours(24));
        let blue_green = [
            Step::Provision,
            Step::Verify,
            shift(10),
            bake(15),
            shift(50),
            bake(15),
            shift(100),
            bake(30),
            hold.clone(),
            Step::Retire,
        ];
        insta::assert_snapshot!(told(&blue_green), @r"
        provision        12m begun there 1h24m, one phase 12m
        verify            6m begun there 1h15m, one phase 6m
        shift-10       1h12m begun there 1h12m, one phase 1h12m
        shift-50         21m begun there 54m, one phase 54m
        shift-100        36m begun there 36m, one phase 36m
        hold              6m begun there 6m, one phase 6m
        retire            6m begun there 6m, one phase 6m
        ");
        // A wait of hours or for a person is where the spec says that it stands.
        let route = Step::Route { cohort: "pilot".to_owned() };
        let approval = Step::Approval { within: Period::hours(72) };
        let days = [
            Step::Provision,
            Step::Verify,
            approval.clone(),
            route,
            bake(24 * 60),
            shift(50),
            bake(60),
            approval,
            shift(100),
            bake(30),
            hold,
            Step::Retire,
        ];
        insta::assert_snapshot!(told(&days), @r"
        provision        12m begun there 15m, one phase 12m
        verify            6m begun there 6m, one phase 6m
        route-pilot       6m begun there 6m, one phase 6m
        shift-50        1h6m begun there 1h6m, one phase 1h6m
        shift-100        36m begun there 36m, one phase 36m
        hold              6m begun there 6m, one phase 6m
        retire            6m begun there 6m, one phase 6m
        ");
        let rolling = [Step::Refresh { checkpoints: vec![50, 100], delay: Period::minutes(5) }];
        insta::assert_snapshot!(told(&rolling), @r"
        refresh          18m begun there 18m, one phase 18m
        finish            6m begun there 6m, one phase 6m
        ");
    }
}
