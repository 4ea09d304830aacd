//! Bakes that an alarm ends, and evidence that is missing before a shift.

use std::time::Duration;

use asagi::cloud::Clock;
use asagi::cloud::local::{AlarmSelector, Fault};

use super::session::Session;

const MINUTE: Duration = Duration::from_secs(60);

/// Applied phase by phase as far as `phase`, whose bake is ended by an alarm after four minutes.
fn alarm_in(phase: &str) -> Session {
    let mut session = Session::poc_to_1_1();
    while session.state("web").record.phase != before(phase) {
        session.next();
    }
    session.alarm("web", "green", "error-rate", 4 * MINUTE + Duration::from_secs(30));
    session.apply();
    session.look("web");
    session
}

fn before(phase: &str) -> &str {
    match phase {
        "shift-50" => "shift-10",
        "shift-100" => "shift-50",
        _ => "complete",
    }
}

#[test]
fn an_alarm_in_the_bake_of_10_percent() {
    let mut session = Session::poc_to_1_1();
    session.next();
    session.next();
    session.alarm("web", "green", "error-rate", 4 * MINUTE + Duration::from_secs(30));
    session.apply();
    session.look("web");
    insta::assert_snapshot!(session.log());
}

#[test]
fn an_alarm_in_the_bake_of_50_percent() {
    insta::assert_snapshot!(alarm_in("shift-50").log());
}

#[test]
fn an_alarm_in_the_bake_of_100_percent() {
    insta::assert_snapshot!(alarm_in("shift-100").log());
}

/// The operator's machine is gone when the alarm goes off: CloudFormation takes the step back, and the next run takes
/// the rest.
#[test]
fn an_alarm_while_nobody_follows() {
    let mut session = Session::poc_to_1_1();
    while session.state("web").record.phase != "shift-10" {
        session.next();
    }
    session.alarm("web", "green", "response-time", 4 * MINUTE);
    session.inject("the process ends when it has executed its next change set", Fault::CrashAfter { calls: 5 });
    session.next();
    session.wait(2 * MINUTE);
    session.look("web");
    session.apply();
    session.wait(10 * MINUTE);
    session.look("web");
    session.cloud.local.clear_faults().unwrap();
    session.say("! the alarm is over");
    session.wait(MINUTE);
    session.apply();
    session.look("web");
    insta::assert_snapshot!(session.log());
}

/// Provisioned and verified, then `what` happens to the alarms.
fn shift_with(what: &str, fault: Fault) -> String {
    let mut session = Session::poc_to_1_1();
    session.next();
    session.next();
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
    session.inject("no instance of green starts", Fault::LaunchFails { group: "poc-poc-web-green".to_owned() });
    session.apply();
    session.look("web");
    session.cloud.local.clear_faults().unwrap();
    let (targets, from) = ("poc-poc-web-green".to_owned(), session.cloud.now());
    session.inject("green fails its health checks", Fault::Unhealthy { targets, from, until: None });
    session.apply();
    session.look("web");
    insta::assert_snapshot!(session.log());
}
