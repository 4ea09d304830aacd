//! Scenarios: what is called, and beside it the history that comes of it.

mod bake;
mod folder;
mod parameters;
mod regions;
mod rollback;
mod stacks;
mod strict;
mod world;

use std::fmt::Write;
use std::time::Duration;

use indexmap::IndexMap;
use jiff::Timestamp;

use super::{LocalCloud, Settings};
use crate::cfn::{
    ChangeSet, ChangeSetType, CreateChangeSet, ParameterValue, RollbackConfiguration, Stack, StackEvent,
};
use crate::cloud::{Clock, CloudFormation, Result};

const START: &str = "2026-11-21T00:00:00Z";

fn settings() -> Settings {
    Settings {
        account: "123456789012".to_owned(),
        region: "ap-northeast-1".to_owned(),
        start: START.parse().unwrap(),
    }
}

fn cloud() -> LocalCloud {
    LocalCloud::in_memory(settings())
}

/// A request for the stack `shop`; parameters as `Name=value`, `Name` alone is the previous value.
fn request(name: &str, template: Option<&str>, parameters: &[&str]) -> CreateChangeSet {
    let given = parameters.iter().map(|text| match text.split_once('=') {
        Some((name, value)) => (name.to_owned(), ParameterValue::Value(value.to_owned())),
        None => ((*text).to_owned(), ParameterValue::Previous),
    });
    CreateChangeSet {
        stack_name: "shop".to_owned(),
        name: name.to_owned(),
        kind: ChangeSetType::Update,
        template: template.map(str::to_owned),
        parameters: given.collect(),
        tags: IndexMap::new(),
        notification_topics: Vec::new(),
        template_bucket: None,
        revert_drift: false,
        capabilities: Vec::new(),
        rollback_configuration: RollbackConfiguration::default(),
        role_arn: None,
        description: "a scenario".to_owned(),
        client_token: format!("token-{name}"),
    }
}

/// The change set, once it is made.
async fn make(cloud: &LocalCloud, request: &CreateChangeSet) -> Result<ChangeSet> {
    let there = cloud.describe_stack(&request.stack_name).await?;
    let kind = match there.filter(|stack| !stack.status.is_absent()) {
        Some(_) => ChangeSetType::Update,
        None => ChangeSetType::Create,
    };
    let id = cloud.create_change_set(&CreateChangeSet { kind, ..request.clone() }).await?;
    cloud.sleep(Duration::from_secs(5)).await;
    cloud.describe_change_set(&id).await
}

/// Makes and executes; gives when it started.
async fn start(cloud: &LocalCloud, request: &CreateChangeSet) -> Timestamp {
    let made = make(cloud, request).await.unwrap();
    assert!(made.is_executable(), "{made:?}");
    cloud.execute_change_set(&made.id, &format!("execute-{}", request.name)).await.unwrap();
    cloud.now()
}

/// Makes, executes and waits for the end.
async fn deploy(cloud: &LocalCloud, request: &CreateChangeSet) -> Stack {
    start(cloud, request).await;
    finished(cloud, &request.stack_name).await
}

/// The stack once nothing goes on in it.
async fn finished(cloud: &LocalCloud, name: &str) -> Stack {
    for _ in 0..100_000 {
        let stack = cloud.describe_stack(name).await.unwrap().unwrap();
        if !stack.status.is_busy() {
            return stack;
        }
        cloud.sleep(Duration::from_secs(1)).await;
    }
    panic!("`{name}` never comes to rest");
}

async fn minutes(cloud: &LocalCloud, minutes: u64) {
    cloud.sleep(Duration::from_secs(minutes * 60)).await;
}

/// The history since then, a line each: minutes and seconds, name, status, reason.
async fn history(cloud: &LocalCloud, stack: &str, since: Timestamp) -> String {
    let events = cloud.describe_stack_events(stack, None).await.unwrap();
    lines(&events, since)
}

fn lines(events: &[StackEvent], since: Timestamp) -> String {
    let mut text = String::new();
    for event in events.iter().filter(|event| event.at >= since) {
        let seconds = event.at.duration_since(since).as_secs();
        let reason =
            event.reason.as_ref().map(|reason| format!("  {}", reason.visible())).unwrap_or_default();
        let (minutes, seconds) = (seconds / 60, seconds % 60);
        writeln!(text, "{minutes:02}:{seconds:02} {} {}{reason}", event.logical_id, event.status).unwrap();
    }
    text
}

/// What a change set would do, a line each with its details below.
fn changes(set: &ChangeSet) -> String {
    let mut text = String::new();
    for change in &set.changes {
        writeln!(text, "{} {} {}", change.action, change.logical_id, change.replacement).unwrap();
        for detail in &change.details {
            let part = detail.property.clone().unwrap_or_else(|| detail.scope.to_string());
            let cause =
                detail.causing_entity.as_deref().map(|cause| format!(" by {cause}")).unwrap_or_default();
            let shown = |side: &Option<String>| side.clone().unwrap_or_else(|| "-".to_owned());
            let (before, after) = (shown(&detail.before), shown(&detail.after));
            writeln!(text, "  {part} {}{cause}: {before} -> {after}", detail.recreation).unwrap();
        }
    }
    text
}

/// A load balancer's rule on two target groups, and the record beside it.
const TRAFFIC: &str = r#"
Parameters:
  Blue: { Type: Number, Default: 100, MinValue: 0, MaxValue: 100 }
  Green: { Type: Number, Default: 0 }
  Record: { Type: String, Default: none }
  Port: { Type: String, Default: "8080" }
Resources:
  BlueGroup:
    Type: AWS::ElasticLoadBalancingV2::TargetGroup
    Properties: { Port: 8080, Protocol: HTTP, VpcId: vpc-1 }
  GreenGroup:
    Type: AWS::ElasticLoadBalancingV2::TargetGroup
    Properties: { Port: !Ref Port, Protocol: HTTP, VpcId: vpc-1, HealthyThresholdCount: 2, HealthCheckIntervalSeconds: 15 }
  Rule:
    Type: AWS::ElasticLoadBalancingV2::ListenerRule
    Properties:
      ListenerArn: arn:aws:elasticloadbalancing:ap-northeast-1:123456789012:listener/app/alb/0a/0b
      Priority: 100
      Conditions: [{ Field: path-pattern, Values: ["/*"] }]
      Actions:
        - Type: forward
          ForwardConfig:
            TargetGroups:
              - { TargetGroupArn: !Ref BlueGroup, Weight: !Ref Blue }
              - { TargetGroupArn: !Ref GreenGroup, Weight: !Ref Green }
  RolloutRecord:
    Type: AWS::SSM::Parameter
    Properties: { Name: /shop/prod/web/rollout, Type: String, Value: !Ref Record }
Outputs:
  GreenArn: { Value: !Ref GreenGroup }
  RuleArn: { Value: !Ref Rule }
"#;

/// A group of instances behind a launch template.
const SLOT: &str = r#"
Parameters:
  ImageId: { Type: String, Default: ami-1 }
  Min: { Type: Number, Default: 0 }
  Max: { Type: Number, Default: 0 }
  TargetGroup: { Type: String, Default: "" }
  Mode: { Type: String, Default: none }
Conditions:
  Refreshes: !Equals [!Ref Mode, refresh]
Resources:
  LaunchTemplate:
    Type: AWS::EC2::LaunchTemplate
    Properties: { LaunchTemplateData: { ImageId: !Ref ImageId } }
  Group:
    Type: AWS::AutoScaling::AutoScalingGroup
    UpdatePolicy:
      Fn::If:
        - Refreshes
        - AutoScalingInstanceRefresh: { Preferences: { CheckpointPercentages: [50, 100], CheckpointDelay: 300 } }
        - !Ref AWS::NoValue
    Properties:
      MinSize: !Ref Min
      MaxSize: !Ref Max
      VPCZoneIdentifier: [subnet-1, subnet-2]
      TargetGroupARNs: [!Ref TargetGroup]
      LaunchTemplate: { LaunchTemplateId: !Ref LaunchTemplate, Version: !GetAtt LaunchTemplate.LatestVersionNumber }
  Policy:
    Type: AWS::AutoScaling::ScalingPolicy
    Properties: { AutoScalingGroupName: !Ref Group, PolicyType: TargetTrackingScaling }
Outputs:
  GroupName: { Value: !Ref Group }
"#;

/// Two alarms of the slot `green` and their composite.
const ALARMS: &str = r#"
Resources:
  ErrorRate:
    Type: AWS::CloudWatch::Alarm
    Properties: { AlarmName: shop-prod-web-green-error-rate-critical }
  Cpu:
    Type: AWS::CloudWatch::Alarm
    Properties: { AlarmName: shop-prod-web-green-cpu-critical }
  Composite:
    Type: AWS::CloudWatch::CompositeAlarm
    Properties:
      AlarmName: shop-prod-web-green
      AlarmRule: !Sub 'ALARM("${ErrorRate}") OR ALARM("${Cpu}")'
Outputs:
  Arn: { Value: !GetAtt Composite.Arn }
"#;
