//! A person presses Ctrl-C.

use std::time::Duration;

use super::session::Session;

#[test]
fn in_the_middle_of_a_bake() {
    let mut session = Session::poc_to_1_1();
    session.cancelled_in("shift-10");
    session.look("web");
    session.status();
    session.wait(Duration::from_secs(20 * 60));
    session.look("web");
    session.apply();
    session.look("web");
    insta::assert_snapshot!(session.log());
}
