//! Stacks that come into being.

use super::SHOP;
use crate::conform::agree;
use crate::conform::differences::Difference::{
    Cleanup, CreationInitiated, ExportWords, Reasons, ReviewAnew, Untouched,
};

#[test]
fn a_stack_is_created_in_the_order_of_its_references() {
    agree("created", &[Reasons, CreationInitiated, Cleanup, Untouched], |scene| {
        let made = scene.make(&scene.ask("first").template(SHOP)).unwrap();
        scene.rest();
        scene.execute(&made);
        let id = made.stack_id.clone();
        scene.order(&id, "CREATE", "First", "Second");
        scene.resources();
        scene.deploy(&scene.ask("both").value("Color", "green").value("Seconds", "60"));
        scene.delete();
        scene.order(&id, "DELETE", "Second", "First");
    });
}

#[test]
fn a_change_set_alone_is_a_stack_in_review() {
    agree("review", &[Reasons, ReviewAnew], |scene| {
        let made = scene.make(&scene.ask("first").template(SHOP)).unwrap();
        scene.rest();
        scene.make(&scene.ask("other").template(SHOP).value("Color", "green"));
        let id = made.id.clone();
        scene.call("delete the change set", async |cloud| cloud.delete_change_set(&id).await);
        scene.call("delete it again", async |cloud| cloud.delete_change_set(&id).await);
        scene.call("describe it", async |cloud| cloud.describe_change_set(&id).await);
        scene.rest();
        scene.delete();
    });
}

/// What a condition leaves out is neither made nor put out.
#[test]
fn conditions_leave_out_resources_and_outputs() {
    const TEMPLATE: &str = r#"
Parameters: { More: { Type: String, Default: "no" } }
Conditions: { Wanted: !Equals [!Ref More, "yes"] }
Resources:
  Always: { Type: AWS::SNS::Topic }
  Sometimes: { Type: AWS::SQS::Queue, Condition: Wanted }
Outputs:
  More: { Value: !If [Wanted, two, one] }
  Sometimes: { Condition: Wanted, Value: !Ref Sometimes }
"#;
    agree("conditions", &[Reasons, CreationInitiated, Cleanup, Untouched], |scene| {
        scene.deploy(&scene.ask("first").template(TEMPLATE));
        scene.deploy(&scene.ask("more").value("More", "yes"));
        scene.resources();
        scene.deploy(&scene.ask("less").value("More", "no"));
        scene.resources();
    });
}

#[test]
fn exports_feed_other_stacks() {
    const EXPORTS: &str = r#"
Resources: { Topic: { Type: AWS::SNS::Topic } }
Outputs: { Topic: { Value: !Ref Topic, Export: { Name: conform-topic } } }
"#;
    const IMPORTS: &str = r#"
Resources:
  Note:
    Type: AWS::SSM::Parameter
    Properties: { Type: String, Value: !ImportValue conform-topic }
"#;
    agree("exports", &[Reasons, CreationInitiated, ExportWords], |scene| {
        scene.deploy(&scene.ask("first").template(EXPORTS));
        scene.deploy(&scene.ask_of("exports-user", "first").template(IMPORTS));
        scene.rest_of("exports-user");
        scene.delete();
        scene.delete_stack("exports-user");
        scene.delete();
    });
}

/// Loops are what they make, and a longer collection makes more.
#[test]
fn loops_are_unrolled() {
    const TEMPLATE: &str = r#"
Transform: AWS::LanguageExtensions
Parameters: { Names: { Type: CommaDelimitedList, Default: "Orders,Refunds" } }
Resources:
  Fn::ForEach::Topics:
    - Name
    - !Ref Names
    - Topic${Name}: { Type: AWS::SNS::Topic, Properties: { DisplayName: !Sub "${Name} of ${AWS::Region}" } }
  Log: { Type: AWS::SQS::Queue, DependsOn: TopicOrders }
Outputs:
  Fn::ForEach::Arns:
    - Name
    - !Ref Names
    - Arn${Name}: { Value: !GetAtt [!Sub "Topic${Name}", TopicArn] }
"#;
    agree("loops", &[Reasons, CreationInitiated, Cleanup, Untouched], |scene| {
        scene.deploy(&scene.ask("first").capable("CAPABILITY_AUTO_EXPAND").template(TEMPLATE));
        scene.resources();
        let more = scene.ask("more").capable("CAPABILITY_AUTO_EXPAND").template(TEMPLATE);
        scene.deploy(&more.value("Names", "Orders,Returns,Notes"));
        scene.resources();
    });
}
