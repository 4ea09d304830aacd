//! Values that another stack makes: known after it, perhaps the same, or surely others.

use super::*;

#[test]
fn what_another_stack_makes_anew_is_certain_to_move() {
    let text = "
Parameters: { TargetGroupArn: { Type: String }, VpcId: { Type: String } }
Resources:
  Group: { Type: AWS::AutoScaling::AutoScalingGroup, Properties: { TargetGroupARNs: [!Ref TargetGroupArn] } }
  Firewall: { Type: AWS::EC2::SecurityGroup, Properties: { GroupDescription: a, VpcId: !Ref VpcId } }";
    let mut after = side(text, &[]);
    for (name, made) in [("TargetGroupArn", "web-traffic.BlueTargetGroupArn"), ("VpcId", "network.VpcId")] {
        after.parameters.insert(name.to_owned(), Effective::anew(made));
    }
    let before = deployed(text, &["TargetGroupArn=arn:blue", "VpcId=vpc-1"]);
    insta::assert_snapshot!(human(&diff_stack(&after, Some(&before))), @r"
idhub-prod-web: 1 to change, 1 to replace
  ~ AWS::AutoScaling::AutoScalingGroup Group
      ~ TargetGroupARNs[0]: arn:blue → web-traffic.BlueTargetGroupArn  (TargetGroupArn)
  -/+ AWS::EC2::SecurityGroup Firewall, replaced: the old one is deleted
      ~ VpcId: vpc-1 → network.VpcId  forces replacement  (VpcId)
");
}

/// Another stack's outputs before and after, in a property that cannot be changed in place and in text.
fn from_another_stack(before: &Effective, after: &Effective) -> StackDiff {
    let text = "
Parameters: { VpcId: { Type: String } }
Resources:
  Firewall: { Type: AWS::EC2::SecurityGroup, Properties: { GroupDescription: a, VpcId: !Ref VpcId } }
  Note: { Type: AWS::SNS::Topic, Properties: { DisplayName: !Sub 'in ${VpcId}' } }
Outputs: { Vpc: { Value: !Ref VpcId } }";
    let with = |value: &Effective| {
        let mut side = side(text, &[]);
        side.parameters.insert("VpcId".to_owned(), value.clone());
        side
    };
    diff_stack(&with(after), Some(&with(before)))
}

#[test]
fn what_another_stack_makes_anew_is_certain_although_it_was_never_known() {
    let (unknown, anew) = (Effective::unknown("network.VpcId"), Effective::anew("network.VpcId"));
    let diff = from_another_stack(&unknown, &anew);
    insta::assert_snapshot!(human(&diff), @r"
idhub-prod-web: 1 to change, 1 to replace
  -/+ AWS::EC2::SecurityGroup Firewall, replaced: the old one is deleted
      ~ VpcId: (as deployed) → (known after apply: network.VpcId)  forces replacement  (VpcId)
  ~ AWS::SNS::Topic Note
      ~ DisplayName: (as deployed) → (known after apply: in network.VpcId)  (VpcId)
  outputs
      ~ Vpc: (as deployed) → (known after apply: network.VpcId)
");
    insta::assert_snapshot!(predicted(&diff), @r"
Modify Firewall True ReplaceAndDelete
  Properties VpcId Always by VpcId
Modify Note False
  Properties DisplayName Never by VpcId
");
    assert!(from_another_stack(&unknown, &unknown).is_empty());
}

#[test]
fn what_another_stack_makes_may_be_the_same() {
    let diff = from_another_stack(&Effective::unknown("old.VpcId"), &Effective::unknown("network.VpcId"));
    insta::assert_snapshot!(human(&diff), @r"
idhub-prod-web: no resource changes
  may follow: Firewall (may be replaced), Note
");
    let diff = from_another_stack(&Effective::text("vpc-1"), &Effective::unknown("network.VpcId"));
    insta::assert_snapshot!(human(&diff), @r"
idhub-prod-web: no resource changes
  may follow: Firewall (may be replaced), Note
");
}

#[test]
fn text_around_an_unknown_value_changes_for_certain() {
    let text = |note: &str| {
        format!("
Parameters: {{ Arn: {{ Type: String }}, On: {{ Type: String }} }}
Conditions: {{ IsOn: !Equals [!Ref On, x] }}
Resources:
  Note: {{ Type: AWS::SNS::Topic, Properties: {{ DisplayName: !Sub '{note} ${{Arn}}', TopicName: !If [IsOn, same, {note}] }} }}")
    };
    let with = |note: &str| {
        let mut side = side(&text(note), &[]);
        side.parameters.insert("Arn".to_owned(), Effective::unknown("web.Arn"));
        side.parameters.insert("On".to_owned(), Effective::unknown("web.On"));
        side
    };
    insta::assert_snapshot!(human(&diff_stack(&with("b"), Some(&with("a")))), @r"
idhub-prod-web: 1 to change or replace
  -/+? AWS::SNS::Topic Note, may be replaced: then the old one is deleted
      ~ DisplayName: a web.Arn → b web.Arn
      ~ TopicName: (as deployed) → (known after apply: ${Fn::If IsOn})  may force replacement
");
}
