//! What has nothing to do with a rollout does not get in its way: stacks that are beside it, that fail, that are stuck, or
//! in whose change the process ended, and another role's release.

use std::time::Duration;

use asagi::cloud::local::Fault;
use asagi::model::Period;
use asagi::ops::ApplyOptions;

use super::cloud::Death;
use super::session::{Session, options};

const MINUTE: Duration = Duration::from_secs(60);

/// Everyone is on green, and somebody else is to be told by mail.
fn all_on_green() -> Session {
    let mut session = Session::poc_to_1_1();
    session.until("shift-100");
    session.restart();
    session.edit("poc@example.co.jp", "ops@example.co.jp");
    session
}

/// The next change of that resource of the notifications fails.
fn fails(session: &mut Session, logical_id: &str) {
    let (stack, logical_id) = (format!("{}-notifications", session.prefix), logical_id.to_owned());
    let what = if logical_id.is_empty() { "a resource" } else { &logical_id };
    let what = format!("the next change of {what} fails");
    let reason = "injected".to_owned();
    session.inject(&what, Fault::ResourceFails { stack, logical_id, reason, times: 1 });
}

/// Taking back what that one was changed to fails.
fn cannot_be_taken_back(session: &mut Session, logical_id: &str) {
    let (stack, logical_id) = (format!("{}-notifications", session.prefix), logical_id.to_owned());
    let what = format!("and {logical_id} cannot be put back");
    let reason = "injected".to_owned();
    session.inject(&what, Fault::RollbackFails { stack, logical_id, reason, times: 1 });
}

fn short(session: &mut Session) {
    let short = ApplyOptions { patience: Period::ZERO, ..options() };
    session.apply_with("apply --wait 0s", &short);
}

/// Stacks are to be changed, and the new slot's alarm has gone off: everyone goes back, and then come the stacks.
#[test]
fn a_rollback_that_is_needed_comes_before_stacks() {
    let mut session = all_on_green();
    session.alarm("web", "green", "error-rate", Duration::ZERO);
    session.wait(5 * MINUTE);
    session.apply();
    session.look("web");
    session.apply();
    insta::assert_snapshot!(session.log());
}

/// While the hold lasts a stack is changed, and fails. The old slot is emptied all the same, and the stack is tried again.
#[test]
fn a_stack_that_fails_beside_a_hold_stops_nothing() {
    let mut session = all_on_green();
    fails(&mut session, "");
    short(&mut session);
    session.status();
    session.wait(60 * MINUTE);
    session.apply();
    session.look("web");
    session.apply();
    insta::assert_snapshot!(session.log());
}

/// At 10 % somebody else's change of a stack fails and cannot be taken back: that stack is stuck. The rollout goes on, and
/// back when it must; the stack is mended by the command that `status` names.
#[test]
fn a_stack_that_is_stuck_at_10_percent_stops_nothing() {
    let mut session = Session::poc_to_1_1();
    session.until("shift-10");
    session.restart();
    fails(&mut session, "TopicPolicy");
    cannot_be_taken_back(&mut session, "Topic");
    let edits = [("DisplayName: ", "DisplayName: changed "), ("Sid: AccountDecidesByIam", "Sid: Account")];
    session.edit_by_another_tool("notifications", &edits);
    session.look_at_stack("notifications");
    session.next();
    session.look("web");
    session.status();
    session.alarm("web", "green", "error-rate", Duration::ZERO);
    session.wait(5 * MINUTE);
    session.apply();
    session.look("web");
    session.status();
    session.unstick();
    session.wait(MINUTE);
    session.look_at_stack("notifications");
    insta::assert_snapshot!(session.log());
}

/// The process ends in the middle of such a stack: the next run waits for its end and goes on.
#[test]
fn who_ended_in_such_a_stack_is_followed() {
    let mut session = all_on_green();
    session.die(Death::Executing("notifications"));
    short(&mut session);
    session.cloud.revive();
    session.apply();
    session.look("web");
    session.apply();
    insta::assert_snapshot!(session.log());
}

/// Both roles roll release 1.5 out, and the spec then asks for another one of the first role: that is told, and the second
/// role goes on.
#[test]
fn another_role_s_release_stops_only_that_role() {
    let mut session = Session::new("dev");
    session.cloud.hurry();
    for _ in 0..3 {
        session.apply();
        session.wait(Duration::from_secs(4 * 3_600));
    }
    let of = |release: &str, next: &str| {
        format!("    release: \"{release}\"\n    rollout: {{ strategy: immediate, hold: 1h }}\n{next}:")
    };
    for next in ["  hlp", "stacks"] {
        session.edit(&of("1.6", next), &of("1.5", next));
    }
    for role in ["web", "hlp"] {
        let only = ApplyOptions { role: Some(role.to_owned()), patience: Period::ZERO, ..options() };
        session.apply_with(&format!("apply --role {role} --wait 0s"), &only);
    }
    session.restart();
    session.edit(&of("1.5", "  hlp"), &of("1.6", "  hlp"));
    session.wait(Duration::from_secs(2 * 3_600));
    session.apply();
    session.look("web");
    session.look("hlp");
    insta::assert_snapshot!(session.log());
}
