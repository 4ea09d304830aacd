//! Replacement, and what follows it.

use super::*;

pub(super) const CHAIN: &str = "
Parameters:
  Port: { Type: Number, Default: 8080 }
  Path: { Type: String, Default: /health }
Resources:
  TargetGroup:
    Type: AWS::ElasticLoadBalancingV2::TargetGroup
    UpdateReplacePolicy: Retain
    Properties: { Port: !Ref Port, VpcId: vpc-1, HealthCheckPath: !Ref Path }
  Rule:
    Type: AWS::ElasticLoadBalancingV2::ListenerRule
    Properties:
      Priority: 1
      ListenerArn: arn:listener
      Actions: [{ Type: forward, TargetGroupArn: !Ref TargetGroup }]
  Alarm:
    Type: AWS::CloudWatch::Alarm
    Properties: { AlarmName: hosts, Dimensions: [{ Name: TargetGroup, Value: !GetAtt TargetGroup.TargetGroupFullName }] }
  Untouched: { Type: AWS::SQS::Queue }
Outputs: { Arn: { Value: !Ref TargetGroup }, Queue: { Value: !Ref Untouched } }
";

#[test]
fn a_replaced_target_group_moves_whoever_refers_to_it() {
    let diff = diff_stack(&side(CHAIN, &["Port=9090"]), Some(&deployed(CHAIN, &[])));
    insta::assert_snapshot!(human(&diff), @r"
idhub-prod-web: 2 to change, 1 to replace
  -/+ AWS::ElasticLoadBalancingV2::TargetGroup TargetGroup, replaced: the old one is kept
      ~ Port: 8080 → 9090  forces replacement  (Port)
  ~ AWS::ElasticLoadBalancingV2::ListenerRule Rule
      ~ Actions[0].TargetGroupArn: phys-TargetGroup → (known after apply)  (TargetGroup is replaced)
  ~ AWS::CloudWatch::Alarm Alarm
      ~ Dimensions[TargetGroup].Value: (as deployed) → (known after apply)  (TargetGroup is replaced)
  outputs
      ~ Arn: phys-TargetGroup → (known after apply)
");
    insta::assert_snapshot!(predicted(&diff), @r"
Modify TargetGroup True ReplaceAndRetain
  Properties Port Always by Port
Modify Rule False
  Properties Actions Never by TargetGroup
Modify Alarm False
  Properties Dimensions Never by TargetGroup.TargetGroupFullName
");
}

/// Policies reach no handler: nothing of the template is made anew.
#[test]
fn a_policy_alone_moves_nobody_else() {
    let policies = "UpdateReplacePolicy: Delete\n    DeletionPolicy: Retain\n    Metadata: { By: us }";
    let desired = CHAIN.replace("UpdateReplacePolicy: Retain", policies);
    let diff = diff_stack(&side(&desired, &[]), Some(&deployed(CHAIN, &[])));
    insta::assert_snapshot!(human(&diff), @r#"
    idhub-prod-web: 1 to change
      ~ AWS::ElasticLoadBalancingV2::TargetGroup TargetGroup
          + Metadata: {"By":"us"}
          + DeletionPolicy: Retain
          ~ UpdateReplacePolicy: Retain → Delete
    "#);
    // A change set is made of templates alone, and may take it for more.
    insta::assert_snapshot!(predicted(&diff), @"
    Modify TargetGroup False
      Metadata  Never
      DeletionPolicy  Never
      UpdateReplacePolicy  Never
    Modify Alarm False
      Properties Dimensions Never by TargetGroup.TargetGroupFullName
    ");
}

/// Whether the order counts is said nowhere, so it may.
#[test]
fn a_list_in_another_order_may_replace() {
    let instance = "
Resources:
  Server:
    Type: AWS::EC2::Instance
    Properties:
      NetworkInterfaces: [{ DeviceIndex: '0', SubnetId: subnet-0 }, { DeviceIndex: '1', SubnetId: subnet-1 }]
      SecurityGroupIds: [sg-0, sg-1]
";
    let first = "{ DeviceIndex: '0', SubnetId: subnet-0 }, { DeviceIndex: '1', SubnetId: subnet-1 }";
    let other = "{ DeviceIndex: '1', SubnetId: subnet-1 }, { DeviceIndex: '0', SubnetId: subnet-0 }";
    let (replacing, harmless) =
        (instance.replace(first, other), instance.replace("sg-0, sg-1", "sg-1, sg-0"));
    let edited = |text: &str| text.replace("SecurityGroupIds", "Monitoring: true\n      SecurityGroupIds");
    let told = |desired: &str| {
        let diff = crate::diff::diff_deployed(&side(desired, &[]), &deployed(instance, &[]));
        let what = if diff.is_empty() { "nothing to do" } else { "to do" };
        format!("{what}\n{}{}", human(&diff), predicted(&diff))
    };
    let cases = [&replacing, &harmless, &edited(&replacing), &edited(&harmless)].map(|text| told(text));
    insta::assert_snapshot!(cases.join("\n===\n"), @r#"
nothing to do
idhub-prod-web: no resource changes
  written otherwise, taken along with the next change of the stack
      ~ Resources.Server.NetworkInterfaces: one order → another, for which CloudFormation may replace it

===
nothing to do
idhub-prod-web: no resource changes
  written otherwise, taken along with the next change of the stack
      ~ Resources.Server.SecurityGroupIds: one order → another, which means nothing
Modify Server False
  Properties SecurityGroupIds Never
===
to do
idhub-prod-web: 1 to change or replace
  -/+? AWS::EC2::Instance Server, may be replaced: then the old one is deleted
      + Monitoring: true
      ~ NetworkInterfaces: [{"DeviceIndex":"0","SubnetId":"subn…ceIndex":"1","SubnetId":"subnet-1"}] → [{"DeviceIndex":"1","SubnetId":"subn…ceIndex":"0","SubnetId":"subnet-0"}]  may force replacement
Modify Server True ReplaceAndDelete
  Properties Monitoring Never
  Properties NetworkInterfaces Always
===
to do
idhub-prod-web: 1 to change
  ~ AWS::EC2::Instance Server
      + Monitoring: true
  written otherwise
      ~ Resources.Server.SecurityGroupIds: one order → another, which means nothing
Modify Server False
  Properties Monitoring Never
  Properties SecurityGroupIds Never
"#);
}

#[test]
fn an_update_in_place_may_be_followed() {
    let diff = diff_stack(&side(CHAIN, &["Path=/ready"]), Some(&deployed(CHAIN, &[])));
    insta::assert_snapshot!(human(&diff), @r"
idhub-prod-web: 1 to change
  ~ AWS::ElasticLoadBalancingV2::TargetGroup TargetGroup
      ~ HealthCheckPath: /health → /ready  (Path)
  may follow: Alarm
");
    insta::assert_snapshot!(predicted(&diff), @r"
Modify TargetGroup False
  Properties HealthCheckPath Never by Path
Modify Alarm False
  Properties Dimensions Never by TargetGroup.TargetGroupFullName
");
}

#[test]
fn without_an_account_it_is_the_same() {
    let diff = diff_stack(&side(CHAIN, &["Port=9090"]), Some(&side(CHAIN, &[])));
    insta::assert_snapshot!(human(&diff), @r"
idhub-prod-web: 2 to change, 1 to replace
  -/+ AWS::ElasticLoadBalancingV2::TargetGroup TargetGroup, replaced: the old one is kept
      ~ Port: 8080 → 9090  forces replacement  (Port)
  ~ AWS::ElasticLoadBalancingV2::ListenerRule Rule
      ~ Actions[0].TargetGroupArn: (as deployed) → (known after apply)  (TargetGroup is replaced)
  ~ AWS::CloudWatch::Alarm Alarm
      ~ Dimensions[TargetGroup].Value: (as deployed) → (known after apply)  (TargetGroup is replaced)
  outputs
      ~ Arn: (as deployed) → (known after apply)
");
}

pub(super) const SLOT: &str = "
Parameters: { ImageId: { Type: String }, MinSize: { Type: Number, Default: 0 } }
Resources:
  InstanceRole: { Type: AWS::IAM::Role, Properties: { AssumeRolePolicyDocument: {} } }
  InstanceProfile: { Type: AWS::IAM::InstanceProfile, Properties: { Roles: [!Ref InstanceRole] } }
  LaunchTemplate:
    Type: AWS::EC2::LaunchTemplate
    Properties:
      LaunchTemplateData:
        ImageId: !Ref ImageId
        InstanceType: m7i.large
        IamInstanceProfile: { Arn: !GetAtt InstanceProfile.Arn }
  Group:
    Type: AWS::AutoScaling::AutoScalingGroup
    Properties:
      MinSize: !Ref MinSize
      MaxSize: 12
      LaunchTemplate: { LaunchTemplateId: !Ref LaunchTemplate, Version: !GetAtt LaunchTemplate.LatestVersionNumber }
  Policy:
    Type: AWS::AutoScaling::ScalingPolicy
    Properties: { AutoScalingGroupName: !Ref Group, PolicyType: TargetTrackingScaling }
Outputs: { GroupName: { Value: !Ref Group } }
";

#[test]
fn a_new_image_makes_a_new_version() {
    let diff =
        diff_stack(&side(SLOT, &["ImageId=ami-2", "MinSize=4"]), Some(&deployed(SLOT, &["ImageId=ami-1"])));
    insta::assert_snapshot!(human(&diff), @r"
idhub-prod-web: 2 to change
  ~ AWS::EC2::LaunchTemplate LaunchTemplate
      ~ LaunchTemplateData.ImageId: ami-1 → ami-2  (ImageId)
  ~ AWS::AutoScaling::AutoScalingGroup Group
      ~ MinSize: 0 → 4  (MinSize)
      ~ LaunchTemplate.Version: (as deployed) → (known after apply)  (LaunchTemplate is updated)
");
    insta::assert_snapshot!(predicted(&diff), @r"
Modify LaunchTemplate False
  Properties LaunchTemplateData Never by ImageId
Modify Group Conditional ReplaceAndDelete
  Properties MinSize Never by MinSize
  Properties LaunchTemplate Conditionally by LaunchTemplate.LatestVersionNumber
Modify Policy Conditional ReplaceAndDelete
  Properties AutoScalingGroupName Always by Group
");
}

#[test]
fn nested_create_only_properties() {
    let pipeline = |extra: &str| {
        format!(
            "
Resources:
  Volume: {{ Type: AWS::EC2::Instance, Properties: {{ ImageId: ami-1, {extra} }} }}"
        )
    };
    let of = |before: &str, after: &str| {
        let diff = diff(&pipeline(before), &pipeline(after));
        format!("{:?}", diff.resources.first().map(|resource| resource.change))
    };
    assert_eq!(of("KeyName: a", "KeyName: b"), "Some(Replace)");
    assert_eq!(of("Monitoring: true", "Monitoring: false"), "Some(Modify)");
}

#[test]
fn a_ring_of_references_ends() {
    let text = |port: u16| {
        format!(
            "
Resources:
  A: {{ Type: AWS::ElasticLoadBalancingV2::TargetGroup, Properties: {{ Port: {port}, VpcId: !Ref B }} }}
  B: {{ Type: AWS::ElasticLoadBalancingV2::TargetGroup, Properties: {{ Port: 1, VpcId: !Ref A }} }}"
        )
    };
    let diff = diff(&text(1), &text(2));
    assert_eq!(diff.resources.len(), 2);
}

#[test]
fn another_type_is_another_resource() {
    let before = "Resources: { A: { Type: AWS::SQS::Queue } }";
    let after = "Resources: { A: { Type: AWS::SNS::Topic } }";
    insta::assert_snapshot!(human(&diff(before, after)), @r"
idhub-prod-web: 1 to add, 1 to remove
  ! /Resources/A: `A` becomes AWS::SNS::Topic and was AWS::SQS::Queue, which an update refuses: give it another logical id
  + AWS::SNS::Topic A
  - AWS::SQS::Queue A, deleted
");
}

#[test]
fn another_resource_is_named() {
    let text = |from: &str| {
        format!("
Resources:
  A: {{ Type: AWS::SQS::Queue }}
  B: {{ Type: AWS::SQS::Queue }}
  Alarm: {{ Type: AWS::CloudWatch::Alarm, Properties: {{ Dimensions: [{{ Name: Queue, Value: !GetAtt {from}.Arn }}] }} }}")
    };
    insta::assert_snapshot!(human(&diff(&text("A"), &text("B"))), @r"
idhub-prod-web: 1 to change
  ~ AWS::CloudWatch::Alarm Alarm
      ~ Dimensions[Queue].Value: ${A.Arn} → ${B.Arn}
");
}

#[test]
fn what_is_replaced_moves_policies_and_metadata_too() {
    let text = |engine: &str| {
        format!(
            "
Resources:
  Topic: {{ Type: AWS::SNS::Topic, Properties: {{ FifoTopic: {engine} }} }}
  Group:
    Type: AWS::AutoScaling::AutoScalingGroup
    UpdatePolicy: {{ AutoScalingRollingUpdate: {{ SuspendProcesses: [!Ref Topic] }} }}
    Metadata: {{ Topic: !Sub 'notify ${{Topic}}' }}
    Properties: {{ MinSize: 1, MaxSize: 1 }}"
        )
    };
    let diff = diff(&text("true"), &text("false"));
    insta::assert_snapshot!(human(&diff), @r"
idhub-prod-web: 1 to change, 1 to replace
  -/+ AWS::SNS::Topic Topic, replaced: the old one is deleted
      ~ FifoTopic: true → false  forces replacement
  ~ AWS::AutoScaling::AutoScalingGroup Group
      ~ UpdatePolicy.AutoScalingRollingUpdate.SuspendProcesses[0]: phys-Topic → (known after apply)  (Topic is replaced)
      ~ Metadata.Topic: notify phys-Topic → notify ${Topic}  (Topic is replaced)
");
}

#[test]
fn databases_without_a_policy_leave_a_snapshot_when_removed() {
    let before = "
Resources:
  Kept: { Type: AWS::SQS::Queue }
  Cluster: { Type: AWS::RDS::DBCluster }
  Alone: { Type: AWS::RDS::DBInstance }
  Member: { Type: AWS::RDS::DBInstance, Properties: { DBClusterIdentifier: !Ref Cluster } }";
    insta::assert_snapshot!(human(&diff(before, "Resources: { Kept: { Type: AWS::SQS::Queue } }")), @r"
idhub-prod-web: 3 to remove
  - AWS::RDS::DBCluster Cluster, deleted after a snapshot
  - AWS::RDS::DBInstance Alone, deleted after a snapshot
  - AWS::RDS::DBInstance Member, deleted
");
}

#[test]
fn a_name_that_is_taken_is_told_before_it_fails() {
    let before = "
Resources:
  Orders: { Type: AWS::SQS::Queue, Properties: { QueueName: orders } }
  Moved: { Type: AWS::SQS::Queue, Properties: { QueueName: returns } }
  Unnamed: { Type: AWS::SQS::Queue }
  Old: { Type: AWS::SSM::Parameter, Properties: { Name: /kept, Type: String, Value: a } }
  Gone: { Type: AWS::SNS::Topic, Properties: { TopicName: kept } }";
    let after = "
Resources:
  Orders: { Type: AWS::SQS::Queue, Properties: { QueueName: orders, FifoQueue: true } }
  Moved: { Type: AWS::SQS::Queue, Properties: { QueueName: returns.fifo, FifoQueue: true } }
  Unnamed: { Type: AWS::SQS::Queue, Properties: { FifoQueue: true } }
  New: { Type: AWS::SSM::Parameter, Properties: { Name: /kept, Type: String, Value: b } }
  Other: { Type: AWS::SQS::Queue, Properties: { QueueName: kept } }";
    insta::assert_snapshot!(human(&diff(before, after)), @r"
idhub-prod-web: 2 to add, 3 to replace, 2 to remove
  ! /Resources/Orders: `Orders` is replaced and keeps the name `orders`, which an update refuses: give it another `QueueName`
  ! /Resources/New: `New` is made while `Old` still has the name `/kept`, which an update refuses: give it another `Name`, or remove `Old` first
  -/+ AWS::SQS::Queue Orders, replaced: the old one is deleted
      + FifoQueue: true  forces replacement
  -/+ AWS::SQS::Queue Moved, replaced: the old one is deleted
      ~ QueueName: returns → returns.fifo  forces replacement
      + FifoQueue: true  forces replacement
  -/+ AWS::SQS::Queue Unnamed, replaced: the old one is deleted
      + FifoQueue: true  forces replacement
  + AWS::SSM::Parameter New
  + AWS::SQS::Queue Other
  - AWS::SSM::Parameter Old, deleted
  - AWS::SNS::Topic Gone, deleted
");
}
