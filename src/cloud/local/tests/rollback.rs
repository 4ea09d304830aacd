//! Failures, and how they are taken back.

use super::*;
use crate::cfn::StackStatus;
use crate::cloud::Observe;
use crate::cloud::local::Fault;

fn fails(logical_id: &str) -> Fault {
    Fault::ResourceFails {
        stack: "shop".to_owned(),
        logical_id: logical_id.to_owned(),
        reason: "Resource handler returned message: \"quota exceeded\"".to_owned(),
        times: 1,
    }
}

#[tokio::test]
async fn a_failed_creation_is_removed() {
    let cloud = cloud();
    cloud.inject(fails("Rule")).unwrap();
    let since = start(&cloud, &request("first", Some(TRAFFIC), &[])).await;
    assert_eq!(finished(&cloud, "shop").await.status, StackStatus::RollbackComplete);
    insta::assert_snapshot!(history(&cloud, "shop", since).await, @r#"
    00:00 shop CREATE_IN_PROGRESS  User Initiated
    00:00 BlueGroup CREATE_IN_PROGRESS
    00:00 BlueGroup CREATE_IN_PROGRESS  Resource creation Initiated
    00:00 GreenGroup CREATE_IN_PROGRESS
    00:00 GreenGroup CREATE_IN_PROGRESS  Resource creation Initiated
    00:00 RolloutRecord CREATE_IN_PROGRESS
    00:00 RolloutRecord CREATE_IN_PROGRESS  Resource creation Initiated
    00:05 BlueGroup CREATE_COMPLETE
    00:05 GreenGroup CREATE_COMPLETE
    00:05 RolloutRecord CREATE_COMPLETE
    00:05 Rule CREATE_IN_PROGRESS
    00:10 Rule CREATE_FAILED  Resource handler returned message: "quota exceeded"
    00:10 shop ROLLBACK_IN_PROGRESS  The following resource(s) failed to create: [Rule]. Rollback requested by user.
    00:10 RolloutRecord DELETE_IN_PROGRESS
    00:10 BlueGroup DELETE_IN_PROGRESS
    00:10 GreenGroup DELETE_IN_PROGRESS
    00:15 BlueGroup DELETE_COMPLETE
    00:15 GreenGroup DELETE_COMPLETE
    00:15 RolloutRecord DELETE_COMPLETE
    00:15 shop ROLLBACK_COMPLETE
    "#);
    assert_eq!(cloud.describe_stack_resources("shop").await.unwrap(), []);
    assert_eq!(cloud.parameter("/shop/prod/web/rollout").await.unwrap(), None);
    insta::assert_snapshot!(make(&cloud, &request("second", None, &[])).await.unwrap_err(), @"Stack:arn:aws:cloudformation:ap-northeast-1:123456789012:stack/shop/bb566dfe-415f-0ef5-4d76-6d022463b1be is in ROLLBACK_COMPLETE state and can not be updated.");
}

#[tokio::test]
async fn a_failed_update_puts_back_what_was_replaced() {
    let cloud = cloud();
    let before = deploy(&cloud, &request("first", Some(TRAFFIC), &[])).await;
    let resources = cloud.describe_stack_resources("shop").await.unwrap();
    cloud.inject(fails("Rule")).unwrap();
    let since = start(&cloud, &request("port", None, &["Blue=50", "Record=new", "Port=9090"])).await;
    let after = finished(&cloud, "shop").await;
    insta::assert_snapshot!(history(&cloud, "shop", since).await, @r#"
    00:00 shop UPDATE_IN_PROGRESS  User Initiated
    00:00 GreenGroup UPDATE_IN_PROGRESS  Requested update requires the creation of a new physical resource; hence creating one.
    00:00 GreenGroup UPDATE_IN_PROGRESS  Resource creation Initiated
    00:00 RolloutRecord UPDATE_IN_PROGRESS
    00:05 GreenGroup UPDATE_COMPLETE
    00:05 RolloutRecord UPDATE_COMPLETE
    00:05 Rule UPDATE_IN_PROGRESS
    00:10 Rule UPDATE_FAILED  Resource handler returned message: "quota exceeded"
    00:10 shop UPDATE_ROLLBACK_IN_PROGRESS  The following resource(s) failed to update: [Rule].
    00:10 GreenGroup UPDATE_COMPLETE
    00:10 RolloutRecord UPDATE_IN_PROGRESS
    00:10 Rule UPDATE_COMPLETE
    00:15 RolloutRecord UPDATE_COMPLETE
    00:15 shop UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS
    00:15 GreenGroup DELETE_IN_PROGRESS
    00:20 GreenGroup DELETE_COMPLETE
    00:20 shop UPDATE_ROLLBACK_COMPLETE
    "#);
    assert_eq!((&after.parameters, &after.outputs), (&before.parameters, &before.outputs));
    let names = |resources: &[crate::cfn::StackResource]| {
        resources.iter().map(|resource| resource.physical_id.clone()).collect::<Vec<_>>()
    };
    assert_eq!(names(&cloud.describe_stack_resources("shop").await.unwrap()), names(&resources));
    assert_eq!(cloud.parameter("/shop/prod/web/rollout").await.unwrap().as_deref(), Some("none"));
}

#[tokio::test]
async fn a_rollback_that_fails_waits_to_be_continued() {
    let cloud = cloud();
    deploy(&cloud, &request("first", Some(TRAFFIC), &[])).await;
    cloud.inject(fails("Rule")).unwrap();
    cloud
        .inject(Fault::RollbackFails {
            stack: "shop".to_owned(),
            logical_id: "RolloutRecord".to_owned(),
            reason: "Rate exceeded".to_owned(),
            times: 1,
        })
        .unwrap();
    let since = start(&cloud, &request("shift", None, &["Blue=90", "Record=shift"])).await;
    let stuck = finished(&cloud, "shop").await;
    assert_eq!(stuck.status, StackStatus::UpdateRollbackFailed);
    insta::assert_snapshot!(make(&cloud, &request("next", None, &[])).await.unwrap_err(), @"Stack:arn:aws:cloudformation:ap-northeast-1:123456789012:stack/shop/bb566dfe-415f-0ef5-4d76-6d022463b1be is in UPDATE_ROLLBACK_FAILED state and can not be updated.");
    cloud.continue_update_rollback("shop", "continue").await.unwrap();
    let done = finished(&cloud, "shop").await;
    insta::assert_snapshot!(history(&cloud, "shop", since).await, @r#"
    00:00 shop UPDATE_IN_PROGRESS  User Initiated
    00:00 RolloutRecord UPDATE_IN_PROGRESS
    00:00 Rule UPDATE_IN_PROGRESS
    00:05 Rule UPDATE_FAILED  Resource handler returned message: "quota exceeded"
    00:05 RolloutRecord UPDATE_COMPLETE
    00:05 shop UPDATE_ROLLBACK_IN_PROGRESS  The following resource(s) failed to update: [Rule].
    00:05 RolloutRecord UPDATE_IN_PROGRESS
    00:05 Rule UPDATE_COMPLETE
    00:10 RolloutRecord UPDATE_FAILED  Rate exceeded
    00:10 shop UPDATE_ROLLBACK_FAILED  The following resource(s) failed to update: [RolloutRecord].
    00:10 shop UPDATE_ROLLBACK_IN_PROGRESS  User Initiated
    00:10 RolloutRecord UPDATE_IN_PROGRESS
    00:15 RolloutRecord UPDATE_COMPLETE
    00:15 shop UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS
    00:15 shop UPDATE_ROLLBACK_COMPLETE
    "#);
    assert_ne!(stuck.last_operation, done.last_operation);
}

#[tokio::test]
async fn a_resource_with_a_name_of_its_own_cannot_be_replaced() {
    const NAMED: &str = "
Parameters: { Port: { Type: String } }
Resources:
  Group: { Type: 'AWS::ElasticLoadBalancingV2::TargetGroup', Properties: { Name: web, Port: !Ref Port } }
";
    let cloud = cloud();
    deploy(&cloud, &request("first", Some(NAMED), &["Port=80"])).await;
    let since = start(&cloud, &request("port", None, &["Port=81"])).await;
    finished(&cloud, "shop").await;
    insta::assert_snapshot!(history(&cloud, "shop", since).await, @"
    00:00 shop UPDATE_IN_PROGRESS  User Initiated
    00:00 Group UPDATE_IN_PROGRESS  Requested update requires the creation of a new physical resource; hence creating one.
    00:05 Group UPDATE_FAILED  CloudFormation cannot update a stack when a custom-named resource requires replacing. Rename web and update the stack again.
    00:05 shop UPDATE_ROLLBACK_IN_PROGRESS  The following resource(s) failed to update: [Group].
    00:05 Group UPDATE_COMPLETE
    00:05 shop UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS
    00:05 shop UPDATE_ROLLBACK_COMPLETE
    ");
}

#[tokio::test]
async fn a_group_without_instances_fails_its_creation() {
    let cloud = cloud();
    cloud.inject(Fault::LaunchFails { group: "shop".to_owned(), from: None, until: None }).unwrap();
    let since = start(&cloud, &request("first", Some(SLOT), &["Min=2", "Max=2"])).await;
    finished(&cloud, "shop").await;
    insta::assert_snapshot!(history(&cloud, "shop", since).await, @"
    00:00 shop CREATE_IN_PROGRESS  User Initiated
    00:00 LaunchTemplate CREATE_IN_PROGRESS
    00:00 LaunchTemplate CREATE_IN_PROGRESS  Resource creation Initiated
    00:05 LaunchTemplate CREATE_COMPLETE
    00:05 Group CREATE_IN_PROGRESS
    00:05 Group CREATE_IN_PROGRESS  Resource creation Initiated
    10:05 Group CREATE_FAILED  Group did not stabilize. No instance reached InService state.
    10:05 shop ROLLBACK_IN_PROGRESS  The following resource(s) failed to create: [Group]. Rollback requested by user.
    10:05 Group DELETE_IN_PROGRESS
    11:05 Group DELETE_COMPLETE
    11:05 LaunchTemplate DELETE_IN_PROGRESS
    11:10 LaunchTemplate DELETE_COMPLETE
    11:10 shop ROLLBACK_COMPLETE
    ");
}

#[tokio::test]
async fn after_a_rollback_there_is_nothing_to_change() {
    let cloud = cloud();
    deploy(&cloud, &request("first", Some(SLOT), &["Min=1", "Max=1"])).await;
    cloud.inject(fails("Group")).unwrap();
    let since = start(&cloud, &request("image", None, &["ImageId=ami-2", "Min", "Max"])).await;
    finished(&cloud, "shop").await;
    insta::assert_snapshot!(history(&cloud, "shop", since).await, @r#"
    00:00 shop UPDATE_IN_PROGRESS  User Initiated
    00:00 LaunchTemplate UPDATE_IN_PROGRESS
    00:05 LaunchTemplate UPDATE_COMPLETE
    00:05 Group UPDATE_IN_PROGRESS
    00:25 Group UPDATE_FAILED  Resource handler returned message: "quota exceeded"
    00:25 shop UPDATE_ROLLBACK_IN_PROGRESS  The following resource(s) failed to update: [Group].
    00:25 LaunchTemplate UPDATE_IN_PROGRESS
    00:30 LaunchTemplate UPDATE_COMPLETE
    00:30 Group UPDATE_IN_PROGRESS
    00:50 Group UPDATE_COMPLETE
    00:50 shop UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS
    00:50 shop UPDATE_ROLLBACK_COMPLETE
    "#);
    let again = make(&cloud, &request("again", None, &["ImageId=ami-1", "Min=1", "Max=1"])).await.unwrap();
    assert!(again.is_empty(), "{}", changes(&again));
}
