//! `rollback` from every state and phase.

use std::collections::BTreeMap;
use std::time::Duration;

use asagi::cloud::local::Fault;
use asagi::cloud::{Clock, CloudFormation};
use jiff::SignedDuration;

use super::block;
use super::cloud::Death;
use super::session::Session;

const MINUTE: Duration = Duration::from_secs(60);

/// Everyone is on that slot, cohorts and all, and no client is held anywhere.
fn given_back(session: &Session, slot: &str) {
    let other = if slot == "Blue" { "Green" } else { "Blue" };
    for cohort in ["", "Verification", "Pilot"] {
        assert_eq!(
            session.parameter("web-traffic", &format!("{cohort}{slot}Weight")),
            "100",
            "{}",
            session.log()
        );
        assert_eq!(
            session.parameter("web-traffic", &format!("{cohort}{other}Weight")),
            "0",
            "{}",
            session.log()
        );
    }
    assert_eq!(session.parameter("web-traffic", "StickinessSeconds"), "0");
    let state = session.state("web");
    assert!(state.drift.is_empty(), "{:?}", state.drift);
}

/// Rolls back to blue, in less than three minutes until everyone is there, and once more.
fn to_blue(session: &mut Session) -> SignedDuration {
    let took = session.rollback("web");
    assert!(took < SignedDuration::from_mins(3), "{took}: {}", session.log());
    given_back(session, "Blue");
    session.look("web");
    took
}

#[test]
fn nothing_to_go_back_to() {
    let mut session = Session::new("poc");
    session.rollback("web");
    session.apply();
    session.restart();
    session.rollback("web");
    session.look("web");
    insta::assert_snapshot!(session.log());
}

#[test]
fn provisioned_and_verified() {
    let mut session = Session::poc_to_1_1();
    session.next();
    to_blue(&mut session);
    session.next();
    session.wait(5 * MINUTE);
    to_blue(&mut session);
    to_blue(&mut session);
    insta::assert_snapshot!(session.log());
}

#[test]
fn between_phases_and_at_hold() {
    let mut told = String::new();
    for phase in ["shift-10", "shift-50", "shift-100"] {
        let mut session = Session::poc_to_1_1();
        session.until(phase);
        session.restart();
        let took = to_blue(&mut session);
        to_blue(&mut session);
        told.push_str(&format!("at {phase}\n{}everyone was back after {took:#}\n\n", session.log()));
    }
    insta::assert_snapshot!(told);
}

/// In the middle of a rollout no instance of the old slot is healthy: nobody is moved there unless a person says so, and
/// later everyone may go back by the same command.
#[test]
fn the_old_slot_is_not_healthy() {
    let mut session = Session::poc_to_1_1();
    session.until("shift-50");
    session.restart();
    let (from, targets) = (session.cloud.now(), "poc-poc-web-blue".to_owned());
    let until = Some(from + SignedDuration::from_mins(10));
    session.inject(
        "blue fails its health checks for ten minutes",
        Fault::Unhealthy { targets, healthy: 0, of: 0, from, until },
    );
    session.rollback("web");
    session.look("web");
    session.wait(10 * MINUTE);
    session.rollback("web");
    session.look("web");
    // Requests found no healthy target: that is what this is about.
    session.cloud.dead_ends();
    insta::assert_snapshot!(session.log());
}

#[test]
fn a_person_goes_back_to_the_slot_that_is_worse_off() {
    let mut session = Session::poc_to_1_1();
    session.until("shift-50");
    session.restart();
    let (from, targets) = (session.cloud.now(), "poc-poc-web-blue".to_owned());
    session.inject(
        "blue fails its health checks",
        Fault::Unhealthy { targets, healthy: 0, of: 0, from, until: None },
    );
    session.rollback("web");
    session.rollback_with("rollback --all-the-same", "web", |options| options.all_the_same = true);
    session.look("web");
    session.cloud.dead_ends();
    insta::assert_snapshot!(session.log());
}

#[test]
fn the_candidate_is_kept_to_be_looked_at() {
    let mut session = Session::poc_to_1_1();
    session.until("shift-10");
    session.restart();
    session.rollback_with("rollback --keep-candidate", "web", |options| options.keep_candidate = true);
    session.look("web");
    assert!(session.state("web").record.kept);
    session.status();
    session.apply();
    session.look("web");
    session.rollback("web");
    assert!(!session.state("web").record.kept);
    session.status();
    insta::assert_snapshot!(session.log());
}

/// The process that followed a bake ended in the middle of it; somebody rolls back from another machine.
#[test]
fn during_each_bake() {
    let mut told = String::new();
    for before in ["verify", "shift-10", "shift-50"] {
        let mut session = Session::poc_to_1_1();
        session.next();
        session.until(before);
        session.wait(5 * MINUTE);
        session.restart();
        session.die(Death::Executing("web-traffic"));
        session.next();
        session.cloud.revive();
        session.wait(5 * MINUTE);
        session.look("web");
        let took = to_blue(&mut session);
        told.push_str(&format!("{}everyone was back after {took:#}\n\n", session.log()));
    }
    insta::assert_snapshot!(told);
}

#[test]
fn after_retire_the_old_slot_is_filled_again() {
    let mut session = Session::poc_to_1_1();
    session.apply();
    session.restart();
    session.rollback("web");
    given_back(&session, "Blue");
    session.look("web");
    session.rollback("web");
    given_back(&session, "Blue");
    session.look("web");
    insta::assert_snapshot!(session.log());
}

#[test]
fn an_interrupted_rollback_is_run_again() {
    let mut told = Vec::new();
    for (phase, calls) in
        ["shift-50", "complete"].into_iter().flat_map(|phase| (0..9).map(move |calls| (phase, calls)))
    {
        let mut session = Session::poc_to_1_1();
        session.cloud.hurry();
        if phase == "complete" {
            session.apply();
        }
        session.until(phase);
        session.restart();
        session.die(Death::After(calls));
        session.rollback("web");
        let died = session.cloud.revive();
        session.rollback("web");
        given_back(&session, "Blue");
        let state = session.state("web");
        assert_eq!((state.green.max, state.record.phase.as_str()), (0, "rolled-back"), "{}", session.log());
        if !died {
            told.push(format!("at {phase}: ends well after each of its {calls} calls"));
            break;
        }
    }
    insta::assert_snapshot!(told.join("\n"));
}

/// Somebody sends most of everyone to green, past CloudFormation.
pub(crate) fn move_by_hand(session: &mut Session) {
    let resources = block(session.cloud.describe_stack_resources("poc-poc-web-traffic")).unwrap();
    let rule = resources.iter().find(|resource| resource.logical_id == "AllRule").unwrap();
    let traffic = block(session.cloud.describe_stack("poc-poc-web-traffic")).unwrap().unwrap();
    let weights = [("BlueTargetGroupArn", 40), ("GreenTargetGroupArn", 60)];
    let weights: BTreeMap<String, u32> =
        weights.map(|(output, weight)| (traffic.outputs[output].clone(), weight)).into();
    let rule = rule.physical_id.clone().unwrap();
    session.inject("somebody sends 60 % to green", Fault::WeightsMoved { rule, weights });
}

#[test]
fn weights_moved_by_hand() {
    let mut told = String::new();
    for phase in ["verify", "shift-10"] {
        let mut session = Session::poc_to_1_1();
        // Both can answer, so that only the weights are wrong.
        session.next();
        session.until(phase);
        session.wait(5 * MINUTE);
        session.restart();
        move_by_hand(&mut session);
        session.status();
        session.look("web");
        session.apply();
        to_blue(&mut session);
        session.status();
        told.push_str(&format!("at {phase}\n{}\n", session.log()));
    }
    insta::assert_snapshot!(told);
}

/// A rollout that runs stays where it is, and goes on.
#[test]
fn weights_moved_by_hand_are_put_back() {
    let mut session = Session::poc_to_1_1();
    session.next();
    session.until("shift-10");
    session.wait(5 * MINUTE);
    session.restart();
    move_by_hand(&mut session);
    session.status();
    session.mend("web");
    session.look("web");
    session.apply();
    session.look("web");
    insta::assert_snapshot!(session.log());
}

/// The old slot dies in a bake that still runs. To stop the bake would move users back to it: nothing is stopped.
#[test]
fn the_old_slot_dies_in_a_bake_that_runs() {
    let mut session = Session::poc_to_1_1();
    session.until("shift-10");
    session.die(Death::Executing("web-traffic"));
    session.apply();
    session.cloud.revive();
    session.restart();
    session.wait(2 * MINUTE);
    session.look("web");
    let (from, targets) = (session.cloud.now(), "poc-poc-web-blue".to_owned());
    let dies = Fault::Unhealthy { targets, healthy: 0, of: 0, from, until: None };
    session.inject("blue fails its health checks", dies);
    session.rollback("web");
    session.look("web");
    session.forward("web");
    session.look("web");
    session.cloud.dead_ends();
    insta::assert_snapshot!(session.log());
}

/// The other slot is still being filled: what fills it is stopped, and it is emptied again.
#[test]
fn while_the_other_slot_is_being_filled() {
    let mut session = Session::poc_to_1_1();
    session.die(Death::Executing("web-green"));
    session.apply();
    session.cloud.revive();
    session.restart();
    session.look("web");
    session.status();
    session.rollback("web");
    session.look("web");
    insta::assert_snapshot!(session.log());
}

/// Somebody moves weights by hand and `mend` puts them back: the bake counts from then, not from when the phase began.
#[test]
fn a_bake_counts_from_when_somebody_moved_the_weights() {
    let mut session = Session::poc_to_1_1();
    session.until("shift-10");
    session.wait(60 * MINUTE);
    session.restart();
    session.weights_by_hand(50);
    session.mend("web");
    session.apply();
    session.look("web");
    insta::assert_snapshot!(session.log());
}
