//! Releases that go well: the first one, one to green, one back to blue.

use super::session::Session;

#[test]
fn the_first_release_and_nothing_to_do_after_it() {
    let mut session = Session::new("poc");
    let (first, again) = (session.plan().unwrap(), session.plan().unwrap());
    assert_eq!(first.digest(), again.digest());
    session.apply();
    session.look("web");
    session.apply();
    insta::assert_snapshot!(session.log());
}

#[test]
fn blue_to_green_and_green_to_blue() {
    let mut session = Session::poc();
    session.edit("release: \"1.0\"", "release: \"1.1\"");
    session.apply();
    session.look("web");
    session.apply();
    session.edit("release: \"1.1\"", "release: \"1.0\"");
    session.apply();
    session.look("web");
    session.apply();
    insta::assert_snapshot!(session.log());
}
