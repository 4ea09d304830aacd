//! Topics that CloudFormation tells of stack events: on every stack that asagi or Sceptre makes, and kept by phases.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::live::IMAGES;
use super::target::{calm, direct};
use crate::drive::rollout::Rollout;
use crate::support::{Account, Boto};

const TOPICS: [&str; 2] = ["stack-events", "audit"];
const EMAIL: &str = "notifications: { email: [poc@example.co.jp] }";

fn arns() -> Vec<String> {
    TOPICS.map(|name| format!("arn:aws:sns:ap-northeast-1:444455556666:{name}")).to_vec()
}

/// The poc whose spec names the topics, which are there.
fn account() -> Account {
    let named = format!(
        "notifications: {{ email: [poc@example.co.jp], stackEvents: [\"{}\"] }}",
        arns().join("\", \"")
    );
    let account = Account::with("poc", &[(EMAIL, &named)]);
    for name in TOPICS {
        account.client().call("sns", "create_topic", json!({ "Name": name }));
    }
    account
}

/// What is told of each stack: the stack's name and its topics.
fn told(boto: &mut Boto) -> Vec<(String, Vec<String>)> {
    let answer = boto.call("cloudformation", "describe_stacks", json!({}));
    let texts =
        |list: &Value| list.as_array().unwrap().iter().map(|it| it.as_str().unwrap().to_owned()).collect();
    let stacks = answer["Stacks"].as_array().unwrap().iter();
    stacks.map(|it| (it["StackName"].as_str().unwrap().to_owned(), texts(&it["NotificationARNs"]))).collect()
}

#[test]
fn every_stack_tells_the_topics_and_phases_leave_them() {
    let account = account();
    let (cloud, mut boto) = (direct(&account.server, "test"), account.client());
    let rollout = Rollout::of(&cloud, account.root(), "poc");
    rollout.apply(&rollout.plan(), false);
    calm(&mut boto);
    let before = told(&mut boto);
    assert!(before.len() > 8 && before.iter().all(|(_, topics)| *topics == arns()), "{before:?}");

    rollout.release("1.1", IMAGES[0]).finish(false).unwrap();
    let after = told(&mut boto);
    assert!(after.iter().all(|(_, topics)| *topics == arns()), "{after:?}");
}

#[test]
fn a_spec_that_names_none_leaves_those_that_somebody_gave_a_stack() {
    let account = account();
    let (cloud, mut boto) = (direct(&account.server, "test"), account.client());
    let rollout = Rollout::of(&cloud, account.root(), "poc");
    rollout.apply(&rollout.plan(), false);
    let path = account.root().join("environments/poc.yaml");
    let spec = std::fs::read_to_string(&path).unwrap();
    let named = spec.lines().find(|line| line.starts_with("notifications:")).unwrap();
    let topics_of = |boto: &mut Boto| -> BTreeSet<usize> {
        told(boto).into_iter().map(|(_, topics)| topics.len()).collect()
    };
    // The tag is what changes every stack.
    for (notifications, tag, expected) in [
        (EMAIL, "one", TOPICS.len()),
        ("notifications: { email: [poc@example.co.jp], stackEvents: [] }", "two", 0),
    ] {
        let tagged = spec.replace(named, &format!("{notifications}\ntags: {{ Round: {tag} }}"));
        std::fs::write(&path, tagged).unwrap();
        let rollout = Rollout::of(&cloud, account.root(), "poc");
        rollout.run(&rollout.plan(), false);
        assert_eq!(topics_of(&mut boto), BTreeSet::from([expected]), "{notifications}");
    }
}

#[test]
fn sceptre_gives_them_too() {
    let account = account();
    let rendered = account.rendered();
    account.sceptre(&rendered).succeed(&["launch", "-y", "poc/notifications.yaml"]);
    let seen = told(&mut account.client());
    let names: Vec<_> = seen.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["poc-poc-foundation", "poc-poc-notifications"]);
    assert!(seen.iter().all(|(_, topics)| *topics == arns()), "{seen:?}");
}
