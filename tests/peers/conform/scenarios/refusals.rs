//! What is refused before anything is done.

use asagi::cfn::ChangeSetType;

use super::SHOP;
use crate::conform::agree;
use crate::conform::differences::Difference::{
    AbsentWords, Capabilities, CreationInitiated, FormWords, LengthWords, PresentWords, Reasons, Unchecked,
};

#[test]
fn the_kind_of_a_change_set_fits_the_stack() {
    agree("kinds", &[AbsentWords, PresentWords], |scene| {
        scene.make(&scene.ask("update").template(SHOP).kind(ChangeSetType::Update));
        scene.given(&scene.ask("first").template(SHOP));
        scene.make(&scene.ask("create").template(SHOP).kind(ChangeSetType::Create));
        let nowhere = scene.describe("nowhere").is_none();
        scene.fact(&format!("a stack that is not there is none: {nowhere}"));
        scene.call("events of it", async |cloud| cloud.describe_stack_events("nowhere", None).await);
        scene.call("resources of it", async |cloud| cloud.describe_stack_resources("nowhere").await);
        scene.call("template of it", async |cloud| cloud.get_template("nowhere").await);
        scene.call("protect it", async |cloud| cloud.update_termination_protection("nowhere", true).await);
        scene.call("cancel it", async |cloud| cloud.cancel_update_stack("nowhere", "token").await);
        scene.call("cancel what does not run", async |cloud| {
            cloud.cancel_update_stack("kinds", "token").await
        });
        scene.call("delete it", async |cloud| cloud.delete_stack("nowhere", "token").await);
    });
}

#[test]
fn a_name_is_taken_once() {
    agree("taken", &[Unchecked], |scene| {
        let ask = scene.ask("first").template(SHOP);
        scene.make(&ask);
        let mut other = ask.value("Color", "green");
        other.0.client_token = "another".to_owned();
        scene.make(&other);
        let mut odd = scene.ask("odd_name").template(SHOP);
        scene.make(&odd);
        odd.0.name = "1".to_owned();
        scene.make(&odd);
    });
}

#[test]
fn templates_have_a_form_and_a_length() {
    let long = format!("{SHOP}\n# {}\n", "x".repeat(51_200));
    agree("forms", &[LengthWords, FormWords, Unchecked], |scene| {
        scene.make(&scene.ask("long").template(&long));
        for (name, text) in [
            ("type", "Resources: { A: { Type: AWS::EC2::Nothing } }"),
            ("empty", "Parameters: {}"),
            (
                "reference",
                "Resources: { A: { Type: AWS::SNS::Topic, Properties: { TopicName: !Ref Nobody } } }",
            ),
            (
                "circle",
                "Resources: { A: { Type: AWS::SNS::Topic, DependsOn: B }, B: { Type: AWS::SNS::Topic, DependsOn: A } }",
            ),
            ("mark", "Resources: ["),
        ] {
            scene.make(&scene.ask(name).template(text));
        }
        scene.rest();
    });
}

#[test]
fn identity_wants_a_capability() {
    const ROLE: &str = r#"
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties: { RoleName: conform-role, AssumeRolePolicyDocument: { Version: "2012-10-17", Statement: [] } }
"#;
    agree("capability", &[Capabilities], |scene| {
        scene.make(&scene.ask("none").template(ROLE));
        scene.make(&scene.ask("small").template(ROLE).capable("CAPABILITY_IAM"));
        scene.make(&scene.ask("named").template(ROLE).capable("CAPABILITY_NAMED_IAM"));
    });
}

/// Histories and change sets are longer than a page of the service.
#[test]
fn pages_are_put_together() {
    let topics: String = (0..60).map(|n| format!("  T{n:02}: {{ Type: AWS::SNS::Topic }}\n")).collect();
    let template = format!("Resources:\n{topics}");
    agree("pages", &[Reasons, CreationInitiated], |scene| {
        if let Some(made) = scene.make(&scene.ask("first").template(&template)) {
            scene.execute(&made);
        }
        scene.resources();
    });
}
