//! What stands between a plan and the environment: what it was made from, accounts, approvals, windows.

use asagi::cloud::CloudFormation;
use asagi::cloud::local::Changes;
use asagi::model::Period;
use asagi::ops::{ApplyOptions, Consent};

use super::block;
use super::cloud::Witness;
use super::session::{Session, options};

const PROTECTION: &str = "protection: { approval: manual, window: { days: [Mon, Tue], from: \"13:00\", to: \"15:00\", timezone: Asia/Tokyo } }\npolicy: { ASG0404: { severity: ignore, reason: its stacks come and go with each session } }\nroles:";

/// 1.1 is asked for in an environment where a person must agree, between one and three in the afternoon.
fn protected() -> Session {
    let mut session = Session::poc_to_1_1();
    session.edit("roles:", PROTECTION);
    session
}

#[test]
fn a_plan_whose_ground_has_moved() {
    let mut session = Session::poc_to_1_1();
    let plan = session.plan().unwrap();
    session.next();
    session.say("$ apply poc.plan, made before that");
    session.run(&plan, &options());
    insta::assert_snapshot!(session.log());
}

#[test]
fn another_account() {
    let mut session = Session::new("poc");
    let plan = session.plan().unwrap();
    session.cloud = Witness::new("999999999999", "2026-11-16T03:00:00Z", &Changes::new());
    session.run(&plan, &options());
    assert!(session.cloud.requests().is_empty());
    insta::assert_snapshot!(session.log());
}

#[test]
fn a_person_must_agree_to_this_very_plan() {
    let mut session = protected();
    session.sleep_until("2026-11-17T13:00:00+09:00");
    let digest = session.plan().unwrap().digest();
    let grouped = session.plan().unwrap().grouped_digest();
    let cases = [
        ("--yes", Consent::Yes),
        ("nothing", Consent::None),
        ("the name of another environment", Consent::Name("prod".to_owned())),
        ("another digest", Consent::Digest("0123-4567-89ab-cdef-0123-4567-89ab-cdef".to_owned())),
        ("too little of the digest", Consent::Digest(digest.chars().take(31).collect())),
        ("the digest and more", Consent::Digest(format!("{digest}0"))),
        ("the digest of a look-alike", Consent::Digest(grouped.replace('-', "\u{2010}"))),
        ("the digest", Consent::Digest(grouped.to_uppercase())),
    ];
    for (what, consent) in cases {
        session.apply_with(
            &format!("apply with {what}"),
            &ApplyOptions { consent, next_only: true, ..options() },
        );
    }
    insta::assert_snapshot!(session.log().replace(&grouped, "DIGEST"));
}

#[test]
fn phases_start_in_the_window_only() {
    let mut session = protected();
    let named = |session: &Session| ApplyOptions {
        consent: Consent::Digest(session.plan().unwrap().digest()),
        ..options()
    };
    session.sleep_until("2026-11-17T12:00:00+09:00");
    let noon = named(&session);
    session.apply_with("apply", &noon);
    session.sleep_until("2026-11-17T13:00:00+09:00");
    let one = named(&session);
    session.apply_with("apply", &ApplyOptions { patience: Period::ZERO, ..one });
    session.look("web");
    session.sleep_until("2026-11-17T15:01:00+09:00");
    let three = named(&session);
    session.apply_with("apply", &three);
    session.apply_with(
        "apply --outside-window",
        &ApplyOptions { outside_window: Some("the campaign begins".to_owned()), next_only: true, ..three },
    );
    let record = session.state("web").record;
    session.say(&format!("recorded: {:?}", record.reason));
    session.say("a rollback asks for no window");
    session.rollback("web");
    insta::assert_snapshot!(session.log());
}

/// The account follows the spec both ways, and the plan says so.
#[test]
fn termination_protection_goes_on_and_off() {
    let mut session = Session::poc();
    let on = "protection: { termination: true }\nroles:";
    for (from, to) in [("roles:", on), (on, "roles:")] {
        session.edit(from, to);
        let plan = session.plan().unwrap();
        for stack in plan.levels.iter().flatten() {
            session.say(&format!("plan: {} protects {:?}", stack.key, stack.protects));
        }
        session.apply();
        let wanted = to == on;
        for name in session.cloud.local.stack_names().unwrap() {
            let stack = block(session.cloud.describe_stack(&name)).unwrap().unwrap();
            assert_eq!(stack.termination_protection, wanted, "{name}");
        }
        assert!(session.plan().unwrap().is_empty());
    }
    insta::assert_snapshot!(session.log());
}
