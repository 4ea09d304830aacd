//! Approvals: until when a person may give them, and what comes of one that nobody gives.

use std::time::Duration;

use super::session::{Session, options};

const HOUR: Duration = Duration::from_secs(3_600);
const STRATEGY: &str = "rollout: { strategy: blue-green, hold: 10m, minRequests: 20 }";

/// 1.1 is asked for, by those steps; 1.0 has been live for weeks.
fn by(steps: &str) -> Session {
    let mut session = Session::poc_to_1_1();
    session.edit(STRATEGY, &format!("rollout: {{ steps: [{steps}], minRequests: 20 }}"));
    session.wait(500 * HOUR);
    session.restart();
    session
}

#[test]
fn before_the_first_shift_it_counts_from_this_rollout() {
    let steps = "provision, verify, { approval: 24h }, { shift: 100, bake: 15m }, { hold: 1h }, retire";
    let mut session = by(steps);
    session.apply();
    session.look("web");
    session.wait(20 * HOUR);
    session.stands(&options());
    session.apply();
    session.say("a person agrees in time");
    session.approve();
    let mut late = by(steps);
    late.apply();
    late.wait(25 * HOUR);
    late.stands(&options());
    late.approve();
    late.look("web");
    insta::assert_snapshot!(format!("{}\n{}", session.log(), late.log()));
}

/// The window is shut when somebody looks again: that the approval is asked for again is told beside it.
#[test]
fn before_the_first_shift_it_is_asked_for_again_once_the_window_opens() {
    let mut session =
        by("provision, verify, { approval: 24h }, { shift: 100, bake: 15m }, { hold: 1h }, retire");
    session.edit(
        "roles:",
        "protection: { window: { days: [Mon, Tue], from: \"13:00\", to: \"15:00\", timezone: Asia/Tokyo } }\nroles:",
    );
    session.sleep_until("2026-12-07T13:05:00+09:00");
    session.apply_with("apply --phase next", &super::session::next());
    session.next();
    session.sleep_until("2026-12-09T12:00:00+09:00");
    session.stands(&options());
    session.approve();
    session.sleep_until("2026-12-14T13:00:00+09:00");
    session.stands(&options());
    session.apply();
    session.approve();
    session.look("web");
    insta::assert_snapshot!(session.log());
}

#[test]
fn where_everyone_has_moved_it_is_asked_for_again() {
    let mut session = by(
        "provision, verify, { shift: 100, bake: 15m }, { approval: 2h }, { hold: 1h }, { approval: 2h }, retire",
    );
    session.apply();
    session.wait(10 * HOUR);
    session.stands(&options());
    session.apply();
    session.look("web");
    session.approve();
    session.wait(10 * HOUR);
    session.stands(&options());
    session.apply();
    session.approve();
    session.look("web");
    insta::assert_snapshot!(session.log());
}

#[test]
fn what_apply_takes_back_the_plan_says() {
    let mut session = by(
        "provision, verify, { shift: 10, bake: 15m }, { approval: 2h }, { shift: 100, bake: 15m }, retire",
    );
    session.apply();
    session.wait(HOUR);
    session.stands(&options());
    session.wait(2 * HOUR);
    session.stands(&options());
    session.apply();
    session.look("web");
    let mut alarmed = Session::poc_to_1_1();
    for _ in 0..3 {
        alarmed.next();
    }
    alarmed.alarm("web", "green", "error-rate", HOUR);
    alarmed.wait(3 * HOUR);
    alarmed.stands(&options());
    alarmed.next();
    insta::assert_snapshot!(format!("{}\n{}", session.log(), alarmed.log()));
}
