//! Releases that must be live in another environment first.

use asagi::ops::ApplyOptions;

use super::session::{Session, next, options};

/// Takes its releases from the proof of concept, in the same account.
const LIVE: &str = "asagi: v1
extends: poc.yaml
environment: live
images: { owner: poc }
protection: { promoteFrom: poc }
roles: { web: { release: \"1.0\" } }
";

/// Both environments stand, with 1.0; the clock begins there.
fn both() -> Session {
    let mut session = Session::poc();
    session.files.add("environments/live.yaml", LIVE);
    session.turn_to("live");
    session.apply();
    session.restart();
    session
}

#[test]
fn a_release_comes_once_it_is_live_where_releases_come_from() {
    let mut session = both();
    let before = session.cloud.requests().len();
    session.edit("release: \"1.0\"", "release: \"1.1\"");
    session.stands(&options());
    session.apply();
    assert_eq!(session.cloud.requests().len(), before, "it was refused before its first call");
    session.turn_to("poc");
    session.edit("release: \"1.0\"", "release: \"1.1\"");
    let phases = ["provision", "verify", "shift-10", "shift-50", "shift-100"];
    for _ in phases {
        session.next();
        session.turn_to("live");
        session.stands(&options());
        session.apply();
        session.turn_to("poc");
    }
    session.next();
    session.turn_to("live");
    session.say("everyone is on it there, and the old slot is held");
    session.stands(&options());
    session.next();
    session.turn_to("poc");
    session.rollback("web");
    session.turn_to("live");
    session.say("what has begun goes on, though it was taken back there");
    session.stands(&options());
    session.next();
    session.rollback("web");
    session.say("it begins anew, so it is asked for again");
    session.stands(&options());
    session.apply_with("apply --again", &ApplyOptions { again: Some("once more".to_owned()), ..next() });
    insta::assert_snapshot!(session.log());
}

#[test]
fn a_person_passes_it_with_a_reason_that_is_kept() {
    let mut session = both();
    session.edit("release: \"1.0\"", "release: \"1.1\"");
    let passed = ApplyOptions { unpromoted: Some("poc is down".to_owned()), ..options() };
    session.stands(&passed);
    session.apply_with("apply --unpromoted", &passed);
    session.apply();
    let record = session.state("web").record;
    session.say(&format!("recorded: {:?}", record.reason));
    session.say("the release before is the way back and asks nobody");
    session.edit("release: \"1.1\"", "release: \"1.0\"");
    session.turn_to("poc");
    session.edit("release: \"1.0\"", "release: \"1.1\"");
    session.apply();
    session.turn_to("live");
    session.stands(&options());
    session.next();
    insta::assert_snapshot!(session.log());
}

#[test]
fn what_cannot_be_looked_at_is_not_live() {
    let mut told = String::new();
    let elsewhere =
        ("in another account", "extends: poc.yaml\nenvironment: poc\naccount: \"999988887777\"\n");
    for (what, text) in [
        elsewhere,
        ("absent", ""),
        ("another Region", "extends: poc.yaml\nenvironment: poc\nregion: us-east-1\n"),
    ] {
        let mut session = Session::new("poc");
        session.files.add(
            "environments/first.yaml",
            &format!("asagi: v1\n{}", text.replace("environment: poc", "environment: first")),
        );
        let from = if text.is_empty() { "poc" } else { "first" };
        session.files.add(
            "environments/live.yaml",
            &LIVE.replace("promoteFrom: poc", &format!("promoteFrom: {from}")),
        );
        session.turn_to("live");
        session.say(what);
        session.stands(&options());
        session.apply();
        assert!(session.cloud.requests().is_empty());
        told.push_str(session.log());
    }
    insta::assert_snapshot!(told);
}
