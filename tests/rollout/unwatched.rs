//! A shift that nobody watched has not been baked: the time since the weights moved decides, whoever moved them.

use super::session::Session;

/// Sceptre moves half of everyone: it watches nothing, and its record has no times.
#[test]
fn a_shift_by_sceptre_is_baked_before_the_next() {
    let mut session = Session::poc_to_1_1();
    session.until("shift-10");
    session.restart();
    session.shift_by_sceptre("shift-50");
    session.look("web");
    session.apply();
    session.look("web");
    insta::assert_snapshot!(session.log());
}

/// The server takes the change set and drops what was to be monitored, so the update is over at once.
#[test]
fn a_shift_whose_monitoring_was_dropped_is_baked_before_the_next() {
    let mut session = Session::poc_to_1_1();
    session.until("verify");
    session.cloud.drop_monitoring();
    session.restart();
    session.apply();
    session.look("web");
    insta::assert_snapshot!(session.log());
}

/// An alarm that went off while nobody watched takes back what Sceptre has moved.
#[test]
fn an_alarm_after_a_shift_by_sceptre_takes_it_back() {
    let mut session = Session::poc_to_1_1();
    session.until("shift-10");
    session.restart();
    session.shift_by_sceptre("shift-50");
    session.alarm("web", "green", "error-rate", std::time::Duration::from_secs(60));
    session.wait(std::time::Duration::from_secs(600));
    session.apply();
    session.look("web");
    insta::assert_snapshot!(session.log());
}
