//! Two roles: one at a time, in the spec's order.

use std::time::Duration;

use asagi::ops::ApplyOptions;

use super::session::{Session, options};

#[test]
fn two_roles_roll_one_after_another() {
    let mut session = Session::new("dev");
    session.cloud.hurry();
    session.apply();
    session.wait(Duration::from_secs(4 * 3_600));
    session.apply();
    session.wait(Duration::from_secs(4 * 3_600));
    session.apply();
    session.restart();
    // Release 1.5 is locked for both.
    session.edit(
        "    release: \"1.6\"\n    rollout: { strategy: immediate, hold: 1h }\n  hlp:",
        "    release: \"1.5\"\n    rollout: { strategy: immediate, hold: 4h }\n  hlp:",
    );
    session.edit(
        "    release: \"1.6\"\n    rollout: { strategy: immediate, hold: 1h }\nstacks:",
        "    release: \"1.5\"\n    rollout: { strategy: immediate, hold: 1h }\nstacks:",
    );
    let only = ApplyOptions { role: Some("hlp".to_owned()), next_only: true, ..options() };
    session.apply_with("apply --role hlp --phase next", &only);
    session.apply();
    session.look("web");
    session.look("hlp");
    session.wait(Duration::from_secs(4 * 3_600));
    session.apply();
    session.look("web");
    session.look("hlp");
    session.apply();
    insta::assert_snapshot!(session.log());
}
