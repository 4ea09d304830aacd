//! Bakes that an alarm ends, and evidence that is missing before a shift.

use std::time::Duration;

use asagi::cloud::Clock;
use asagi::cloud::local::{AlarmSelector, Fault};

use super::cloud::Death;
use super::session::Session;

const MINUTE: Duration = Duration::from_secs(60);

/// At `before`, then an alarm four and a half minutes into the next phase; the first change set takes six seconds.
fn alarm_after(before: &str) -> String {
    let mut session = Session::poc_to_1_1();
    session.next();
    session.until(before);
    session.wait(4 * MINUTE);
    session.restart();
    session.alarm("web", "green", "error-rate", 4 * MINUTE + Duration::from_secs(30));
    session.apply();
    session.look("web");
    session.log().to_owned()
}

#[test]
fn an_alarm_in_the_bake_of_10_percent() {
    insta::assert_snapshot!(alarm_after("verify"));
}

#[test]
fn an_alarm_in_the_bake_of_50_percent() {
    insta::assert_snapshot!(alarm_after("shift-10"));
}

#[test]
fn an_alarm_in_the_bake_of_100_percent() {
    insta::assert_snapshot!(alarm_after("shift-50"));
}

/// The operator's machine is gone when the alarm goes off: CloudFormation takes the step back, and the next run takes
/// the rest back, though the alarm is over.
#[test]
fn an_alarm_while_nobody_follows() {
    let mut session = Session::poc_to_1_1();
    session.until("shift-10");
    session.restart();
    let from = session.cloud.now() + jiff::SignedDuration::from_mins(4);
    let until = Some(from + jiff::SignedDuration::from_mins(4));
    let alarm = AlarmSelector::Metric {
        role: "web".into(),
        metric: "response-time".into(),
        slot: Some("green".into()),
    };
    session.inject(
        "response-time of web-green alarms from 4m to 8m from now",
        Fault::Alarm { alarm, from, until },
    );
    session.die(Death::Executing("web-traffic"));
    session.next();
    session.cloud.revive();
    session.wait(2 * MINUTE);
    session.look("web");
    session.wait(10 * MINUTE);
    session.look("web");
    session.apply();
    session.look("web");
    insta::assert_snapshot!(session.log());
}

/// Going back to the step before fails as well; the way back goes on from there.
#[test]
fn an_alarm_whose_rollback_fails() {
    let mut session = Session::poc_to_1_1();
    session.until("shift-10");
    session.restart();
    session.alarm("web", "green", "error-rate", 4 * MINUTE);
    let fault = Fault::RollbackFails {
        stack: "poc-poc-web-traffic".to_owned(),
        logical_id: "AllRule".to_owned(),
        reason: "Rate exceeded".to_owned(),
        times: 1,
    };
    session.inject("the rule cannot be put back, once", fault);
    session.apply();
    session.look("web");
    insta::assert_snapshot!(session.log());
}

/// Provisioned and verified, then `what` happens to the alarms.
fn shift_with(what: &str, fault: Fault) -> String {
    let mut session = Session::poc_to_1_1();
    session.next();
    session.wait(5 * MINUTE);
    session.restart();
    session.inject(what, fault);
    let executed = session.cloud.executed().len();
    session.apply();
    session.look("web");
    let after = session.cloud.executed().len() - executed;
    session.say(&format!("{after} change sets executed"));
    session.log().to_owned()
}

#[test]
fn no_shift_while_the_alarm_is_on() {
    let from = Session::poc().cloud.now();
    let alarm = AlarmSelector::Name("poc-poc-web-green-cpu-critical".to_owned());
    insta::assert_snapshot!(shift_with("cpu of green alarms", Fault::Alarm { alarm, from, until: None }));
}

#[test]
fn candidates_that_never_start_or_are_never_healthy() {
    let mut session = Session::poc_to_1_1();
    session.inject(
        "no instance of green starts",
        Fault::LaunchFails { group: "poc-poc-web-green".to_owned(), from: None, until: None },
    );
    session.apply();
    session.look("web");
    session.cloud.local.clear_faults().unwrap();
    let (targets, from) = ("poc-poc-web-green".to_owned(), session.cloud.now());
    session.inject(
        "green fails its health checks",
        Fault::Unhealthy { targets, healthy: 0, of: 0, from, until: None },
    );
    session.apply();
    session.look("web");
    insta::assert_snapshot!(session.log());
}
