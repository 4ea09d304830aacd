//! `rollback` from every state and phase.

use std::collections::BTreeMap;
use std::time::Duration;

use asagi::cloud::local::Fault;
use asagi::cloud::{Clock, CloudFormation};
use jiff::SignedDuration;

use super::block;
use super::session::Session;

const MINUTE: Duration = Duration::from_secs(60);

/// Everyone is on that slot, cohorts and all, and no client is held anywhere.
fn given_back(session: &Session, slot: &str) {
    let other = if slot == "Blue" { "Green" } else { "Blue" };
    for cohort in ["", "Verification", "Pilot"] {
        assert_eq!(session.parameter("web-traffic", &format!("{cohort}{slot}Weight")), "100", "{}", session.log());
        assert_eq!(session.parameter("web-traffic", &format!("{cohort}{other}Weight")), "0", "{}", session.log());
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

/// One phase after another as far as that one.
fn until(session: &mut Session, phase: &str) {
    for _ in 0..20 {
        if session.state("web").record.phase == phase {
            return;
        }
        session.next();
    }
    panic!("never at {phase}: {}", session.log());
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
    session.next();
    to_blue(&mut session);
    to_blue(&mut session);
    insta::assert_snapshot!(session.log());
}

#[test]
fn between_phases_and_at_hold() {
    let mut session = Session::poc_to_1_1();
    for phase in ["shift-10", "shift-50", "shift-100"] {
        session.restart();
        until(&mut session, phase);
        session.restart();
        to_blue(&mut session);
        session.say("");
    }
    session.restart();
    until(&mut session, "shift-100");
    session.next();
    session.restart();
    to_blue(&mut session);
    to_blue(&mut session);
    insta::assert_snapshot!(session.log());
}

/// A process that followed a bake ended in the middle of it; somebody rolls back from another machine.
#[test]
fn during_each_bake() {
    let mut told = String::new();
    for (phase, before) in [("shift-10", "complete"), ("shift-50", "shift-10"), ("shift-100", "shift-50")] {
        let mut session = Session::poc_to_1_1();
        session.next();
        session.next();
        until(&mut session, before);
        session.restart();
        session.inject("the process ends in the bake", Fault::CrashAfter { calls: if before == "complete" { 2 } else { 2 } });
        session.next();
        session.cloud.local.clear_faults().unwrap();
        session.wait(5 * MINUTE);
        let took = to_blue(&mut session);
        told.push_str(&format!("{phase}: {took:#}\n{}\n", session.log()));
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
    let mut told = String::new();
    for calls in 0..8 {
        let mut session = Session::poc_to_1_1();
        session.cloud.hurry();
        until(&mut session, "shift-50");
        session.restart();
        session.inject("", Fault::CrashAfter { calls });
        session.rollback("web");
        session.cloud.local.clear_faults().unwrap();
        session.rollback("web");
        given_back(&session, "Blue");
        let state = session.state("web");
        assert_eq!((state.green.max, state.record.phase.as_str()), (0, "rolled-back"), "{}", session.log());
        told.push_str(&format!("interrupted after {calls} calls\n{}\n", session.log()));
    }
    insta::assert_snapshot!(told);
}

#[test]
fn weights_moved_by_hand() {
    let mut told = String::new();
    for phase in ["complete", "shift-10"] {
        let mut session = Session::poc_to_1_1();
        until(&mut session, phase);
        session.restart();
        let resources = block(session.cloud.describe_stack_resources("poc-poc-web-traffic")).unwrap();
        let rule = resources.iter().find(|resource| resource.logical_id == "AllRule").unwrap();
        let traffic = block(session.cloud.describe_stack("poc-poc-web-traffic")).unwrap().unwrap();
        let weights = [("BlueTargetGroupArn", 40), ("GreenTargetGroupArn", 60)];
        let weights: BTreeMap<String, u32> =
            weights.map(|(output, weight)| (traffic.outputs[output].clone(), weight)).into();
        if phase == "complete" {
            // Both can answer, so that only the weights are wrong.
            session.next();
            session.next();
        }
        let rule = rule.physical_id.clone().unwrap();
        session.inject("somebody sends 60 % to green", Fault::WeightsMoved { rule, weights });
        session.look("web");
        session.apply();
        to_blue(&mut session);
        told.push_str(&format!("at {phase}\n{}\n", session.log()));
        let _ = session.cloud.now();
    }
    insta::assert_snapshot!(told);
}
