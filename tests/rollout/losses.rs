//! Edits that stop users or lose data: asked for by name.

use asagi::ops::ApplyOptions;

use super::session::{Session, options};

#[test]
fn a_load_balancer_that_would_be_replaced() {
    let mut session = Session::poc();
    session.edit("scheme: internal", "scheme: internet-facing");
    let before = session.cloud.requests().len();
    session.stands(&options());
    session.apply();
    let some =
        ApplyOptions { allow_loss: vec!["poc-poc-load-balancer/LoadBalancer".to_owned()], ..options() };
    session.stands(&some);
    session.apply_with("apply --allow-loss one of them", &some);
    assert_eq!(session.cloud.requests().len(), before, "it was refused before its first call");
    insta::assert_snapshot!(session.log());
}

#[test]
fn a_table_of_ones_own_that_would_go() {
    let mut session = Session::poc();
    let table = |keys: &str, policies: &str| {
        format!(
            "Resources:\n  Users:\n    Type: AWS::DynamoDB::Table\n{policies}    Properties:\n      BillingMode: PAY_PER_REQUEST\n      AttributeDefinitions: [{{ AttributeName: {keys}, AttributeType: S }}]\n      KeySchema: [{{ AttributeName: {keys}, KeyType: HASH }}]\n"
        )
    };
    let kept = "    DeletionPolicy: Retain\n    UpdateReplacePolicy: Retain\n";
    session.files.add("environments/stacks/users.yaml", &table("id", ""));
    session.edit("roles:", "stacks: { users: { template: ./stacks/users.yaml } }\nroles:");
    session.apply();
    session.files.add("environments/stacks/users.yaml", &table("name", ""));
    session.say("the key of the table changes");
    session.stands(&options());
    session.apply();
    session.files.add("environments/stacks/users.yaml", &table("id", kept));
    session.say("what keeps it goes first");
    session.stands(&options());
    session.apply();
    session.files.add("environments/stacks/users.yaml", &table("name", kept));
    session.stands(&options());
    session.apply();
    insta::assert_snapshot!(session.log());
}
