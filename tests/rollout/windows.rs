//! Rollouts and the maintenance window: none begins that cannot come to where it can stand.

use std::time::Duration;

use asagi::ops::ApplyOptions;
use asagi::plan::PlannedWindow;

use super::session::{Session, next, options};

/// 1.1 is asked for where phases start between one and three in the afternoon, on Mondays and Tuesdays.
fn windowed() -> Session {
    let mut session = Session::poc_to_1_1();
    session.edit(
        "roles:",
        "protection: { window: { days: [Mon, Tue], from: \"13:00\", to: \"15:00\", timezone: Asia/Tokyo } }\nroles:",
    );
    session
}

#[test]
fn a_rollout_that_does_not_fit_does_not_begin() {
    let mut session = windowed();
    session.sleep_until("2026-11-17T13:55:00+09:00");
    session.stands(&options());
    session.apply();
    session.look("web");
    session.say("one phase at a time it may be made ready, and waits for a window before traffic moves");
    session.stands(&next());
    session.next();
    session.next();
    session.stands(&next());
    session.next();
    session.look("web");
    session.sleep_until("2026-11-23T13:00:00+09:00");
    session.stands(&options());
    session.apply();
    session.look("web");
    insta::assert_snapshot!(session.log());
}

#[test]
fn what_must_go_back_asks_for_no_window() {
    let mut session = windowed();
    session.sleep_until("2026-11-17T13:00:00+09:00");
    for _ in 0..3 {
        session.next();
    }
    session.alarm("web", "green", "error-rate", Duration::from_secs(3_600));
    session.sleep_until("2026-11-17T18:00:00+09:00");
    session.stands(&options());
    session.apply();
    session.look("web");
    insta::assert_snapshot!(session.log());
}

#[test]
fn a_stretch_that_was_broken_off_waits_for_a_window_that_it_fits() {
    let mut session = windowed();
    session.sleep_until("2026-11-17T13:00:00+09:00");
    for _ in 0..3 {
        session.next();
    }
    session.sleep_until("2026-11-17T14:30:00+09:00");
    session.stands(&options());
    session.apply();
    session.say("all the same");
    let outside = ApplyOptions { outside_window: Some("half of them".to_owned()), ..options() };
    session.stands(&outside);
    session.apply_with("apply --outside-window", &outside);
    session.look("web");
    insta::assert_snapshot!(session.log());
}

/// The window of the spec is in Tokyo time, whoever reads it, and so is what is told of it.
#[test]
fn a_window_is_told_in_its_own_time() {
    let window = PlannedWindow { days: vec![1], from: 60, to: 180, timezone: "America/New_York".to_owned() };
    let now = "2026-11-16T03:00:00Z".parse().unwrap();
    assert!(window.refusal(now, asagi::model::Period::hours(1)).ends_with("opens 2026-11-16 01:00 -05:00"));
}
