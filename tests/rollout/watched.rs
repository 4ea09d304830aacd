//! The new slot is watched until nothing can go back, whoever runs and whenever.

use std::time::Duration;

use asagi::cloud::Clock;
use asagi::cloud::local::Fault;
use asagi::model::Period;
use asagi::ops::ApplyOptions;

use super::session::{Session, options};

const MINUTE: Duration = Duration::from_secs(60);

/// The proof of concept by those steps.
fn rollout(strategy: &str) -> Session {
    let mut session = Session::poc_to_1_1();
    session.edit(
        "rollout: { strategy: blue-green, hold: 10m, minRequests: 20 }",
        &format!("rollout: {strategy}"),
    );
    session
}

/// An alarm so long from now, then everything that is left to do.
fn alarm_in(mut session: Session, after: Duration) -> String {
    session.restart();
    session.alarm("web", "green", "error-rate", after);
    session.apply();
    session.look("web");
    session.log().to_owned()
}

/// In the hold, in phases without a bake, and in one that CloudFormation cannot watch.
#[test]
fn an_alarm_where_cloudformation_does_not_watch() {
    let mut held = Session::poc_to_1_1();
    held.until("shift-100");
    held.next();
    let mut unbaked = rollout("{ strategy: immediate, hold: 1h, minRequests: 20 }");
    unbaked.until("shift-100");
    let told =
        [("in the hold", alarm_in(held, 3 * MINUTE)), ("without a bake", alarm_in(unbaked, 20 * MINUTE))];
    let told: Vec<String> = told.into_iter().map(|(what, log)| format!("--- {what}\n{log}")).collect();
    insta::assert_snapshot!(told.concat());
}

/// The alarm came and went while nobody ran; the run after that neither waits nor empties the old slot.
#[test]
fn an_alarm_between_two_runs() {
    let mut session = Session::poc_to_1_1();
    session.until("shift-100");
    session.next();
    session.restart();
    let from = session.cloud.now() + jiff::SignedDuration::from_mins(2);
    let until = Some(from + jiff::SignedDuration::from_mins(1));
    let alarm = asagi::cloud::local::AlarmSelector::Name("poc-poc-web-green-cpu-critical".to_owned());
    session.inject("cpu of green alarms for a minute", Fault::Alarm { alarm, from, until });
    let short = ApplyOptions { patience: Period::ZERO, ..options() };
    session.apply_with("apply --wait 0s", &short);
    session.wait(30 * MINUTE);
    session.apply();
    session.look("web");
    insta::assert_snapshot!(session.log());
}

#[test]
fn a_new_slot_that_is_not_healthy_in_the_hold() {
    let mut session = Session::poc_to_1_1();
    session.until("shift-100");
    session.next();
    session.restart();
    let (targets, from) =
        ("poc-poc-web-green".to_owned(), session.cloud.now() + jiff::SignedDuration::from_mins(2));
    session.inject(
        "green fails its health checks",
        Fault::Unhealthy { targets, healthy: 0, of: 0, from, until: None },
    );
    session.apply();
    session.look("web");
    session.cloud.dead_ends();
    insta::assert_snapshot!(session.log());
}

/// Half of everyone is on a slot that does not answer, and the other can carry them.
#[test]
fn an_old_slot_that_dies_in_the_middle() {
    let mut session = Session::poc_to_1_1();
    session.until("shift-50");
    session.restart();
    let (targets, from) = ("poc-poc-web-blue".to_owned(), session.cloud.now());
    session.inject(
        "blue fails its health checks",
        Fault::Unhealthy { targets, healthy: 0, of: 0, from, until: None },
    );
    session.apply();
    session.look("web");
    session.apply();
    session.look("web");
    session.cloud.dead_ends();
    insta::assert_snapshot!(session.log());
}

/// One phase at a time, each announced by the one before.
#[test]
fn the_next_phase_is_one_phase() {
    let mut session = Session::poc_to_1_1();
    let mut announced = "provision".to_owned();
    let mut phases = Vec::new();
    while let Some(report) = session.next() {
        match &report.roles[0].end {
            asagi::ops::End::Stopped { done, next } => {
                assert_eq!(*done, announced, "{}", session.log());
                phases.push(done.clone());
                announced.clone_from(next);
            }
            asagi::ops::End::Complete => phases.push(announced.clone()),
            end => panic!("{end:?}"),
        }
    }
    insta::assert_snapshot!(phases.join(" "));
}
