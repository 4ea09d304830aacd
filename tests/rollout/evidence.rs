//! What cannot be seen is no reason to go on: alarms without data, and zones that get no requests.

use std::time::Duration;

use asagi::cloud::Clock;
use asagi::cloud::local::{AlarmSelector, Fault};
use jiff::SignedDuration;

use super::session::Session;

const MINUTE: Duration = Duration::from_secs(60);

/// The agent falls silent in the first bake. The composite stays OK, since none of its alarms is in ALARM; the rollout waits
/// all the same, and goes on once there are data again.
#[test]
fn an_alarm_that_cannot_be_evaluated_is_no_evidence() {
    let mut session = Session::poc_to_1_1();
    session.until("shift-10");
    session.restart();
    let from = session.cloud.now();
    let until = Some(from + SignedDuration::from_mins(90));
    let alarm = AlarmSelector::Name("poc-poc-web-green-memory-critical".to_owned());
    session.inject("memory of green has no data for 90 minutes", Fault::NoData { alarm, from, until });
    session.apply();
    session.look("web");
    session.wait(90 * MINUTE);
    session.apply();
    session.look("web");
    insta::assert_snapshot!(session.log());
}

/// Nobody is moved while a zone is shifted away, and nothing is emptied.
#[test]
fn a_zonal_shift_pauses() {
    let mut session = Session::poc_to_1_1();
    session.until("shift-10");
    session.restart();
    let from = session.cloud.now();
    let until = Some(from + SignedDuration::from_mins(120));
    let zone = "ap-northeast-1a".to_owned();
    session.inject("zone a is shifted away for two hours", Fault::ZonalShift { zone, from, until });
    session.apply();
    session.look("web");
    session.wait(120 * MINUTE);
    session.apply();
    session.look("web");
    insta::assert_snapshot!(session.log());
}

/// The way back asks nobody, and waits for no zone.
#[test]
fn a_zonal_shift_stops_no_way_back() {
    let mut session = Session::poc_to_1_1();
    session.until("shift-50");
    session.restart();
    let (from, zone) = (session.cloud.now(), "ap-northeast-1a".to_owned());
    session.inject("zone a is shifted away", Fault::ZonalShift { zone, from, until: None });
    session.rollback("web");
    session.look("web");
    insta::assert_snapshot!(session.log());
}
