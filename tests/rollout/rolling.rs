//! Rolling releases: the live slot's instances are replaced in place.

use std::time::Duration;

use asagi::cloud::local::Fault;

use super::cloud::Death;
use super::session::Session;

fn rolling() -> Session {
    let mut session = Session::poc_to_1_1();
    session.edit(
        "rollout: { strategy: blue-green, hold: 10m, minRequests: 20 }",
        "rollout: { strategy: rolling, minRequests: 20 }",
    );
    session
}

#[test]
fn a_rolling_release_and_back_to_the_image_before() {
    let mut session = rolling();
    session.apply();
    session.look("web");
    let images = session.images("web-blue");
    session.say(&format!("instances of blue: {images:?}"));
    session.apply();
    session.rollback("web");
    session.look("web");
    let images = session.images("web-blue");
    session.say(&format!("instances of blue: {images:?}"));
    session.rollback("web");
    session.apply();
    session.look("web");
    insta::assert_snapshot!(session.log());
}

#[test]
fn an_alarm_in_a_refresh() {
    let mut session = rolling();
    session.alarm("web", "blue", "error-rate", Duration::from_secs(240));
    session.apply();
    session.look("web");
    let images = session.images("web-blue");
    session.say(&format!("instances of blue: {images:?}"));
    insta::assert_snapshot!(session.log());
}

/// The process ends while instances are replaced; what is run after that is told with the role as it is then.
fn ended_in_the_refresh(then: &str, after: impl FnOnce(&mut Session)) -> String {
    let mut session = rolling();
    session.say(&format!("--- {then}"));
    session.die(Death::After(7));
    session.apply();
    session.cloud.revive();
    session.wait(Duration::from_secs(120));
    after(&mut session);
    session.look("web");
    let images = session.images("web-blue");
    session.say(&format!("instances of blue: {images:?}"));
    session.log().to_owned()
}

#[test]
fn a_refresh_that_nobody_follows() {
    let told = [
        ended_in_the_refresh("goes on", |session| drop(session.apply())),
        ended_in_the_refresh("goes back", |session| {
            session.rollback("web");
        }),
        ended_in_the_refresh("is taken back by CloudFormation", |session| {
            session.alarm("web", "blue", "error-rate", Duration::from_secs(60));
            session.wait(Duration::from_secs(3_600));
            session.apply();
        }),
    ];
    insta::assert_snapshot!(told.concat());
}

#[test]
fn what_is_launched_waits_for_a_rollout_to_the_other_slot() {
    let mut session = rolling();
    session.apply();
    session.edit("type: t3.small", "type: t3.medium");
    session.say(&session.diff());
    for stack in session.plan().unwrap().deferred {
        session.say(&format!("plan: {} waits until {}", stack.stack, stack.until));
    }
    session.edit("strategy: rolling, minRequests", "strategy: immediate, minRequests");
    session.apply();
    session.look("web");
    session.apply();
    session.say(&session.diff());
    assert!(session.plan().unwrap().deferred.is_empty());
    insta::assert_snapshot!(session.log());
}

/// The first instance that takes another's place never starts: the refresh fails after its patience, the old ones stay, and
/// the release is taken back, not complete.
#[test]
fn a_refresh_whose_instances_do_not_start() {
    let mut session = rolling();
    session.inject("no instance of blue starts", launches_fail());
    session.apply();
    session.look("web");
    let images = session.images("web-blue");
    session.say(&format!("instances of blue: {images:?}"));
    session.cloud.local.clear_faults().unwrap();
    session.say("! instances start again");
    session.apply();
    session.look("web");
    insta::assert_snapshot!(session.log());
}

fn launches_fail() -> Fault {
    Fault::LaunchFails { group: "poc-poc-web-blue".to_owned(), from: None, until: None }
}
