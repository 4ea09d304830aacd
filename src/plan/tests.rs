//! Strategies beside the phases they become.

use std::fmt::Write as _;

use super::*;
use crate::model::{Bake, Criterion, Period, Role, Slot, Step, Strategy, example};

fn role(steps: Vec<Step>) -> Role {
    let mut role = example::poc().roles.remove(0);
    role.rollout.strategy = Strategy { name: "test".to_owned(), steps };
    role
}

fn shift(percent: u32) -> Step {
    Step::Shift { percent, sticky: None }
}

fn bake(time: Period) -> Step {
    Step::Bake(Bake { time, criteria: vec![Criterion::ErrorRate] })
}

/// Phase by phase: gates, moves, bakes, proofs, each on a line.
fn shown(phases: &[Phase]) -> String {
    let mut text = String::new();
    for phase in phases {
        let _ = writeln!(text, "{}: {}", phase.name, phase.title);
        for gate in &phase.gates {
            let _ = writeln!(text, "  gate  {gate:?}");
        }
        for gate in &phase.ready {
            let _ = writeln!(text, "  ready {gate:?}");
        }
        for step in &phase.moves {
            let values: Vec<String> =
                step.parameters.iter().map(|(name, to)| format!("{name}={to:?}")).collect();
            let bake = step.bake.as_ref().map(|bake| format!("  bake {}", bake.time)).unwrap_or_default();
            let _ = writeln!(text, "  move  {} {}{bake}", step.stack, values.join(" "));
        }
        for proof in &phase.proofs {
            let _ = writeln!(text, "  proof {proof:?}");
        }
    }
    text
}

fn to_green(role: &Role) -> Vec<Phase> {
    phases(
        role,
        &Route { from: Some(Slot::Blue), to: Slot::Green, image: "ami-2".to_owned(), guarded: false },
    )
}

#[test]
fn a_short_bake_is_watched_by_cloudformation() {
    let role = role(vec![Step::Provision, Step::Verify, shift(10), bake(Period::minutes(15)), shift(100)]);
    insta::assert_snapshot!("blue_green", shown(&to_green(&role)));
}

#[test]
fn a_long_bake_and_an_approval_are_gates_of_the_next_phase() {
    let steps = vec![
        Step::Route { cohort: "pilot".to_owned() },
        bake(Period::hours(48)),
        Step::Approval { within: Period::hours(72) },
        Step::Shift { percent: 50, sticky: Some(Period::hours(1)) },
        shift(100),
        Step::Hold(Period::hours(24)),
        Step::Retire,
    ];
    insta::assert_snapshot!("hybrid_canary", shown(&to_green(&role(steps))));
}

#[test]
fn the_first_release_fills_blue_and_opens() {
    let role = role(vec![Step::Provision, shift(100)]);
    let first =
        phases(&role, &Route { from: None, to: Slot::Blue, image: "ami-1".to_owned(), guarded: false });
    insta::assert_snapshot!("first_release", shown(&first));
}

fn seen(record: &str, blue: (u32, u32), green: (u32, u32)) -> RoleState {
    let slot = |(weight, desired): (u32, u32)| SlotState {
        deployed: true,
        weight,
        image: Some("ami-1".to_owned()),
        min: desired,
        max: 4,
        desired,
        healthy: desired,
        shifted: 0,
        refilled: false,
    };
    RoleState {
        record: Record {
            phase: record.to_owned(),
            from: Some(Slot::Blue),
            to: Some(Slot::Green),
            ..Record::default()
        },
        blue: slot(blue),
        green: slot(green),
        ..RoleState::absent("web")
    }
}

#[test]
fn where_a_rollback_goes() {
    let cases = [
        ("none", (100, 0), (0, 0), Err(NoWayBack::FirstRelease)),
        ("shift-10", (90, 2), (10, 2), Ok(Slot::Blue)),
        ("shift-100", (0, 2), (100, 2), Ok(Slot::Blue)),
        ("complete", (0, 0), (100, 2), Ok(Slot::Blue)),
        // Blue is being filled for the next release: nothing has moved, green keeps everything.
        ("complete", (0, 2), (100, 2), Ok(Slot::Green)),
        ("rolled-back", (100, 2), (0, 0), Ok(Slot::Blue)),
        // Blue is being filled again to go back to: a rollback that is run again still goes there.
        ("rolling-back", (0, 2), (100, 2), Ok(Slot::Blue)),
    ];
    for (record, blue, green, expected) in cases {
        assert_eq!(destination(&seen(record, blue, green)), expected, "{record} {blue:?} {green:?}");
    }
}

#[test]
fn what_was_replaced_in_place_has_no_slot_to_go_back_to() {
    let mut state = seen("complete", (100, 2), (0, 0));
    state.record.to = Some(Slot::Blue);
    assert_eq!(destination(&state), Err(NoWayBack::InPlace));
}

#[test]
fn live_is_read_from_the_weights() {
    assert_eq!(seen("complete", (0, 0), (100, 2)).live(), Some(Slot::Green));
    assert_eq!(seen("shift-50", (50, 2), (50, 2)).live(), Some(Slot::Blue), "the record settles a tie");
    assert_eq!(seen("rolled-back", (100, 2), (0, 2)).candidate(), Slot::Green);
}

#[test]
fn a_spec_that_moved_on_cannot_take_over_a_running_rollout() {
    let environment = example::poc();
    let mut role = environment.roles[0].clone();
    let release = |name: &str| crate::model::Release {
        name: name.to_owned(),
        build: "b".to_owned(),
        ami: format!("ami-{name}"),
    };
    role.release = Some(release("3"));
    let mut state = seen("shift-10", (90, 2), (10, 2));
    state.record.release = Some(release("2"));
    let refused = role_plan(&environment, &role, &state, Outdated::default()).unwrap_err().to_string();
    insta::assert_snapshot!(refused, @"role web: release 2 is at phase `shift-10`, and the spec now asks for 3; finish it with the spec it began with, or `asagi rollback` it first");
}

#[test]
fn an_edit_that_a_refresh_cannot_bring_is_no_release() {
    let environment = example::poc();
    let mut role = role(vec![Step::Refresh { checkpoints: vec![100], delay: Period::ZERO }]);
    role.release =
        Some(crate::model::Release { name: "1".to_owned(), build: "b".to_owned(), ami: "ami-1".to_owned() });
    let capacity = role.instances.capacity;
    let mut state = seen("complete", (0, 0), (100, capacity.min));
    state.green.max = capacity.max;
    let outdated = Outdated { live: true, ..Outdated::default() };
    assert_eq!(role_plan(&environment, &role, &state, outdated), Ok(None));
}

/// Names of the phases of a release of `ami-3` by provision and shift, where the role is as seen.
fn release_phases(state: &RoleState, outdated: Outdated) -> Result<Vec<String>, Refusal> {
    let environment = example::poc();
    let mut role = role(vec![Step::Provision, shift(100)]);
    role.release =
        Some(crate::model::Release { name: "3".to_owned(), build: "b".to_owned(), ami: "ami-3".to_owned() });
    let plan = role_plan(&environment, &role, state, outdated)?;
    Ok(plan.map_or(Vec::new(), |plan| plan.phases.into_iter().map(|phase| phase.name).collect()))
}

#[test]
fn a_candidate_that_runs_something_else_is_emptied_before_it_is_filled() {
    let outdated = Outdated { candidate: true, ..Outdated::default() };
    let whole = ["provision", "shift-100", "retire"];
    let mut kept = seen("rolled-back", (100, 2), (0, 2));
    assert_eq!(
        release_phases(&kept, Outdated::default()).unwrap(),
        [&["empty"][..], &whole[..]].concat(),
        "green still runs ami-1"
    );
    kept.green.image = Some("ami-3".to_owned());
    assert_eq!(release_phases(&kept, Outdated::default()).unwrap(), whole, "an interrupted run goes on");
    assert_eq!(release_phases(&kept, outdated).unwrap(), ["empty"], "launched as something else");
    let idle = seen("rolled-back", (100, 2), (0, 0));
    assert_eq!(release_phases(&idle, Outdated::default()).unwrap(), whole);
}

#[test]
fn what_cloudformation_took_back_goes_back_whole() {
    let cases = [
        ("shift-10", (90, 2), (10, 2), true),
        ("complete", (0, 0), (100, 2), false),
        // The first shift was taken back: nothing of it is left in the weights.
        ("complete", (0, 2), (100, 2), true),
    ];
    for (record, blue, green, back) in cases {
        let state = RoleState { taken_back: true, ..seen(record, blue, green) };
        let refused = matches!(release_phases(&state, Outdated::default()), Err(Refusal::GoesBack { .. }));
        assert_eq!(refused, back, "{record} {blue:?} {green:?}");
    }
    let state = seen("rolling-back", (0, 2), (100, 2));
    assert!(matches!(release_phases(&state, Outdated::default()), Err(Refusal::GoesBack { .. })));
}
