//! Values that only the deployment knows: behind SSM parameter types, NoEcho, and dynamic references.

use super::*;
use crate::diff::diff_deployed;

const QUEUE: &str = "
Parameters: { Name: { Type: 'AWS::SSM::Parameter::Value<String>', Default: /shop/name } }
Resources:
  Queue: { Type: AWS::SQS::Queue, Properties: { QueueName: !Ref Name } }
  Topic: { Type: AWS::SNS::Topic, Properties: { DisplayName: one } }
";

/// The stack has `orders` behind `/shop/name`.
fn stack(text: &str) -> Side {
    let dynamic = [("resolve:ssm:/shop/name".to_owned(), Effective::text("orders"))].into();
    Side { dynamic, ..deployed(text, &[]) }
}

/// The value now: another, or nobody knows.
fn now(text: &str, value: Option<&str>) -> Side {
    let name = "resolve:ssm:/shop/name";
    let value = value.map_or_else(|| Effective::unknown(format!("{{{{{name}}}}}")), Effective::text);
    Side { dynamic: [(name.to_owned(), value)].into(), ..side(text, &[]) }
}

#[test]
fn what_has_moved_behind_a_name_is_told_and_waits_for_another_change() {
    let edited = QUEUE.replace("DisplayName: one", "DisplayName: two");
    let told = |text: &str, value: Option<&str>| {
        let diff = diff_deployed(&now(text, value), &stack(QUEUE));
        let what = if diff.is_empty() { "nothing to do" } else { "to do" };
        format!("{what}\n{}{}", human(&diff), predicted(&diff))
    };
    let cases = [
        told(QUEUE, Some("orders")),
        told(QUEUE, Some("orders-2")),
        told(QUEUE, None),
        told(&edited, Some("orders")),
        told(&edited, Some("orders-2")),
        told(&edited, None),
    ];
    insta::assert_snapshot!(cases.join("\n===\n"), @"
nothing to do
1 stack unchanged: idhub-prod-web

===
nothing to do
idhub-prod-web: no resource changes
  the SSM parameter /shop/name has moved: orders → orders-2; `Queue` will be replaced with the next change of the stack
Modify Queue True ReplaceAndDelete
  Properties QueueName Always by Name
===
nothing to do
1 stack unchanged: idhub-prod-web
Modify Queue Conditional ReplaceAndDelete
  Properties QueueName Always by Name
===
to do
idhub-prod-web: 1 to change
  ~ AWS::SNS::Topic Topic
      ~ DisplayName: one → two
Modify Topic False
  Properties DisplayName Never
===
to do
idhub-prod-web: 1 to change, 1 to replace
  -/+ AWS::SQS::Queue Queue, replaced: the old one is deleted
      ~ QueueName: orders → orders-2  forces replacement  (Name)
  ~ AWS::SNS::Topic Topic
      ~ DisplayName: one → two
  the SSM parameter /shop/name has moved: orders → orders-2; `Queue` will be replaced
Modify Queue True ReplaceAndDelete
  Properties QueueName Always by Name
Modify Topic False
  Properties DisplayName Never
===
to do
idhub-prod-web: 1 to change
  ~ AWS::SNS::Topic Topic
      ~ DisplayName: one → two
  may follow: Queue (may be replaced)
  the SSM parameter /shop/name may have moved from orders, and cannot be read; `Queue` may be replaced
Modify Queue Conditional ReplaceAndDelete
  Properties QueueName Always by Name
Modify Topic False
  Properties DisplayName Never
");
}

#[test]
fn another_name_is_a_change_of_its_own() {
    let renamed = QUEUE.replace("/shop/name", "/shop/other");
    let dynamic = [("resolve:ssm:/shop/other".to_owned(), Effective::text("orders"))].into();
    let same = diff_deployed(&Side { dynamic, ..side(&renamed, &[]) }, &stack(QUEUE));
    assert_eq!(same.resource("Queue"), None, "it comes to the same value");
    let dynamic = [("resolve:ssm:/shop/other".to_owned(), Effective::text("bills"))].into();
    let other = diff_deployed(&Side { dynamic, ..side(&renamed, &[]) }, &stack(QUEUE));
    assert_eq!(other.resource("Queue").map(|it| it.change), Some(crate::diff::Change::Replace));
    assert_eq!(other.moved, [], "nothing has moved behind a name");
}

#[test]
fn what_cannot_be_read_back_changes_nothing_by_itself() {
    let text = "
Parameters: { Key: { Type: String, NoEcho: true }, Size: { Type: String } }
Resources:
  Database: { Type: AWS::RDS::DBInstance, Properties: { MasterUserPassword: !Ref Key, DBInstanceClass: !Ref Size } }";
    let told = |given: &[&str]| {
        let diff = diff_deployed(&side(text, given), &deployed(text, &["Key=****", "Size=small"]));
        let words = diff.unreadable_words().unwrap_or_default();
        let what = if diff.sends_again() { "sends again" } else { "does not send for that alone" };
        format!("{what}: {words}\n{}{}", human(&diff), predicted(&diff))
    };
    let cases = [told(&["Key=hunter2222", "Size=small"]), told(&["Key=hunter2222", "Size=large"])];
    insta::assert_snapshot!(cases.join("\n===\n"), @"
sends again: `Key` is NoEcho and cannot be read back: it is sent with every apply, and CloudFormation tells whether anything changes
1 stack unchanged: idhub-prod-web
Modify Database False
  Properties MasterUserPassword Never by Key
===
does not send for that alone: `Key` is NoEcho and cannot be read back: it is sent with every apply, and CloudFormation tells whether anything changes
idhub-prod-web: 1 to change
  ~ AWS::RDS::DBInstance Database
      ~ DBInstanceClass: small → large  (Size)
      ~ MasterUserPassword: hidden, perhaps changed  (Key)
Modify Database False
  Properties MasterUserPassword Never by Key
  Properties DBInstanceClass Never by Size
");
    assert!(!cases.concat().contains("hunter"));
}

#[test]
fn a_dynamic_reference_is_told_where_it_is_looked_up_anew() {
    let text = |size: &str| {
        format!(
            "
Resources:
  Database:
    Type: AWS::RDS::DBInstance
    Properties:
      MasterUserPassword: '{{{{resolve:secretsmanager:db:SecretString:password}}}}'
      DBName: '{{{{resolve:ssm:/shop/db:3}}}}'
      DBInstanceClass: {size}"
        )
    };
    assert_eq!(human(&diff(&text("a"), &text("a"))), "1 stack unchanged: idhub-prod-web\n");
    insta::assert_snapshot!(human(&diff(&text("a"), &text("b"))), @r"
idhub-prod-web: 1 to change
  ~ AWS::RDS::DBInstance Database
      ~ DBInstanceClass: a → b
      may be looked up anew with it: {{resolve:secretsmanager:db:SecretString:password}}
");
}
