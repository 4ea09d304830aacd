//! Texts outside ASCII: CloudFormation gives them back as question marks, and nothing may come of that.

use std::time::Duration;

use asagi::cfn::{ChangeSetType, CreateChangeSet, Template};
use asagi::cloud::CloudFormation;

use super::block;
use super::session::Session;

const SCRIPT: &str = "environments/user-data/poc.sh";

fn parameter(text: &str) -> String {
    format!(
        "# 夜間の設定\nDescription: Mode of the batch\nResources:\n  Mode:\n    Type: AWS::SSM::Parameter\n    Properties:\n      Type: String\n      Value: {text}\n"
    )
}

/// The proof of concept, asked for release 1.1 with Japanese in its user data, and with a stack of its own.
fn japanese() -> Session {
    let mut session = Session::poc();
    let script = String::from_utf8(asagi::source::Files::read(&session.files, SCRIPT).unwrap());
    session.files.add(SCRIPT, &script.unwrap().replace("set -euo", "# 夜間は停止する\nset -euo"));
    session.files.add("environments/stacks/batch.yaml", &parameter("夜間 😀"));
    session.edit("roles:", "stacks: { batch: { template: ./stacks/batch.yaml } }\nroles:");
    session.edit("release: \"1.0\"", "release: \"1.1\"");
    session.apply();
    session.apply();
    session
}

#[test]
fn what_was_sent_settles_and_other_edits_go_through() {
    let mut session = japanese();
    for request in session.cloud.requests() {
        let values = request.template.unwrap_or_default();
        let values = values.lines().filter(|line| !line.trim_start().starts_with('#'));
        assert!(values.clone().all(str::is_ascii), "{:?}", values.collect::<Vec<_>>());
    }
    assert!(session.plan().unwrap().is_empty(), "{:#?}", session.plan());
    session.edit("region: ap-northeast-1", "region: ap-northeast-1\ntags: { Team: 夜間 }");
    assert!(session.plan().unwrap().roles.is_empty(), "no release comes of a tag");
    session.restart();
    session.apply();
    assert!(session.plan().unwrap().is_empty(), "{:#?}", session.plan());
    session.files.add("environments/stacks/batch.yaml", &parameter("昼間 😀"));
    let diff = session.diff();
    let changed: Vec<_> = diff.lines().filter(|line| !line.contains("unchanged")).collect();
    insta::assert_snapshot!(changed.join("\n").trim_end(), @"
    poc-poc-batch: 1 to change
      ~ AWS::SSM::Parameter Mode
          ~ Value: 夜間 😀 → 昼間 😀
    ");
}

/// What another tool sent as it was written comes back with question marks in it.
#[test]
fn what_others_sent_as_it_is_is_the_same_as_far_as_anybody_can_tell() {
    let mut session = japanese();
    let stack = format!("{}-batch", session.prefix);
    let cases = [
        ("夜間 😀", "夜間 😀", true),
        ("夜", "夜", true),
        ("昼間 😀", "夜間 😀", true),
        ("夜", "夜間", false),
        ("\"?\"", "夜", true),
    ];
    for (index, (sent, desired, same)) in cases.into_iter().enumerate() {
        let asked = session.cloud.requests().into_iter().rfind(|request| request.stack_name == stack);
        let request = CreateChangeSet {
            name: format!("by-hand-{index}"),
            kind: ChangeSetType::Update,
            template: Some(parameter(sent)),
            client_token: format!("by-hand-{index}"),
            ..asked.unwrap()
        };
        let id = block(session.cloud.local.create_change_set(&request)).unwrap();
        session.wait(Duration::from_secs(10));
        if !block(session.cloud.local.describe_change_set(&id)).unwrap().is_empty() {
            block(session.cloud.local.execute_change_set(&id, "go")).unwrap();
            session.wait(Duration::from_secs(60));
        }
        session.files.add("environments/stacks/batch.yaml", &parameter(desired));
        assert_eq!(session.plan().unwrap().is_empty(), same, "{sent} for {desired}\n{}", session.diff());
    }
    let text = block(session.cloud.local.get_template(&stack)).unwrap();
    assert_eq!(
        text,
        Template::read_back(&parameter("\"?\"")),
        "the embedded target loses what CloudFormation loses"
    );
}
