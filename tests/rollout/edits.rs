//! Edits that are no release, before and in the middle of one.

use asagi::cfn::ParameterValue;

use super::session::Session;

/// Parameters that phases move and nothing else does.
fn is_phase(name: &str) -> bool {
    name.ends_with("Weight")
        || ["StickinessSeconds", "RolloutRecord", "ImageId", "MinSize", "MaxSize", "UpdateMode"]
            .contains(&name)
}

/// Every request that brings a template leaves the phases' parameters as they are.
fn leaves_phases_alone(session: &Session) {
    for request in session.cloud.requests() {
        if request.template.is_none() || request.kind == asagi::cfn::ChangeSetType::Create {
            continue;
        }
        for (name, value) in request.parameters.iter().filter(|(name, _)| is_phase(name)) {
            assert_eq!(*value, ParameterValue::Previous, "{name} of {}", request.stack_name);
        }
    }
}

/// Everyone arrives, and then what has waited comes; answers what was told.
fn to_the_end(mut session: Session) -> String {
    for _ in 0..2 {
        session.apply();
        session.look("web");
    }
    leaves_phases_alone(&session);
    session.log().to_owned()
}

#[test]
fn an_unrelated_edit_in_the_middle_of_a_rollout() {
    let mut session = Session::poc_to_1_1();
    session.until("shift-10");
    session.restart();
    session.look("web");
    session.edit("region: ap-northeast-1", "region: ap-northeast-1\ntags: { Team: web }");
    session.edit("    release: \"1.1\"", "    alarms:\n      - { metric: cpu, critical: 85, for: 5m }\n      - { metric: healthy-hosts, critical: 0.5, for: 3m }\n    release: \"1.1\"");
    session.edit("deregistrationDelay: 30", "deregistrationDelay: 45");
    for stack in session.plan().unwrap().deferred {
        session.say(&format!("plan: {} waits until {}", stack.stack, stack.until));
    }
    session.next();
    session.look("web");
    insta::assert_snapshot!(to_the_end(session));
}

#[test]
fn a_capacity_edit_in_the_middle_of_a_rollout() {
    let mut session = Session::poc_to_1_1();
    session.until("shift-10");
    session.restart();
    session.edit("capacity: { min: 2, max: 4 }", "capacity: { min: 5, max: 8 }");
    insta::assert_snapshot!(to_the_end(session));
}

/// The spec asks for more once everyone has moved: the new slot grows before the old one is emptied.
#[test]
fn a_capacity_edit_in_the_hold() {
    let mut session = Session::poc_to_1_1();
    session.until("shift-100");
    session.restart();
    session.edit("capacity: { min: 2, max: 4 }", "capacity: { min: 3, max: 5 }");
    insta::assert_snapshot!(to_the_end(session));
}

#[test]
fn what_instances_are_launched_as_is_held_until_a_release() {
    let mut session = Session::poc();
    session.edit("type: t3.small", "type: t3.medium\n      scaling: { cpu: 40 }");
    let plan = session.plan().unwrap();
    let stacks: Vec<String> = plan
        .levels
        .iter()
        .flatten()
        .map(|stack| {
            let changes: Vec<&str> =
                stack.predicted.iter().map(|change| change.logical_id.as_str()).collect();
            format!("{}: {}", stack.key, changes.join(" "))
        })
        .collect();
    session.say(&format!("planned stacks: {stacks:#?}"));
    session.apply();
    session.look("web");
    session.apply();
    leaves_phases_alone(&session);
    insta::assert_snapshot!(session.log());
}

/// The live group runs more than the spec's minimum: the candidate gets as many, both are kept at that until the new
/// one is live, and the old one until it is retired.
#[test]
fn a_group_that_has_grown_is_matched() {
    let mut session = Session::poc();
    session.edit("capacity: { min: 2, max: 4 }", "capacity: { min: 4, max: 4 }");
    session.apply();
    session.edit("capacity: { min: 4, max: 4 }", "capacity: { min: 2, max: 4 }");
    session.apply();
    session.wait(std::time::Duration::from_secs(300));
    session.look("web");
    session.edit("release: \"1.0\"", "release: \"1.1\"");
    for _ in 0..8 {
        session.next();
        session.look("web");
    }
    insta::assert_snapshot!(session.log());
}

/// The candidate was filled for one release, and then the spec asks for another.
#[test]
fn a_candidate_that_was_filled_for_another_release() {
    let mut session = Session::poc_to_1_1();
    session.next();
    session.files.edit("environments/images.lock.yaml", "      \"1.1\":\n        - build: \"2026-11-18\"\n", "      \"1.2\":\n        - build: \"2026-11-19\"\n          images: { base: ami-07a5c7e9fb1d24c67, middleware: ami-08b6d8fa0c2e35d78, application: ami-0ad8fabc2e40571aa }\n      \"1.1\":\n        - build: \"2026-11-18\"\n");
    session.edit("release: \"1.1\"", "release: \"1.2\"");
    session.apply();
    session.look("web");
    let images = session.images("web-green");
    session.say(&format!("instances of green: {images:?}"));
    insta::assert_snapshot!(session.log());
}

/// The pull request is reverted when the other slot was filled, and when it was verified: its instances run for nothing and
/// go, and nobody was moved.
#[test]
fn a_release_that_is_given_up_before_traffic_has_moved() {
    let mut told = String::new();
    for phase in ["provision", "verify"] {
        let mut session = Session::poc_to_1_1();
        session.until(phase);
        session.restart();
        session.edit("release: \"1.1\"", "release: \"1.0\"");
        session.status();
        session.apply();
        session.look("web");
        session.apply();
        told.push_str(&format!("given up after {phase}\n{}\n", session.log()));
    }
    insta::assert_snapshot!(told);
}

/// The pull request is reverted when users are on both slots already: the one thing to do is to go back, and it is named.
#[test]
fn a_release_that_is_given_up_after_traffic_has_moved() {
    let mut session = Session::poc_to_1_1();
    session.until("shift-10");
    session.restart();
    session.edit("release: \"1.1\"", "release: \"1.0\"");
    session.status();
    session.apply();
    session.rollback("web");
    session.look("web");
    session.status();
    session.apply();
    insta::assert_snapshot!(session.log());
}
