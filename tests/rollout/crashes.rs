//! The process ends after every single changing call; what is run again comes to the same end.

use std::time::Duration;

use super::cloud::Death;
use super::session::Session;

/// All that must be the same in the end, however it came to it.
fn end(session: &Session) -> String {
    let mut state = session.state("web");
    (state.record.started, state.record.at, state.record.plan, state.moved) = (None, None, None, None);
    format!("{:?}\n{:?}\n{:?}", state.record, state.blue, state.green)
}

/// What is to be done, with the process ending after so many calls and begun again until there is nothing to do; gives
/// whether it ended at all.
fn crashed(mut session: Session, calls: u32, expected: &str) -> bool {
    session.cloud.hurry();
    session.die(Death::After(calls));
    session.apply();
    let died = session.cloud.revive();
    for _ in 0..6 {
        session.apply();
        match session.plan() {
            Ok(plan) if plan.is_empty() => break,
            Ok(_) => {}
            // A stack that is not a role's is waited for by the person.
            Err(_) => session.wait(Duration::from_secs(300)),
        }
    }
    assert_eq!(end(&session), expected, "after {calls} calls\n{}", session.log());
    assert!(!session.log().contains("TakenBack"), "after {calls} calls\n{}", session.log());
    let mut executed = session.cloud.executed();
    executed.sort();
    let all = executed.len();
    executed.dedup();
    assert_eq!(executed.len(), all, "a change set was executed twice\n{}", session.log());
    died
}

#[test]
fn a_rollout_that_ends_after_each_of_its_calls() {
    let mut undisturbed = Session::poc_to_1_1();
    undisturbed.cloud.hurry();
    undisturbed.apply();
    let expected = end(&undisturbed);
    let points = (0..).take_while(|calls| crashed(Session::poc_to_1_1(), *calls, &expected)).count();
    insta::assert_snapshot!(format!("{points} calls\n{expected}"));
}

/// Every fifth, since an environment has many stacks.
#[test]
fn a_first_creation_that_ends_after_some_of_its_calls() {
    let mut undisturbed = Session::new("poc");
    undisturbed.cloud.hurry();
    undisturbed.apply();
    let expected = end(&undisturbed);
    let points = (0..).step_by(5).take_while(|calls| crashed(Session::new("poc"), *calls, &expected)).count();
    insta::assert_snapshot!(format!("{points} points\n{expected}"));
}
