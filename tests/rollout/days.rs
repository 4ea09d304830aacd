//! Rollouts of days: cohorts first, approvals between, bakes longer than CloudFormation watches.

use std::time::Duration;

use asagi::cloud::CloudFormation;

use super::block;
use super::session::Session;

const HOUR: Duration = Duration::from_secs(3_600);

pub(crate) fn hybrid() -> Session {
    let mut session = Session::poc_to_1_1();
    session.edit(
        "rollout: { strategy: blue-green, hold: 10m, minRequests: 20 }",
        "rollout: { strategy: hybrid-canary, minRequests: 20 }",
    );
    session
}

/// Everyone's and each cohort's share of green.
fn shares(session: &mut Session) {
    let share = |name: &str| session.parameter("web-traffic", &format!("{name}GreenWeight"));
    let text = format!(
        "green gets {} % of everyone, {} % of verification, {} % of pilot; stickiness {} s",
        share(""),
        share("Verification"),
        share("Pilot"),
        session.parameter("web-traffic", "StickinessSeconds")
    );
    session.say(&text);
}

/// ARNs of the listener rules.
fn rules(session: &Session) -> Vec<Option<String>> {
    let resources = block(session.cloud.describe_stack_resources("poc-poc-web-traffic")).unwrap();
    let rules = resources.into_iter().filter(|resource| resource.resource_type.ends_with("::ListenerRule"));
    rules.map(|rule| rule.physical_id).collect()
}

#[test]
fn a_hybrid_canary_over_days() {
    let mut session = hybrid();
    let before = rules(&session);
    session.apply();
    shares(&mut session);
    session.wait(12 * HOUR);
    session.approve();
    session.wait(12 * HOUR);
    session.apply();
    session.approve();
    shares(&mut session);
    session.wait(49 * HOUR);
    session.approve();
    shares(&mut session);
    session.wait(25 * HOUR);
    session.apply();
    shares(&mut session);
    session.wait(7 * 24 * HOUR + 5 * HOUR);
    session.apply();
    session.approve();
    session.look("web");
    shares(&mut session);
    session.apply();
    // Cohorts were turned on and off by weights: every rule is there as before, under the ARN it had.
    assert_eq!(rules(&session), before);
    insta::assert_snapshot!(session.log());
}

#[test]
fn an_alarm_in_a_gated_bake() {
    let mut told = String::new();
    for approvals in 0..3 {
        let mut session = hybrid();
        session.apply();
        for _ in 0..approvals {
            session.wait(49 * HOUR);
            session.approve();
        }
        session.restart();
        session.look("web");
        session.alarm("web", "green", "error-rate", HOUR);
        session.wait(49 * HOUR);
        session.apply();
        shares(&mut session);
        session.look("web");
        told.push_str(session.log());
        told.push('\n');
    }
    insta::assert_snapshot!(told);
}

#[test]
fn an_approval_that_comes_too_late() {
    let mut session = hybrid();
    session.apply();
    session.restart();
    session.wait(24 * HOUR + 3 * 24 * HOUR + HOUR);
    session.approve();
    session.look("web");
    insta::assert_snapshot!(session.log());
}
