//! Rolling releases: the live slot's instances are replaced in place.

use std::time::Duration;

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
fn a_rolling_release_and_back_by_the_image_before() {
    let mut session = rolling();
    session.apply();
    session.look("web");
    let images = session.images("web-blue");
    session.say(&format!("instances of blue: {images:?}"));
    session.apply();
    session.rollback("web");
    session.edit("release: \"1.1\"", "release: \"1.0\"");
    session.apply();
    session.look("web");
    let images = session.images("web-blue");
    session.say(&format!("instances of blue: {images:?}"));
    session.apply();
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
