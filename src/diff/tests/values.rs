//! Values in place.

use indexmap::IndexMap;

use super::*;
use crate::diff::{diff_removed_stack, diff_texts};

const RULE: &str = "
Parameters:
  BlueWeight: { Type: Number, Default: 100 }
  GreenWeight: { Type: Number, Default: 0 }
  StickinessSeconds: { Type: Number, Default: 0 }
Conditions: { IsSticky: !Not [!Equals [!Ref StickinessSeconds, 0]] }
Resources:
  AllRule:
    Type: AWS::ElasticLoadBalancingV2::ListenerRule
    Properties:
      Priority: 100
      ListenerArn: arn:listener
      Actions:
        - Type: forward
          ForwardConfig:
            TargetGroups:
              - { TargetGroupArn: arn:blue, Weight: !Ref BlueWeight }
              - { TargetGroupArn: arn:green, Weight: !Ref GreenWeight }
            TargetGroupStickinessConfig: !If
              - IsSticky
              - { Enabled: true, DurationSeconds: !Ref StickinessSeconds }
              - { Enabled: false }
Outputs: { Weights: { Value: !Sub '${BlueWeight}/${GreenWeight}' } }
";

#[test]
fn a_shift_of_weight() {
    let (before, after) = (
        deployed(RULE, &["BlueWeight=90", "GreenWeight=10"]),
        side(RULE, &["BlueWeight=50", "GreenWeight=50", "StickinessSeconds=60"]),
    );
    let diff = diff_stack(&after, Some(&before));
    insta::assert_snapshot!(human(&diff), @r"
idhub-prod-web: 1 to change
  ~ AWS::ElasticLoadBalancingV2::ListenerRule AllRule
      ~ Actions[0].ForwardConfig.TargetGroups[0].Weight: 90 → 50  (BlueWeight)
      ~ Actions[0].ForwardConfig.TargetGroups[1].Weight: 10 → 50  (GreenWeight)
      ~ Actions[0].ForwardConfig.TargetGroupStickinessConfig.Enabled: false → true  (StickinessSeconds)
      + Actions[0].ForwardConfig.TargetGroupStickinessConfig.DurationSeconds: 60  (StickinessSeconds)
  conditions
      ~ IsSticky: false → true
  outputs
      ~ Weights: 90/10 → 50/50
");
    insta::assert_snapshot!(predicted(&diff), @r"
Modify AllRule False
  Properties Actions Never by BlueWeight
");
}

#[test]
fn the_same_written_otherwise() {
    let before = "
Resources:
  Group:
    Type: AWS::AutoScaling::AutoScalingGroup
    Properties: { MinSize: '4', MaxSize: 12, Tags: [{ Key: Name, Value: web, PropagateAtLaunch: true }] }";
    let after = r#"{"Resources": {"Group": {"Properties": {"MaxSize": "12", "MinSize": 4, "Tags":
        [{"Key": "Name", "PropagateAtLaunch": "true", "Value": {"Fn::Sub": "web"}}]}, "Type": "AWS::AutoScaling::AutoScalingGroup"}}}"#;
    assert_eq!(human(&diff(before, after)), "1 stack unchanged: idhub-prod-web\n");
}

#[test]
fn another_order_of_what_has_none() {
    let group = |rules: &str, extra: &str| {
        format!(
            "Resources: {{ Group: {{ Type: AWS::EC2::SecurityGroup, Properties: {{ GroupDescription: a, SecurityGroupIngress: [{rules}]{extra} }} }} }}"
        )
    };
    let (http, https) = ("{ IpProtocol: tcp, FromPort: 80 }", "{ IpProtocol: tcp, FromPort: '443' }");
    let (one, other) = (format!("{http}, {https}"), format!("{https}, {http}"));
    let only_order = diff(&group(&one, ""), &group(&other, ""));
    insta::assert_snapshot!(human(&only_order), @r"
idhub-prod-web: no resource changes
  written otherwise, taken along with the next change of the stack
      ~ Resources.Group.SecurityGroupIngress: one order → another, which means nothing
");
    assert!(only_order.is_empty(), "it is no change of its own");
    // the service compares what is written: it may say more, and then that is no surprise
    insta::assert_snapshot!(predicted(&only_order), @r"
Modify Group False
  Properties SecurityGroupIngress Never
");
    let more = diff(&group(&one, ""), &group(&other, ", VpcId: vpc-2"));
    insta::assert_snapshot!(predicted(&more), @r"
Modify Group True ReplaceAndDelete
  Properties VpcId Always
  Properties SecurityGroupIngress Never
");
}

#[test]
fn tags_and_other_parts() {
    let before = "
Resources:
  Group:
    Type: AWS::AutoScaling::AutoScalingGroup
    UpdatePolicy: { AutoScalingRollingUpdate: { MaxBatchSize: 1 } }
    Metadata: { Owner: ops }
    Properties: { MinSize: 4, MaxSize: 12, Tags: [{ Key: Name, Value: web, PropagateAtLaunch: true }] }";
    let after = "
Resources:
  Group:
    Type: AWS::AutoScaling::AutoScalingGroup
    DeletionPolicy: Retain
    UpdateReplacePolicy: Snapshot
    UpdatePolicy: { AutoScalingRollingUpdate: { MaxBatchSize: 2 } }
    CreationPolicy: { ResourceSignal: { Count: 2 } }
    Metadata: { Owner: web }
    Properties: { MinSize: 4, MaxSize: 12, Tags: [{ Key: Team, Value: a, PropagateAtLaunch: true }, { Key: Name, Value: api, PropagateAtLaunch: true }] }";
    let diff = diff(before, after);
    insta::assert_snapshot!(human(&diff), @r#"
idhub-prod-web: 1 to change
  ~ AWS::AutoScaling::AutoScalingGroup Group
      + Tags[Team]: {"Key":"Team","Value":"a","PropagateAtLaunch":true}
      ~ Tags[Name].Value: web → api
      ~ UpdatePolicy.AutoScalingRollingUpdate.MaxBatchSize: 1 → 2
      + CreationPolicy: {"ResourceSignal":{"Count":2}}
      ~ Metadata.Owner: ops → web
      + DeletionPolicy: Retain
      + UpdateReplacePolicy: Snapshot
"#);
    insta::assert_snapshot!(predicted(&diff), @r"
Modify Group False
  Tags  Never
  UpdatePolicy  Never
  CreationPolicy  Never
  Metadata  Never
  DeletionPolicy  Never
  UpdateReplacePolicy  Never
");
}

#[test]
fn tags_of_the_stack_reach_every_resource() {
    let text = "Resources: { A: { Type: AWS::SQS::Queue } }";
    let tags: IndexMap<_, _> = [("System".to_owned(), "idhub".to_owned())].into();
    let diff = diff_stack(&Side { tags, ..side(text, &[]) }, Some(&deployed(text, &[])));
    insta::assert_snapshot!(human(&diff), @r"
idhub-prod-web: no resource changes
  tags of the stack
      + System: idhub
");
    insta::assert_snapshot!(predicted(&diff), @r"
Modify A False
  Tags  Never
");
}

#[test]
fn a_condition_that_turns() {
    let text = "
Parameters: { Stage: { Type: String } }
Conditions: { IsProd: !Equals [!Ref Stage, prod] }
Resources:
  Queue: { Type: AWS::SQS::Queue, Properties: { DelaySeconds: !If [IsProd, 5, !Ref 'AWS::NoValue'] } }
  Alarm: { Type: AWS::CloudWatch::Alarm, Condition: IsProd, Properties: { Threshold: 1 } }
Outputs: { Stage: { Value: !Ref Stage } }";
    let diff = diff_stack(&side(text, &["Stage=prod"]), Some(&deployed(text, &["Stage=dev"])));
    insta::assert_snapshot!(human(&diff), @r"
idhub-prod-web: 1 to add, 1 to change
  ~ AWS::SQS::Queue Queue
      + DelaySeconds: 5  (Stage)
  + AWS::CloudWatch::Alarm Alarm
  conditions
      ~ IsProd: false → true
  outputs
      ~ Stage: dev → prod
");
}

#[test]
fn long_texts_line_by_line() {
    let script = |line: &str| {
        format!(
            "
Resources:
  LaunchTemplate:
    Type: AWS::EC2::LaunchTemplate
    Properties:
      LaunchTemplateData:
        UserData: !Base64 |
          #!/bin/bash
          set -eu
          {line}
          systemctl start tomcat
  Board:
    Type: AWS::CloudWatch::Dashboard
    Properties: {{ DashboardBody: '{{\"widgets\": [{{\"type\": \"metric\", \"width\": {}}}]}}' }}
",
            line.len()
        )
    };
    insta::assert_snapshot!(human(&diff(&script("echo one"), &script("echo three"))), @r"
idhub-prod-web: 2 to change
  ~ AWS::EC2::LaunchTemplate LaunchTemplate
      ~ LaunchTemplateData.UserData:
           set -eu
          -echo one
          +echo three
           systemctl start tomcat
  ~ AWS::CloudWatch::Dashboard Board
      ~ DashboardBody:
          ~ widgets[0].width: 8 → 10
");
}

#[test]
fn layout_of_json_is_a_change_but_a_small_one() {
    let board = |body: &str| {
        format!(
            "Resources: {{ B: {{ Type: AWS::CloudWatch::Dashboard, Properties: {{ DashboardBody: '{body}' }} }} }}"
        )
    };
    insta::assert_snapshot!(human(&diff(&board(r#"{"a":1}"#), &board(r#"{ "a": 1 }"#))), @r"
idhub-prod-web: 1 to change
  ~ AWS::CloudWatch::Dashboard B
      ~ DashboardBody:
          only the layout of the JSON differs
");
}

#[test]
fn new_removed_and_renamed() {
    let before = "
Resources:
  Old: { Type: AWS::SQS::Queue, Properties: { DelaySeconds: 5 } }
  Logs: { Type: AWS::Logs::LogGroup, DeletionPolicy: Retain, UpdateReplacePolicy: Retain }
  Database: { Type: AWS::RDS::DBInstance, DeletionPolicy: Snapshot, UpdateReplacePolicy: Snapshot }";
    let after = "Resources: { New: { Type: AWS::SQS::Queue, Properties: { DelaySeconds: '5' } } }";
    insta::assert_snapshot!(human(&diff(before, after)), @r"
idhub-prod-web: 1 to add, 3 to remove
  + AWS::SQS::Queue New, the same as `Old` but for its name
  - AWS::SQS::Queue Old, deleted, the same as `New` but for its name
  - AWS::Logs::LogGroup Logs, kept in the account
  - AWS::RDS::DBInstance Database, deleted after a snapshot
");
    insta::assert_snapshot!(predicted(&diff(before, after)), @r"
Add New False
Remove Old False Delete
Remove Logs False Retain
Remove Database False Snapshot
");
    insta::assert_snapshot!(human(&diff_stack(&side(after, &[]), None)), @r"
idhub-prod-web (new stack): 1 to add
  + AWS::SQS::Queue New
");
    let several = "Resources: { A: { Type: A::B }, C: { Type: C::D }, E: { Type: A::B }, F: { Type: A::B }, G: { Type: A::B }, H: { Type: A::B } }";
    insta::assert_snapshot!(human(&diff_stack(&side(several, &[]), None)), @r"
idhub-prod-web (new stack): 6 to add
  + A::B ×5 A, E, F, G, …
  + C::D C
");
    insta::assert_snapshot!(human(&diff_removed_stack(&deployed(before, &[]))), @r"
idhub-prod-web (the stack is removed): 3 to remove
  - AWS::SQS::Queue Old, deleted
  - AWS::Logs::LogGroup Logs, kept in the account
  - AWS::RDS::DBInstance Database, deleted after a snapshot
");
}

#[test]
fn values_that_another_stack_will_make() {
    let text = "
Parameters: { VpcId: { Type: 'AWS::EC2::VPC::Id' }, Topic: { Type: String } }
Resources:
  Group: { Type: AWS::EC2::SecurityGroup, Properties: { GroupDescription: a, VpcId: !Ref VpcId } }
  Alarm: { Type: AWS::CloudWatch::Alarm, Properties: { AlarmActions: [!Ref Topic] } }";
    let mut after = side(text, &["VpcId=vpc-1"]);
    after.parameters.insert("VpcId".to_owned(), Effective::unknown("${network.VpcId}"));
    after.parameters.insert("Topic".to_owned(), Effective::text("arn:new"));
    let diff = diff_stack(&after, Some(&deployed(text, &["VpcId=vpc-1", "Topic=arn:old"])));
    insta::assert_snapshot!(human(&diff), @r"
idhub-prod-web: 1 to change
  ~ AWS::CloudWatch::Alarm Alarm
      ~ AlarmActions[0]: arn:old → arn:new  (Topic)
  may follow: Group (may be replaced)
");
    insta::assert_snapshot!(predicted(&diff), @r"
Modify Group Conditional ReplaceAndDelete
  Properties VpcId Always by VpcId
Modify Alarm False
  Properties AlarmActions Never by Topic
");
}

#[test]
fn text_with_a_part_that_another_stack_will_make() {
    let text = |title: &str| {
        format!(
            "
Parameters: {{ Group: {{ Type: String }} }}
Resources:
  Logs: {{ Type: AWS::Logs::LogGroup }}
  Board:
    Type: AWS::CloudWatch::Dashboard
    Properties: {{ DashboardBody: !Sub '{{\"title\": \"{title}\", \"group\": \"${{Group}}\", \"arn\": \"${{Logs.Arn}}\"}}' }}"
        )
    };
    let before = deployed(&text("one"), &["Group=g-1"]);
    let after = |title: &str| {
        let mut after = side(&text(title), &[]);
        after.parameters.insert("Group".to_owned(), Effective::unknown("web-blue.GroupName"));
        human(&diff_stack(&after, Some(&before)))
    };
    insta::assert_snapshot!(after("one"), @r"
idhub-prod-web: no resource changes
  may follow: Board
");
    insta::assert_snapshot!(after("two"), @r"
idhub-prod-web: 1 to change
  ~ AWS::CloudWatch::Dashboard Board
      ~ DashboardBody:
          ~ title: one → two
");
}

#[test]
fn problems_are_told_and_text_is_the_way_out() {
    let before = "Resources: { A: { Type: AWS::SQS::Queue } }\n";
    let after = "Resources: { A: { Type: AWS::SQS::Queue, Properties: { DelaySeconds: !Ref Nowhere } } }\n";
    insta::assert_snapshot!(human(&diff(before, after)), @r"
idhub-prod-web: 1 to change
  ! /Resources/A/Properties/DelaySeconds: `Nowhere` is neither a parameter nor a resource
  ~ AWS::SQS::Queue A
      + DelaySeconds: (known after apply)
");
    insta::assert_snapshot!(human(&diff_texts("idhub-prod-web", before, "Resources: [\n")), @r"
idhub-prod-web: compared as text
  -Resources: { A: { Type: AWS::SQS::Queue } }
  +Resources: [
");
}

#[test]
fn many_stacks() {
    let named = |name: &str, diff: StackDiff| StackDiff { stack: name.to_owned(), ..diff };
    let one = "Resources: { A: { Type: AWS::SQS::Queue } }";
    let two = "Resources: { A: { Type: AWS::SQS::Queue, Properties: { DelaySeconds: 1 } } }";
    let diffs =
        [named("network", diff(one, one)), named("web", diff(one, two)), named("security", diff(two, two))];
    insta::assert_snapshot!(render::human(&diffs, &render::Palette::plain()).as_str(), @r"
web: 1 to change
  ~ AWS::SQS::Queue A
      + DelaySeconds: 1

2 stacks unchanged: network, security
");
    insta::assert_snapshot!(render::human(&diffs, &render::Palette::colour()).as_str().escape_debug(), @r"\u{1b}[1mweb: 1 to change\u{1b}[0m\n\u{1b}[33m  ~ AWS::SQS::Queue A\u{1b}[0m\n\u{1b}[32m      + DelaySeconds: 1\u{1b}[0m\n\n\u{1b}[2m2 stacks unchanged: network, security\u{1b}[0m\n");
    insta::assert_snapshot!(serde_json::to_string(&render::json(&diffs)).unwrap(), @r#"
{"version":1,"stacks":[{"stack":"web","change":"modify","resources":[{"logicalId":"A","type":"AWS::SQS::Queue","physicalId":"phys-A","change":"modify","certain":true,"old":null,"stays":null,"sameAs":null,"lookups":[],"held":null,"properties":[{"scope":"Properties","path":"DelaySeconds","before":null,"after":1,"recreation":"Never","certain":true,"causes":[]}]}],"parameters":[],"conditions":[],"outputs":[],"tags":[],"wording":[],"moved":[],"unreadable":[],"problems":[],"refused":[],"text":null}],"unchanged":["network","security"]}
"#);
}

#[test]
fn a_stack_does_not_differ_from_itself() {
    for text in [RULE, crate::diff::tests::replacement::SLOT, crate::diff::tests::replacement::CHAIN] {
        let diff = diff_stack(&side(text, &["ImageId=ami-1"]), Some(&deployed(text, &["ImageId=ami-1"])));
        assert!(diff.is_empty(), "{}", human(&diff));
        assert_eq!(diff.predicted(), []);
    }
}

#[test]
fn a_deployed_stack_is_a_side() {
    let stack: crate::cfn::Stack = serde_json::from_value(serde_json::json!({
        "id": "arn:aws:cloudformation:ap-northeast-1:123456789012:stack/web/1", "name": "web",
        "status": "CREATE_COMPLETE", "statusReason": null, "outputs": {}, "tags": {"System": "idhub"},
        "parameters": {"Image": {"value": "/images/web", "resolved": "ami-1"}},
        "created": "2026-11-11T00:00:00Z", "updated": null, "lastOperation": null, "roleArn": null,
        "terminationProtection": false, "rollbackConfiguration": {"triggers": [], "monitoringMinutes": 0}
    }))
    .unwrap();
    let text = "
Parameters: { Image: { Type: 'AWS::SSM::Parameter::Value<AWS::EC2::Image::Id>' } }
Resources: { A: { Type: A::B, Properties: { Image: !Ref Image, Where: !Sub '${AWS::AccountId} ${AWS::Region}' } } }";
    let before = Side::of_stack(Template::parse(text).unwrap(), &stack, &[]);
    let mut after = before.clone();
    after.template.resources["A"].properties.clear();
    insta::assert_snapshot!(human(&diff_stack(&after, Some(&before))), @r"
web: 1 to change or replace
  -/+? A::B A, may be replaced: then the old one is deleted
      - Image: ami-1  may force replacement
      - Where: 123456789012 ap-northeast-1  may force replacement
");
}
