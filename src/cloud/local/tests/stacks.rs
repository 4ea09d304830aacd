//! Creation, updates, replacement, deletion.

use super::*;
use crate::cfn::StackStatus;
use crate::cloud::Observe;

#[tokio::test]
async fn a_stack_is_created_in_the_order_of_its_references() {
    let cloud = cloud();
    let made = make(&cloud, &request("first", Some(TRAFFIC), &[])).await.unwrap();
    assert_eq!(cloud.describe_stack("shop").await.unwrap().unwrap().status, StackStatus::ReviewInProgress);
    insta::assert_snapshot!(changes(&made), @"
    Add BlueGroup False
    Add GreenGroup False
    Add Rule False
    Add RolloutRecord False
    ");

    cloud.execute_change_set(&made.id, "go").await.unwrap();
    let since = cloud.now();
    let stack = finished(&cloud, "shop").await;
    assert_eq!(stack.status, StackStatus::CreateComplete);
    insta::assert_snapshot!(history(&cloud, "shop", since).await, @"
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
    00:05 Rule CREATE_IN_PROGRESS  Resource creation Initiated
    00:10 Rule CREATE_COMPLETE
    00:10 shop CREATE_COMPLETE
    ");
    insta::assert_snapshot!(stack.outputs["GreenArn"], @"arn:aws:elasticloadbalancing:ap-northeast-1:123456789012:targetgroup/shop-GreenGroup-YH5XWQDKLWWX/8497f717167c93e2");
}

#[tokio::test]
async fn nothing_to_change_fails_in_the_services_words() {
    let cloud = cloud();
    deploy(&cloud, &request("first", Some(TRAFFIC), &[])).await;
    let again = make(&cloud, &request("again", Some(TRAFFIC), &["Blue", "Green", "Record"])).await.unwrap();
    assert!(again.is_empty());
    insta::assert_snapshot!(
        format!("{} {} {}", again.status, again.execution_status, again.status_reason.unwrap().visible()),
        @"FAILED UNAVAILABLE The submitted information didn't contain changes. Submit different information to create a change set."
    );
}

#[tokio::test]
async fn weights_move_with_the_record_in_seconds() {
    let cloud = cloud();
    deploy(&cloud, &request("first", Some(TRAFFIC), &[])).await;
    let shift = request("shift", None, &["Blue=90", "Green=10", "Record=shift-10", "Port"]);
    insta::assert_snapshot!(changes(&make(&cloud, &shift).await.unwrap()), @r#"
    Modify Rule False
      Actions Never: [{"Type":"forward","ForwardConfig":{"TargetGroups":[{"TargetGroupArn":"arn:aws:elasticloadbalancing:ap-northeast-1:123456789012:targetgroup/shop-BlueGroup-V8V9HBCWNMFI/ed465d23bb01265e","Weight":"100"},{"TargetGroupArn":"arn:aws:elasticloadbalancing:ap-northeast-1:123456789012:targetgroup/shop-GreenGroup-YH5XWQDKLWWX/8497f717167c93e2","Weight":"0"}]}}] -> [{"Type":"forward","ForwardConfig":{"TargetGroups":[{"TargetGroupArn":"arn:aws:elasticloadbalancing:ap-northeast-1:123456789012:targetgroup/shop-BlueGroup-V8V9HBCWNMFI/ed465d23bb01265e","Weight":"90"},{"TargetGroupArn":"arn:aws:elasticloadbalancing:ap-northeast-1:123456789012:targetgroup/shop-GreenGroup-YH5XWQDKLWWX/8497f717167c93e2","Weight":"10"}]}}]
      Actions Never by Blue: [{"Type":"forward","ForwardConfig":{"TargetGroups":[{"TargetGroupArn":"arn:aws:elasticloadbalancing:ap-northeast-1:123456789012:targetgroup/shop-BlueGroup-V8V9HBCWNMFI/ed465d23bb01265e","Weight":"100"},{"TargetGroupArn":"arn:aws:elasticloadbalancing:ap-northeast-1:123456789012:targetgroup/shop-GreenGroup-YH5XWQDKLWWX/8497f717167c93e2","Weight":"0"}]}}] -> [{"Type":"forward","ForwardConfig":{"TargetGroups":[{"TargetGroupArn":"arn:aws:elasticloadbalancing:ap-northeast-1:123456789012:targetgroup/shop-BlueGroup-V8V9HBCWNMFI/ed465d23bb01265e","Weight":"90"},{"TargetGroupArn":"arn:aws:elasticloadbalancing:ap-northeast-1:123456789012:targetgroup/shop-GreenGroup-YH5XWQDKLWWX/8497f717167c93e2","Weight":"10"}]}}]
      Actions Never by Green: [{"Type":"forward","ForwardConfig":{"TargetGroups":[{"TargetGroupArn":"arn:aws:elasticloadbalancing:ap-northeast-1:123456789012:targetgroup/shop-BlueGroup-V8V9HBCWNMFI/ed465d23bb01265e","Weight":"100"},{"TargetGroupArn":"arn:aws:elasticloadbalancing:ap-northeast-1:123456789012:targetgroup/shop-GreenGroup-YH5XWQDKLWWX/8497f717167c93e2","Weight":"0"}]}}] -> [{"Type":"forward","ForwardConfig":{"TargetGroups":[{"TargetGroupArn":"arn:aws:elasticloadbalancing:ap-northeast-1:123456789012:targetgroup/shop-BlueGroup-V8V9HBCWNMFI/ed465d23bb01265e","Weight":"90"},{"TargetGroupArn":"arn:aws:elasticloadbalancing:ap-northeast-1:123456789012:targetgroup/shop-GreenGroup-YH5XWQDKLWWX/8497f717167c93e2","Weight":"10"}]}}]
    Modify RolloutRecord False
      Value Never: none -> shift-10
      Value Never by Record: none -> shift-10
    "#);

    let since = start(&cloud, &shift).await;
    let stack = finished(&cloud, "shop").await;
    insta::assert_snapshot!(history(&cloud, "shop", since).await, @"
    00:00 shop UPDATE_IN_PROGRESS  User Initiated
    00:00 RolloutRecord UPDATE_IN_PROGRESS
    00:00 Rule UPDATE_IN_PROGRESS
    00:05 Rule UPDATE_COMPLETE
    00:05 RolloutRecord UPDATE_COMPLETE
    00:05 shop UPDATE_COMPLETE_CLEANUP_IN_PROGRESS
    00:05 shop UPDATE_COMPLETE
    ");
    let rules = cloud.listener_rules(&[stack.outputs["RuleArn"].clone()]).await.unwrap();
    let weights: Vec<u32> = rules[0].forwards.iter().map(|forward| forward.weight).collect();
    assert_eq!(weights, [90, 10]);
    let record = cloud.parameter_history("/shop/prod/web/rollout").await.unwrap();
    assert_eq!(record.iter().map(|version| version.value.as_str()).collect::<Vec<_>>(), ["none", "shift-10"]);
}

#[tokio::test]
async fn a_replaced_resource_is_made_first_and_removed_last() {
    let cloud = cloud();
    let before = deploy(&cloud, &request("first", Some(TRAFFIC), &[])).await;
    let port = request("port", None, &["Blue", "Green", "Record", "Port=9090"]);
    insta::assert_snapshot!(changes(&make(&cloud, &port).await.unwrap()), @r#"
    Modify GreenGroup True
      Port Always: 8080 -> 9090
      Port Always by Port: 8080 -> 9090
    Modify Rule False
      Actions Never by GreenGroup: [{"Type":"forward","ForwardConfig":{"TargetGroups":[{"TargetGroupArn":"arn:aws:elasticloadbalancing:ap-northeast-1:123456789012:targetgroup/shop-BlueGroup-V8V9HBCWNMFI/ed465d23bb01265e","Weight":"100"},{"TargetGroupArn":"arn:aws:elasticloadbalancing:ap-northeast-1:123456789012:targetgroup/shop-GreenGroup-YH5XWQDKLWWX/8497f717167c93e2","Weight":"0"}]}}] -> {{changeSet:KNOWN_AFTER_APPLY}}
    "#);

    let since = start(&cloud, &port).await;
    let after = finished(&cloud, "shop").await;
    insta::assert_snapshot!(history(&cloud, "shop", since).await, @"
    00:00 shop UPDATE_IN_PROGRESS  User Initiated
    00:00 GreenGroup UPDATE_IN_PROGRESS  Requested update requires the creation of a new physical resource; hence creating one.
    00:00 GreenGroup UPDATE_IN_PROGRESS  Resource creation Initiated
    00:05 GreenGroup UPDATE_COMPLETE
    00:05 Rule UPDATE_IN_PROGRESS
    00:10 Rule UPDATE_COMPLETE
    00:10 shop UPDATE_COMPLETE_CLEANUP_IN_PROGRESS
    00:10 GreenGroup DELETE_IN_PROGRESS
    00:15 GreenGroup DELETE_COMPLETE
    00:15 shop UPDATE_COMPLETE
    ");
    assert_ne!(before.outputs["GreenArn"], after.outputs["GreenArn"]);
    assert!(cloud.target_health(&before.outputs["GreenArn"]).await.is_err());
}

#[tokio::test]
async fn a_new_image_ripples_as_far_as_cloudformation_cannot_see() {
    let cloud = cloud();
    deploy(&cloud, &request("first", Some(SLOT), &[])).await;
    let image = request("image", None, &["ImageId=ami-2", "Min=2", "Max=4", "TargetGroup", "Mode"]);
    insta::assert_snapshot!(changes(&make(&cloud, &image).await.unwrap()), @r#"
    Modify LaunchTemplate False
      LaunchTemplateData Never: {"ImageId":"ami-1"} -> {"ImageId":"ami-2"}
      LaunchTemplateData Never by ImageId: {"ImageId":"ami-1"} -> {"ImageId":"ami-2"}
    Modify Group Conditional
      MinSize Never: 0 -> 2
      MinSize Never by Min: 0 -> 2
      MaxSize Never: 0 -> 4
      MaxSize Never by Max: 0 -> 4
      LaunchTemplate Conditionally by LaunchTemplate.LatestVersionNumber: {"LaunchTemplateId":"lt-0c643dda1e5295564","Version":"1"} -> {{changeSet:KNOWN_AFTER_APPLY}}
    Modify Policy Conditional
      AutoScalingGroupName Always by Group: shop-Group-280FZ4PVYK0O -> {{changeSet:KNOWN_AFTER_APPLY}}
    "#);
    let since = start(&cloud, &image).await;
    finished(&cloud, "shop").await;
    insta::assert_snapshot!(history(&cloud, "shop", since).await, @"
    00:00 shop UPDATE_IN_PROGRESS  User Initiated
    00:00 LaunchTemplate UPDATE_IN_PROGRESS
    00:05 LaunchTemplate UPDATE_COMPLETE
    00:05 Group UPDATE_IN_PROGRESS
    00:25 Group UPDATE_COMPLETE
    00:25 shop UPDATE_COMPLETE_CLEANUP_IN_PROGRESS
    00:25 shop UPDATE_COMPLETE
    ");
}

#[tokio::test]
async fn retained_resources_outlive_their_stack_and_keep_their_name() {
    const LOGS: &str = "
Resources:
  Logs: { Type: 'AWS::Logs::LogGroup', DeletionPolicy: Retain, Properties: { LogGroupName: /shop } }
  Topic: { Type: 'AWS::SNS::Topic' }
";
    let cloud = cloud();
    let stack = deploy(&cloud, &request("first", Some(LOGS), &[])).await;
    cloud.update_termination_protection("shop", true).await.unwrap();
    let refused = cloud.delete_stack("shop", "delete-1").await.unwrap_err();
    insta::assert_snapshot!(refused, @"Stack [shop] cannot be deleted while TerminationProtection is enabled");

    cloud.update_termination_protection("shop", false).await.unwrap();
    let since = cloud.now();
    cloud.delete_stack("shop", "delete-2").await.unwrap();
    minutes(&cloud, 1).await;
    insta::assert_snapshot!(history(&cloud, &stack.id, since).await, @"
    00:00 Topic CREATE_COMPLETE
    00:00 shop CREATE_COMPLETE
    00:00 shop DELETE_IN_PROGRESS  User Initiated
    00:00 Logs DELETE_SKIPPED
    00:00 Topic DELETE_IN_PROGRESS
    00:05 Topic DELETE_COMPLETE
    00:05 shop DELETE_COMPLETE
    ");
    assert_eq!(cloud.describe_stack("shop").await.unwrap(), None);
    cloud.delete_stack("shop", "delete-3").await.unwrap();

    let since = start(&cloud, &request("second", Some(LOGS), &[])).await;
    assert_eq!(finished(&cloud, "shop").await.status, StackStatus::RollbackComplete);
    insta::assert_snapshot!(history(&cloud, "shop", since).await, @"
    00:00 shop CREATE_IN_PROGRESS  User Initiated
    00:00 Logs CREATE_IN_PROGRESS
    00:00 Topic CREATE_IN_PROGRESS
    00:00 Topic CREATE_IN_PROGRESS  Resource creation Initiated
    00:05 Logs CREATE_FAILED  /shop already exists
    00:05 Topic CREATE_FAILED  Resource creation cancelled
    00:05 shop ROLLBACK_IN_PROGRESS  The following resource(s) failed to create: [Logs]. Rollback requested by user.
    00:05 Topic DELETE_IN_PROGRESS
    00:10 Topic DELETE_COMPLETE
    00:10 shop ROLLBACK_COMPLETE
    ");
}

#[tokio::test]
async fn executing_deletes_the_other_change_sets_and_the_same_call_is_the_same_call() {
    let cloud = cloud();
    deploy(&cloud, &request("first", Some(TRAFFIC), &[])).await;
    let [ten, fifty] = ["Blue=90", "Blue=50"].map(|blue| request(&blue.replace('=', "-"), None, &[blue]));
    let ten_again = CreateChangeSet { client_token: "other".to_owned(), ..ten.clone() };
    let (first, second) = (make(&cloud, &ten).await.unwrap(), make(&cloud, &fifty).await.unwrap());
    assert_eq!(make(&cloud, &ten).await.unwrap(), first);
    insta::assert_snapshot!(make(&cloud, &ten_again).await.unwrap_err(), @"ChangeSet [Blue-90] already exists");

    cloud.execute_change_set(&first.id, "go").await.unwrap();
    cloud.execute_change_set(&first.id, "go").await.unwrap();
    insta::assert_snapshot!(cloud.describe_change_set(&second.id).await.unwrap_err(), @"ChangeSet [arn:aws:cloudformation:ap-northeast-1:123456789012:changeSet/Blue-50/5b0f4a8a-4f41-a230-3c71-f4b102f9a9ef] does not exist");
    insta::assert_snapshot!(cloud.execute_change_set(&first.id, "another").await.unwrap_err(), @"ChangeSet [arn:aws:cloudformation:ap-northeast-1:123456789012:changeSet/Blue-90/713c8e17-96f8-f81c-20f9-bfe000025d5c] cannot be executed in its current execution status of [EXECUTE_IN_PROGRESS]");
    insta::assert_snapshot!(make(&cloud, &request("third", None, &[])).await.unwrap_err(), @"Stack:arn:aws:cloudformation:ap-northeast-1:123456789012:stack/shop/bb566dfe-415f-0ef5-4d76-6d022463b1be is in UPDATE_IN_PROGRESS state and can not be updated.");
}

#[tokio::test]
async fn exports_are_imported_and_guarded() {
    const TOPIC: &str = "
Resources: { Topic: { Type: 'AWS::SNS::Topic' } }
Outputs: { Arn: { Value: !Ref Topic, Export: { Name: topic } } }
";
    const USER: &str = r#"
Resources:
  Note:
    Type: AWS::SSM::Parameter
    Properties: { Name: /note, Type: String, Value: !ImportValue topic, Description: "{{resolve:ssm:/who:1}}" }
"#;
    let cloud = cloud();
    cloud.put_parameter("/who", "ops").unwrap();
    let topic = deploy(&cloud, &request("first", Some(TOPIC), &[])).await;
    let user = CreateChangeSet { stack_name: "user".to_owned(), ..request("user", Some(USER), &[]) };
    deploy(&cloud, &user).await;
    assert_eq!(cloud.parameter("/note").await.unwrap().as_ref(), topic.outputs.get("Arn"));
    insta::assert_snapshot!(cloud.delete_stack("shop", "delete").await.unwrap_err(), @"Export topic cannot be deleted as it is in use by user");

    cloud.publish(&topic.outputs["Arn"], "phase", "shift 10 %").await.unwrap();
    let messages = cloud.messages().unwrap();
    assert_eq!((messages[0].subject.as_str(), messages[0].at), ("phase", cloud.now()));
}

#[tokio::test]
async fn an_export_alone_is_a_change() {
    const TOPIC: &str = "
Resources: { Topic: { Type: 'AWS::SNS::Topic' } }
Outputs: { Arn: { Value: !Ref Topic } }
";
    let cloud = cloud();
    deploy(&cloud, &request("first", Some(TOPIC), &[])).await;
    let exported = TOPIC.replace("!Ref Topic", "!Ref Topic, Export: { Name: topic }");
    let made = make(&cloud, &request("exported", Some(&exported), &[])).await.unwrap();
    assert!(made.changes.is_empty() && !made.is_empty(), "{made:?}");
    deploy(&cloud, &request("then", Some(&exported), &[])).await;
    assert!(make(&cloud, &request("again", Some(&exported), &[])).await.unwrap().is_empty());
}
