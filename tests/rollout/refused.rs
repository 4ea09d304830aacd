//! What CloudFormation would refuse is told by diff and plan, and stops an apply before its first call.

use super::session::{Session, options};

const ALPHA: &str = "environments/stacks/alpha.yaml";
const BRAVO: &str = "environments/stacks/bravo.yaml";

/// Two stacks of a team's own beside the others, applied.
fn applied(alpha: &str, bravo: &str) -> Session {
    let mut session = Session::poc();
    session.files.add(ALPHA, alpha);
    session.files.add(BRAVO, bravo);
    session.edit(
        "roles:",
        "stacks: { alpha: { template: ./stacks/alpha.yaml }, bravo: { template: ./stacks/bravo.yaml } }\nroles:",
    );
    session.apply();
    session
}

/// The diff's line that says so, and that nothing runs.
fn refused(session: &mut Session) -> String {
    let diff = session.diff();
    let told: Vec<&str> = diff.lines().map(str::trim).filter(|line| line.starts_with('!')).collect();
    let before = session.cloud.requests().len();
    session.stands(&options());
    session.apply();
    assert_eq!(session.cloud.requests().len(), before, "it was refused before its first call");
    told.join("\n")
}

#[test]
fn an_export_that_another_stack_imports() {
    let alpha = |name: &str| {
        format!(
            "Resources: {{ Shared: {{ Type: AWS::SNS::Topic, Properties: {{ TopicName: {name} }} }} }}\nOutputs: {{ Arn: {{ Value: !Ref Shared, Export: {{ Name: shared }} }} }}\n"
        )
    };
    let bravo = |value: &str| {
        format!(
            "Resources: {{ P: {{ Type: AWS::SSM::Parameter, Properties: {{ Name: /p, Type: String, Value: {value} }} }} }}\n"
        )
    };
    let mut session = applied(&alpha("one"), &bravo("!ImportValue shared"));
    session.files.add(ALPHA, &alpha("two"));
    insta::assert_snapshot!(refused(&mut session), @"! /Outputs/Arn/Export: export `shared` changes while `bravo` imports it, which an update refuses: let `bravo` take the value as a parameter, `{ output: alpha.Arn }`, and apply that first");
    session.files.add(ALPHA, &alpha("one"));
    session.files.add(BRAVO, &bravo("none"));
    session.say("bravo lets go of it");
    session.apply();
    session.files.add(ALPHA, &alpha("two"));
    session.apply();
    assert_eq!(session.log().matches("broke off").count(), 1, "{}", session.log());
}

#[test]
fn names_versions_types_and_functions_that_stay() {
    let alpha = |body: &str| format!("Resources:\n  A: {body}\n");
    let bravo = "Resources: { B: { Type: AWS::SNS::Topic } }\n";
    let mut told = Vec::new();
    for (before, after) in [
        (
            "{ Type: AWS::ImageBuilder::Component, Properties: { Name: tool, Version: 1.0.0, Platform: Linux, Data: one } }",
            "{ Type: AWS::ImageBuilder::Component, Properties: { Name: tool, Version: 1.0.0, Platform: Linux, Data: two } }",
        ),
        (
            "{ Type: AWS::ECR::Repository, Properties: { RepositoryName: web } }",
            "{ Type: AWS::ECR::Repository, Properties: { RepositoryName: web, EncryptionConfiguration: { EncryptionType: KMS } } }",
        ),
        ("{ Type: AWS::SNS::Topic }", "{ Type: AWS::SQS::Queue }"),
        (
            "{ Type: Custom::Thing, Properties: { ServiceToken: 'arn:aws:lambda:ap-northeast-1:111122223333:function:a' } }",
            "{ Type: Custom::Thing, Properties: { ServiceToken: 'arn:aws:lambda:ap-northeast-1:111122223333:function:b' } }",
        ),
    ] {
        let mut session = applied(&alpha(before), bravo);
        session.files.add(ALPHA, &alpha(after));
        told.push(refused(&mut session));
    }
    insta::assert_snapshot!(told.join("\n"));
}
