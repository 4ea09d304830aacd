//! Alarms that watch an update and take it back.

use super::*;
use crate::cfn::StackStatus;
use crate::cloud::local::{AlarmSelector, Fault};
use crate::cloud::{AlarmValue, Observe};

/// Traffic is deployed, alarms have data; gives the shift to 10 %, baked for 15 minutes.
async fn prepared(cloud: &LocalCloud) -> CreateChangeSet {
    let alarms = CreateChangeSet { stack_name: "alarms".to_owned(), ..request("alarms", Some(ALARMS), &[]) };
    let arn = deploy(cloud, &alarms).await.outputs["Arn"].clone();
    deploy(cloud, &request("first", Some(TRAFFIC), &[])).await;
    minutes(cloud, 5).await;
    CreateChangeSet {
        rollback_configuration: RollbackConfiguration { triggers: vec![arn], monitoring_minutes: 15 },
        ..request("shift", None, &["Blue=90", "Green=10", "Record=shift-10", "Port"])
    }
}

fn error_rate(from: Timestamp) -> Fault {
    let metric = |text: &str| text.to_owned();
    Fault::Alarm {
        alarm: AlarmSelector::Metric {
            role: metric("web"),
            metric: metric("error-rate"),
            slot: Some(metric("green")),
        },
        from,
        until: None,
    }
}

#[tokio::test]
async fn a_quiet_bake_ends_the_update() {
    let cloud = cloud();
    let shift = prepared(&cloud).await;
    let since = start(&cloud, &shift).await;
    minutes(&cloud, 14).await;
    assert_eq!(cloud.describe_stack("shop").await.unwrap().unwrap().status, StackStatus::UpdateInProgress);
    finished(&cloud, "shop").await;
    insta::assert_snapshot!(history(&cloud, "shop", since).await, @"
    00:00 shop UPDATE_IN_PROGRESS  User Initiated
    00:00 RolloutRecord UPDATE_IN_PROGRESS
    00:00 Rule UPDATE_IN_PROGRESS
    00:05 Rule UPDATE_COMPLETE
    00:05 RolloutRecord UPDATE_COMPLETE
    15:05 shop UPDATE_COMPLETE_CLEANUP_IN_PROGRESS
    15:05 shop UPDATE_COMPLETE
    ");
}

#[tokio::test]
async fn an_alarm_in_the_bake_restores_weights_record_and_parameters() {
    let cloud = cloud();
    let shift = prepared(&cloud).await;
    let since = start(&cloud, &shift).await;
    cloud.inject(error_rate(since + Duration::from_secs(240))).unwrap();
    let stack = finished(&cloud, "shop").await;
    insta::assert_snapshot!(history(&cloud, "shop", since).await, @"
    00:00 shop UPDATE_IN_PROGRESS  User Initiated
    00:00 RolloutRecord UPDATE_IN_PROGRESS
    00:00 Rule UPDATE_IN_PROGRESS
    00:05 Rule UPDATE_COMPLETE
    00:05 RolloutRecord UPDATE_COMPLETE
    04:00 shop UPDATE_ROLLBACK_IN_PROGRESS  The rollback trigger arn:aws:cloudwatch:ap-northeast-1:123456789012:alarm:shop-prod-web-green went to ALARM state.
    04:00 RolloutRecord UPDATE_IN_PROGRESS
    04:00 Rule UPDATE_IN_PROGRESS
    04:05 Rule UPDATE_COMPLETE
    04:05 RolloutRecord UPDATE_COMPLETE
    04:05 shop UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS
    04:05 shop UPDATE_ROLLBACK_COMPLETE
    ");
    assert_eq!(stack.parameter("Green"), Some("0"));
    let rules = cloud.listener_rules(&[stack.outputs["RuleArn"].clone()]).await.unwrap();
    assert_eq!(rules[0].forwards[1].weight, 0);
    assert_eq!(cloud.parameter("/shop/prod/web/rollout").await.unwrap().as_deref(), Some("none"));
    let alarms = cloud.alarms(&["shop-prod-web-green".to_owned()]).await.unwrap();
    assert_eq!(alarms[0].value, AlarmValue::Alarm);
}

#[tokio::test]
async fn a_bake_can_be_cancelled_and_nothing_else_can() {
    let cloud = cloud();
    let shift = prepared(&cloud).await;
    insta::assert_snapshot!(cloud.cancel_update_stack("shop", "cancel").await.unwrap_err(), @"CancelUpdateStack cannot be called from current stack status");
    let since = start(&cloud, &shift).await;
    minutes(&cloud, 3).await;
    cloud.cancel_update_stack("shop", "cancel").await.unwrap();
    finished(&cloud, "shop").await;
    insta::assert_snapshot!(history(&cloud, "shop", since).await, @"
    00:00 shop UPDATE_IN_PROGRESS  User Initiated
    00:00 RolloutRecord UPDATE_IN_PROGRESS
    00:00 Rule UPDATE_IN_PROGRESS
    00:05 Rule UPDATE_COMPLETE
    00:05 RolloutRecord UPDATE_COMPLETE
    03:00 shop UPDATE_ROLLBACK_IN_PROGRESS  User Initiated
    03:00 RolloutRecord UPDATE_IN_PROGRESS
    03:00 Rule UPDATE_IN_PROGRESS
    03:05 Rule UPDATE_COMPLETE
    03:05 RolloutRecord UPDATE_COMPLETE
    03:05 shop UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS
    03:05 shop UPDATE_ROLLBACK_COMPLETE
    ");
}

#[tokio::test]
async fn a_missing_alarm_fails_the_operation() {
    let cloud = cloud();
    let mut shift = prepared(&cloud).await;
    shift.rollback_configuration.triggers =
        vec!["arn:aws:cloudwatch:ap-northeast-1:123456789012:alarm:gone".to_owned()];
    let since = start(&cloud, &shift).await;
    finished(&cloud, "shop").await;
    insta::assert_snapshot!(history(&cloud, "shop", since).await, @"
    00:00 shop UPDATE_IN_PROGRESS  User Initiated
    00:00 shop UPDATE_ROLLBACK_IN_PROGRESS  The rollback trigger arn:aws:cloudwatch:ap-northeast-1:123456789012:alarm:gone does not exist.
    00:00 shop UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS
    00:00 shop UPDATE_ROLLBACK_COMPLETE
    ");
}

#[tokio::test]
async fn triggers_stay_on_the_stack_until_overridden() {
    let cloud = cloud();
    let shift = prepared(&cloud).await;
    let stack = deploy(&cloud, &shift).await;
    assert_eq!(stack.rollback_configuration, shift.rollback_configuration);
    let stack = deploy(&cloud, &request("all", None, &["Blue=0", "Green=100"])).await;
    assert_eq!(stack.rollback_configuration, RollbackConfiguration::default());
}
