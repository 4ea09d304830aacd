//! Specs edited in the middle of a rollout, or after one, so that less stands between a plan and its run.

use asagi::ops::{ApplyOptions, Consent};

use super::session::{Session, options};

const STRATEGY: &str = "rollout: { strategy: blue-green, hold: 10m, minRequests: 20 }";
const PROTECTION: &str = "protection: { approval: manual, window: { days: [Mon, Tue], from: \"13:00\", to: \"15:00\", timezone: Asia/Tokyo } }\npolicy: { ASG0404: { severity: ignore, reason: its stacks come and go with each session } }\nroles:";

/// A rollout that a person agreed to stands at 5 %, before the approval of everyone's.
fn at_five() -> Session {
    let mut session = Session::poc_to_1_1();
    session.edit("roles:", PROTECTION);
    session.edit(STRATEGY, "rollout: { strategy: canary-approved, minRequests: 20 }");
    session.sleep_until("2026-11-17T13:00:00+09:00");
    session.approve();
    session.restart();
    session.look("web");
    session
}

/// Digests of plans follow every change of a template.
fn without_digests(log: &str) -> String {
    let digest = |word: &&str| {
        word.split('-').count() == 8 && word.bytes().all(|it| it == b'-' || it.is_ascii_hexdigit())
    };
    let found: Vec<&str> = log.split_whitespace().filter(digest).collect();
    found.into_iter().fold(log.to_owned(), |text, digest| text.replace(digest, "DIGEST"))
}

/// What apply does for whoever only says `--yes`, and what for a person who approves the plan.
fn both_ways(session: &mut Session) {
    session.stands(&options());
    session.apply_with("apply --yes", &options());
    let named = ApplyOptions { consent: Consent::Name("poc".to_owned()), next_only: true, ..options() };
    session.apply_with("apply --phase next, typing the name", &named);
    let kept = session.state("web").record.protection;
    session.say(&format!("kept: {kept:?}"));
}

#[test]
fn an_approval_and_a_window_taken_out_of_the_spec() {
    let mut session = at_five();
    session.edit("approval: manual, window: { days: [Mon, Tue], from: \"13:00\", to: \"15:00\", timezone: Asia/Tokyo }", "");
    both_ways(&mut session);
    insta::assert_snapshot!(without_digests(session.log()));
}

#[test]
fn an_approval_taken_out_of_the_strategy() {
    let mut session = at_five();
    session.edit(
        "strategy: canary-approved, minRequests: 20",
        "steps: [provision, verify, { shift: 5, bake: 15m }, { shift: 100, bake: 30m }, { hold: 24h }, retire], minRequests: 20",
    );
    session.edit("approval: manual, ", "");
    both_ways(&mut session);
    insta::assert_snapshot!(without_digests(session.log()));
}

#[test]
fn a_window_made_wider() {
    let mut session = at_five();
    session.edit(
        "days: [Mon, Tue], from: \"13:00\", to: \"15:00\"",
        "days: [Mon, Tue], from: \"00:00\", to: \"23:00\"",
    );
    session.edit("approval: manual, ", "approval: none, ");
    session.stands(&options());
    session.apply_with("apply --yes", &options());
    session.say("and one made narrower lowers nothing");
    session.edit("from: \"00:00\", to: \"23:00\"", "from: \"13:00\", to: \"14:50\"");
    session.edit("approval: none, ", "approval: manual, ");
    session.stands(&options());
    insta::assert_snapshot!(without_digests(session.log()));
}

#[test]
fn an_edit_of_stacks_alone_after_the_release_needs_the_same_approval() {
    let mut session = Session::poc_to_1_1();
    session.edit("roles:", "protection: { approval: manual }\npolicy: { ASG0404: { severity: ignore, reason: as above } }\nroles:");
    session.approve();
    session.restart();
    session.edit("protection: { approval: manual }\n", "");
    session.edit(
        "notifications: { email: [poc@example.co.jp] }",
        "notifications: { email: [other@example.co.jp] }",
    );
    session.stands(&options());
    session.apply_with("apply --yes", &options());
    session.approve();
    session.say("a rollback asks nobody, and keeps what is known");
    session.rollback("web");
    let kept = session.state("web").record.protection;
    session.say(&format!("kept: {kept:?}"));
    insta::assert_snapshot!(without_digests(session.log()));
}
