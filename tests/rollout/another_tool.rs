//! Another tool moves users and leaves the record as it was: nothing goes on but the way back, and no slot is emptied while
//! the other one cannot carry its users.

use asagi::cloud::Clock;
use asagi::cloud::local::Fault;

use super::session::Session;

/// Does what `status` names until it is a plan.
fn follow_back(session: &mut Session) {
    session.status();
    session.apply();
    let next = session.next_command("web");
    assert_eq!(next, "asagi rollback poc --role web");
    session.rollback("web");
    session.look("web");
    session.status();
}

/// Everyone is sent to the slot that is empty. The other one, which has the only instances, is not taken for a candidate.
#[test]
fn everyone_is_sent_to_the_empty_slot() {
    let mut session = Session::poc();
    session.shift_by_another_tool(100, None);
    follow_back(&mut session);
    session.cloud.dead_ends();
    insta::assert_snapshot!(session.log());
}

/// Everyone is on the new slot, and is sent back to the old one.
#[test]
fn everyone_is_sent_back_in_the_hold() {
    let mut session = Session::poc_to_1_1();
    session.until("shift-100");
    session.restart();
    session.shift_by_another_tool(0, None);
    follow_back(&mut session);
    insta::assert_snapshot!(session.log());
}

/// A cohort was routed to the new slot, and is sent back with all others.
#[test]
fn a_cohort_is_sent_back() {
    let mut session = super::days::hybrid();
    session.until("route-verification");
    session.restart();
    session.shift_by_another_tool(0, None);
    follow_back(&mut session);
    insta::assert_snapshot!(session.log());
}

/// The old slot has half of what everyone needs, and nothing more can start: who goes back all the same is back.
#[test]
fn back_all_the_same_waits_for_no_instances() {
    let mut session = Session::poc_to_1_1();
    session.until("shift-10");
    session.restart();
    let (zone, from) = ("ap-northeast-1a".to_owned(), session.cloud.now());
    session.inject("zone a is down for good", Fault::ZoneDown { zone, from, until: None });
    session.wait(std::time::Duration::from_secs(300));
    session.rollback("web");
    let took = session.rollback_with("rollback --all-the-same", "web", |it| it.all_the_same = true);
    assert!(took < jiff::SignedDuration::from_mins(3), "{took}");
    session.look("web");
    insta::assert_snapshot!(session.log());
}
