//! What deployed resources make of the account.

use super::*;
use crate::cloud::local::{AlarmSelector, Fault};
use crate::cloud::{AlarmValue, Observe, TargetState};

/// The traffic stack as `traffic`, a slot as `shop-prod-web-green` on its green target group.
async fn slot(cloud: &LocalCloud, name: &str, parameters: &[&str]) -> Stack {
    let traffic =
        CreateChangeSet { stack_name: "traffic".to_owned(), ..request("traffic", Some(TRAFFIC), &[]) };
    let arn = match cloud.describe_stack("traffic").await.unwrap() {
        Some(stack) => stack.outputs["GreenArn"].clone(),
        None => deploy(cloud, &traffic).await.outputs["GreenArn"].clone(),
    };
    let group = format!("TargetGroup={arn}");
    let parameters: Vec<&str> = parameters.iter().copied().chain([group.as_str()]).collect();
    let slot = request(name, Some(SLOT), &parameters);
    deploy(cloud, &CreateChangeSet { stack_name: "shop-prod-web-green".to_owned(), ..slot }).await
}

async fn seen(cloud: &LocalCloud, stack: &Stack) -> String {
    let group = cloud.group(&stack.outputs["GroupName"]).await.unwrap().unwrap();
    let traffic = cloud.describe_stack("traffic").await.unwrap().unwrap();
    let health = cloud.target_health(&traffic.outputs["GreenArn"]).await.unwrap();
    let count = |state: TargetState| health.iter().filter(|target| target.state == state).count();
    let serving = group.instances.iter().filter(|instance| instance.in_service).count();
    format!(
        "desired {} serving {serving} initial {} healthy {} unhealthy {} draining {}",
        group.desired,
        count(TargetState::Initial),
        count(TargetState::Healthy),
        count(TargetState::Unhealthy),
        count(TargetState::Draining)
    )
}

#[tokio::test]
async fn instances_boot_become_healthy_and_drain() {
    let cloud = cloud();
    let mut told = vec![];
    let stack = slot(&cloud, "empty", &[]).await;
    told.push(("created empty", seen(&cloud, &stack).await));
    slot(&cloud, "fill", &["Min=2", "Max=4"]).await;
    told.push(("min 2", seen(&cloud, &stack).await));
    minutes(&cloud, 2).await;
    told.push(("two minutes later", seen(&cloud, &stack).await));
    minutes(&cloud, 1).await;
    told.push(("three minutes later", seen(&cloud, &stack).await));
    slot(&cloud, "lower", &["Min=1", "Max=4"]).await;
    told.push(("min 1: nothing is taken away", seen(&cloud, &stack).await));
    slot(&cloud, "none", &["Min=0", "Max=0"]).await;
    told.push(("max 0", seen(&cloud, &stack).await));
    minutes(&cloud, 6).await;
    told.push(("six minutes later", seen(&cloud, &stack).await));
    let lines: Vec<String> = told.into_iter().map(|(when, what)| format!("{when}: {what}")).collect();
    insta::assert_snapshot!(lines.join("\n"), @"
    created empty: desired 0 serving 0 initial 0 healthy 0 unhealthy 0 draining 0
    min 2: desired 2 serving 0 initial 0 healthy 0 unhealthy 0 draining 0
    two minutes later: desired 2 serving 2 initial 0 healthy 2 unhealthy 0 draining 0
    three minutes later: desired 2 serving 2 initial 0 healthy 2 unhealthy 0 draining 0
    min 1: nothing is taken away: desired 2 serving 2 initial 0 healthy 2 unhealthy 0 draining 0
    max 0: desired 0 serving 0 initial 0 healthy 0 unhealthy 0 draining 2
    six minutes later: desired 0 serving 0 initial 0 healthy 0 unhealthy 0 draining 0
    ");
}

#[tokio::test]
async fn faults_keep_instances_from_starting_and_from_health() {
    let cloud = cloud();
    let stack = slot(&cloud, "empty", &[]).await;
    cloud
        .inject(Fault::LaunchFails { group: "shop-prod-web-green".to_owned(), from: None, until: None })
        .unwrap();
    slot(&cloud, "fill", &["Min=2", "Max=4"]).await;
    minutes(&cloud, 10).await;
    let mut told = vec![seen(&cloud, &stack).await];
    cloud.clear_faults().unwrap();
    minutes(&cloud, 3).await;
    told.push(seen(&cloud, &stack).await);
    let (from, targets) = (cloud.now(), "shop-prod-web-green".to_owned());
    cloud
        .inject(Fault::Unhealthy {
            targets,
            healthy: 0,
            of: 0,
            from,
            until: Some(from + Duration::from_secs(60)),
        })
        .unwrap();
    told.push(seen(&cloud, &stack).await);
    minutes(&cloud, 1).await;
    told.push(seen(&cloud, &stack).await);
    insta::assert_snapshot!(told.join("\n"), @"
    desired 2 serving 0 initial 0 healthy 0 unhealthy 0 draining 0
    desired 2 serving 2 initial 0 healthy 2 unhealthy 0 draining 0
    desired 2 serving 2 initial 0 healthy 0 unhealthy 2 draining 0
    desired 2 serving 2 initial 0 healthy 2 unhealthy 0 draining 0
    ");
}

#[tokio::test]
async fn an_instance_refresh_goes_by_checkpoints() {
    let cloud = cloud();
    let stack = slot(&cloud, "first", &["Min=4", "Max=4", "Mode=refresh"]).await;
    let since = cloud.now();
    slot(&cloud, "image", &["Min=4", "Max=4", "Mode=refresh", "ImageId=ami-2"]).await;
    insta::assert_snapshot!(history(&cloud, "shop-prod-web-green", since).await, @"
    00:00 Policy CREATE_COMPLETE
    00:00 shop-prod-web-green CREATE_COMPLETE
    00:05 shop-prod-web-green UPDATE_IN_PROGRESS  User Initiated
    00:05 LaunchTemplate UPDATE_IN_PROGRESS
    00:10 LaunchTemplate UPDATE_COMPLETE
    00:10 Group UPDATE_IN_PROGRESS
    09:52 Group UPDATE_COMPLETE
    09:52 shop-prod-web-green UPDATE_COMPLETE_CLEANUP_IN_PROGRESS
    09:52 shop-prod-web-green UPDATE_COMPLETE
    ");
    let group = cloud.group(&stack.outputs["GroupName"]).await.unwrap().unwrap();
    let images: Vec<_> = group.instances.iter().filter_map(|instance| instance.image.as_deref()).collect();
    assert_eq!(images, ["ami-2"; 4]);
}

/// The images that a group runs.
async fn images(cloud: &LocalCloud, stack: &Stack) -> Vec<String> {
    let group = cloud.group(&stack.outputs["GroupName"]).await.unwrap().unwrap();
    group.instances.into_iter().filter_map(|instance| instance.image).collect()
}

/// The refresh stands still while instances do not start, and fails after an hour; so does the way back while that lasts.
#[tokio::test]
async fn a_refresh_whose_instances_do_not_start_fails_and_is_taken_back() {
    let cloud = cloud();
    let stack = slot(&cloud, "first", &["Min=4", "Max=4", "Mode=refresh"]).await;
    minutes(&cloud, 5).await;
    let since = cloud.now();
    let from = Some(since + Duration::from_secs(240));
    let until = Some(since + Duration::from_secs(2 * 3600));
    cloud.inject(Fault::LaunchFails { group: "shop-prod-web-green".to_owned(), from, until }).unwrap();
    slot(&cloud, "image", &["Min=4", "Max=4", "Mode=refresh", "ImageId=ami-2"]).await;
    let told = history(&cloud, "shop-prod-web-green", since).await;
    let told: Vec<&str> =
        told.lines().filter(|line| line.contains("FAILED") || line.contains("ROLLBACK")).collect();
    insta::assert_snapshot!(told.join("\n"), @"
    67:22 Group UPDATE_FAILED  The instance refresh failed: Failed to launch instances.
    67:22 shop-prod-web-green UPDATE_ROLLBACK_IN_PROGRESS  The following resource(s) failed to update: [Group].
    130:15 shop-prod-web-green UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS
    130:15 shop-prod-web-green UPDATE_ROLLBACK_COMPLETE
    ");
    let seen = seen(&cloud, &stack).await;
    insta::assert_snapshot!(format!("{seen}\n{}", images(&cloud, &stack).await.join(" ")), @"
    desired 4 serving 4 initial 0 healthy 4 unhealthy 0 draining 2
    ami-1 ami-1 ami-1 ami-1
    ");
}

/// What takes the place of an instance must be healthy before that one goes.
#[tokio::test]
async fn a_refresh_whose_instances_are_not_healthy_keeps_the_old_ones() {
    let cloud = cloud();
    let stack = slot(&cloud, "first", &["Min=4", "Max=4", "Mode=refresh"]).await;
    minutes(&cloud, 5).await;
    let image =
        request("image", Some(SLOT), &["Min=4", "Max=4", "Mode=refresh", "ImageId=ami-2", "TargetGroup"]);
    start(&cloud, &CreateChangeSet { stack_name: "shop-prod-web-green".to_owned(), ..image }).await;
    // The four that are there stay healthy, whatever comes does not.
    let (from, targets) = (cloud.now(), "shop-prod-web-green".to_owned());
    cloud.inject(Fault::Unhealthy { targets, healthy: 4, of: 0, from, until: None }).unwrap();
    let mut told = Vec::new();
    for _ in 0..4 {
        minutes(&cloud, 20).await;
        let status = cloud.describe_stack("shop-prod-web-green").await.unwrap().unwrap().status;
        told.push(format!("{status}: {}", seen(&cloud, &stack).await));
    }
    insta::assert_snapshot!(told.join("\n"), @"
    UPDATE_IN_PROGRESS: desired 4 serving 6 initial 0 healthy 4 unhealthy 2 draining 0
    UPDATE_IN_PROGRESS: desired 4 serving 6 initial 0 healthy 4 unhealthy 2 draining 0
    UPDATE_IN_PROGRESS: desired 4 serving 6 initial 0 healthy 4 unhealthy 2 draining 0
    UPDATE_ROLLBACK_IN_PROGRESS: desired 4 serving 6 initial 0 healthy 4 unhealthy 2 draining 0
    ");
}

/// Instances are spread over zones; one that is down takes its own, and what is missing starts in the others.
#[tokio::test]
async fn a_zone_that_is_down_and_one_that_is_shifted_away() {
    let cloud = cloud();
    let stack = slot(&cloud, "fill", &["Min=4", "Max=8"]).await;
    minutes(&cloud, 5).await;
    let traffic = cloud.describe_stack("traffic").await.unwrap().unwrap();
    let (from, zone) = (cloud.now(), "ap-northeast-1a".to_owned());
    cloud.inject(Fault::ZonalShift { zone: zone.clone(), from, until: None }).unwrap();
    let health = cloud.target_health(&traffic.outputs["GreenArn"]).await.unwrap();
    let shifted = health.iter().filter(|target| target.shifted_away).count();
    cloud.clear_faults().unwrap();
    cloud.inject(Fault::ZoneDown { zone, from, until: None }).unwrap();
    let mut told = vec![format!("{shifted} shifted away"), seen(&cloud, &stack).await];
    slot(&cloud, "grow", &["Min=8", "Max=8"]).await;
    minutes(&cloud, 5).await;
    told.push(seen(&cloud, &stack).await);
    insta::assert_snapshot!(told.join("\n"), @"
    2 shifted away
    desired 4 serving 4 initial 0 healthy 2 unhealthy 2 draining 0
    desired 8 serving 8 initial 0 healthy 6 unhealthy 2 draining 0
    ");
}

/// A composite does not tell that its children have no data: its rule just does not hold.
#[tokio::test]
async fn a_composite_is_ok_while_its_children_have_no_data() {
    let cloud = cloud();
    let stack = CreateChangeSet { stack_name: "alarms".to_owned(), ..request("alarms", Some(ALARMS), &[]) };
    deploy(&cloud, &stack).await;
    minutes(&cloud, 10).await;
    let names = ["shop-prod-web-green-cpu-critical", "shop-prod-web-green"].map(str::to_owned);
    let (from, until) = (cloud.now(), Some(cloud.now() + Duration::from_secs(300)));
    let alarm = AlarmSelector::Name(names[0].clone());
    cloud.inject(Fault::NoData { alarm, from, until }).unwrap();
    let values = async || -> Vec<String> {
        cloud.alarms(&names).await.unwrap().iter().map(|alarm| alarm.value.to_string()).collect()
    };
    let silent = values().await;
    minutes(&cloud, 5).await;
    assert_eq!([silent, values().await], [["INSUFFICIENT_DATA", "OK"], ["OK", "OK"]]);
}

/// Reads fail too once a process has ended, and the next process finds everything as it was.
#[tokio::test]
async fn a_process_that_ends_at_a_time_makes_no_call_more() {
    let cloud = cloud();
    cloud.inject(Fault::Crash { from: cloud.now() + Duration::from_secs(60) }).unwrap();
    assert!(cloud.caller().await.is_ok());
    minutes(&cloud, 1).await;
    assert!(cloud.caller().await.is_err());
    assert!(cloud.caller().await.is_err());
    assert!(cloud.revive());
    assert!(cloud.caller().await.is_ok());
}

#[tokio::test]
async fn alarms_get_data_go_off_and_come_back() {
    let cloud = cloud();
    let stack = CreateChangeSet { stack_name: "alarms".to_owned(), ..request("alarms", Some(ALARMS), &[]) };
    deploy(&cloud, &stack).await;
    let names = ["shop-prod-web-green-cpu-critical", "shop-prod-web-green"].map(str::to_owned);
    let mut told = Vec::new();
    let (from, until) = (cloud.now() + Duration::from_secs(600), cloud.now() + Duration::from_secs(900));
    let alarm = AlarmSelector::Name(names[0].clone());
    cloud.inject(Fault::Alarm { alarm, from, until: Some(until) }).unwrap();
    for minute in [0, 4, 11, 16] {
        let passed = cloud.now().duration_since(from).as_secs() + 600;
        cloud.sleep(Duration::from_secs((minute * 60_u64).saturating_sub(passed.unsigned_abs()))).await;
        let states = cloud.alarms(&names).await.unwrap();
        let values: Vec<String> = states.iter().map(|alarm| alarm.value.to_string()).collect();
        told.push(format!("{minute:02} {}", values.join(" ")));
    }
    insta::assert_snapshot!(told.join("\n"), @"
    00 INSUFFICIENT_DATA INSUFFICIENT_DATA
    04 OK OK
    11 ALARM ALARM
    16 OK OK
    ");
    assert_eq!(cloud.alarms(&names).await.unwrap()[1].since, until);
    assert_eq!(cloud.alarms(&["none".to_owned()]).await.unwrap(), []);
}

#[tokio::test]
async fn a_roles_metric_goes_off_on_the_slot_that_launched_last() {
    let cloud = cloud();
    let stack = CreateChangeSet { stack_name: "alarms".to_owned(), ..request("alarms", Some(ALARMS), &[]) };
    deploy(&cloud, &stack).await;
    let [role, metric] = ["web", "error-rate"].map(str::to_owned);
    let alarm = AlarmSelector::Metric { role, metric, slot: None };
    cloud.inject(Fault::Alarm { alarm, from: cloud.now(), until: None }).unwrap();
    let names = ["shop-prod-web-green-error-rate-critical".to_owned()];
    // No slot has launched anything: there is no candidate.
    assert_eq!(cloud.alarms(&names).await.unwrap()[0].value, AlarmValue::InsufficientData);
    slot(&cloud, "fill", &["Min=1", "Max=1"]).await;
    assert_eq!(cloud.alarms(&names).await.unwrap()[0].value, AlarmValue::Alarm);
}

#[tokio::test]
async fn a_pipeline_registers_its_image_after_the_build() {
    const IMAGES: &str = "
Resources:
  Recipe: { Type: 'AWS::ImageBuilder::ImageRecipe', Properties: { Name: web, Version: 1.0.0 } }
  Distribution:
    Type: AWS::ImageBuilder::DistributionConfiguration
    Properties:
      Name: web
      Distributions:
        - Region: ap-northeast-1
          SsmParameterConfigurations: [{ ParameterName: /shop/images/web/base/1.0, DataType: 'aws:ec2:image' }]
  Pipeline:
    Type: AWS::ImageBuilder::ImagePipeline
    Properties:
      Name: web
      ImageRecipeArn: !Ref Recipe
      DistributionConfigurationArn: !Ref Distribution
      InfrastructureConfigurationArn: x
";
    let cloud = cloud();
    deploy(&cloud, &request("first", Some(IMAGES), &[])).await;
    minutes(&cloud, 24).await;
    assert_eq!(cloud.parameter("/shop/images/web/base/1.0").await.unwrap(), None);
    minutes(&cloud, 1).await;
    insta::assert_snapshot!(cloud.parameter("/shop/images/web/base/1.0").await.unwrap().unwrap(), @"ami-08b1bf5fd325200f2");
}

#[tokio::test]
async fn weights_can_be_moved_past_cloudformation() {
    let cloud = cloud();
    let stack = deploy(&cloud, &request("first", Some(TRAFFIC), &[])).await;
    let rule = stack.outputs["RuleArn"].clone();
    let weights = [(stack.outputs["GreenArn"].clone(), 40)].into();
    cloud.inject(Fault::WeightsMoved { rule: rule.clone(), weights }).unwrap();
    let rules = cloud.listener_rules(std::slice::from_ref(&rule)).await.unwrap();
    assert_eq!(rules[0].forwards[1].weight, 40);
    assert_eq!(cloud.describe_stack("shop").await.unwrap().unwrap().parameter("Green"), Some("0"));
    assert_eq!(cloud.faults().unwrap(), []);

    // Another change set compares with the template before and sees nothing; this kind sees it, and puts it back.
    let mut same = request("again", None, &[]);
    assert!(make(&cloud, &same).await.unwrap().is_empty());
    (same.name, same.client_token, same.revert_drift) = ("revert".to_owned(), "revert".to_owned(), true);
    deploy(&cloud, &same).await;
    let rules = cloud.listener_rules(&[rule]).await.unwrap();
    assert_eq!(rules[0].forwards[1].weight, 0);
}

#[tokio::test]
async fn sizes_can_be_changed_past_cloudformation() {
    let cloud = cloud();
    let stack = slot(&cloud, "fill", &["Min=2", "Max=4"]).await;
    let mut told = vec![seen(&cloud, &stack).await];
    for (min, max) in [(3, 6), (1, 1)] {
        let group = "shop-prod-web-green".to_owned();
        cloud.inject(Fault::GroupSized { group, min, max }).unwrap();
        told.push(format!("{min} to {max}: {}", seen(&cloud, &stack).await));
    }
    let there = cloud.describe_stack("shop-prod-web-green").await.unwrap().unwrap();
    assert_eq!(there.parameter("Min"), Some("2"));
    assert_eq!(cloud.faults().unwrap(), []);
    let none = Fault::GroupSized { group: "shop-prod-hlp".to_owned(), min: 1, max: 1 };
    told.extend(cloud.inject(none).err().map(|error| error.to_string()));
    insta::assert_snapshot!(told.join("\n"), @r"
    desired 2 serving 2 initial 2 healthy 0 unhealthy 0 draining 0
    3 to 6: desired 3 serving 2 initial 2 healthy 0 unhealthy 0 draining 0
    1 to 1: desired 1 serving 1 initial 1 healthy 0 unhealthy 0 draining 1
    AutoScalingGroup name not found - no such group: shop-prod-hlp
    ");
}

#[tokio::test]
async fn throttled_calls_can_be_made_again() {
    let cloud = cloud();
    cloud.inject(Fault::Throttle { calls: 2 }).unwrap();
    for _ in 0..2 {
        assert!(cloud.caller().await.unwrap_err().is_transient());
    }
    assert_eq!(cloud.caller().await.unwrap().arn.as_given(), "arn:aws:iam::123456789012:user/local");
}
