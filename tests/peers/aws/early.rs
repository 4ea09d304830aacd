//! What CloudFormation finds before it begins: the change set or the operation only says where to ask, and asagi asks.

use serde_json::json;

use super::live::live;
use super::proxy::{Fate, Proxy};
use super::target::{client, direct, runtime, server};
use crate::drive::rollout::Rollout;
use crate::support::Boto;
use asagi::cloud::CloudFormation;
use asagi::rollout::first_failure;

/// The server validates no change sets: its own answer is made into the one that AWS gives then.
const FAILED: &[(&str, &str)] = &[
    (
        "<Status>CREATE_COMPLETE</Status>",
        "<Status>FAILED</Status><StatusReason>The following hook(s)/validation failed: \
         [AWS::EarlyValidation::PropertyValidation]. To troubleshoot Early Validation errors, use the DescribeEvents \
         API for detailed failure information.</StatusReason>",
    ),
    ("<ExecutionStatus>AVAILABLE</ExecutionStatus>", "<ExecutionStatus>UNAVAILABLE</ExecutionStatus>"),
];

/// As the service's model has it: a validation that failed, one that was skipped, and progress, which is no complaint.
const EVENTS: &str = r#"<DescribeEventsResponse xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/">
  <DescribeEventsResult><OperationEvents>
    <member>
      <EventId>0c1d</EventId><OperationId>9a8b</OperationId><OperationType>CREATE_CHANGESET</OperationType>
      <EventType>VALIDATION_ERROR</EventType><LogicalResourceId>Topic</LogicalResourceId>
      <ResourceType>AWS::SNS::Topic</ResourceType><Timestamp>2026-11-21T10:00:00.123Z</Timestamp>
      <ValidationFailureMode>FAIL</ValidationFailureMode><ValidationName>PROPERTY_VALIDATION</ValidationName>
      <ValidationStatus>FAILED</ValidationStatus>
      <ValidationStatusReason>Unsupported property [DisplayNam]</ValidationStatusReason>
      <ValidationPath>/Resources/Topic/Properties/DisplayNam</ValidationPath>
    </member>
    <member>
      <EventId>0c1e</EventId><OperationType>CREATE_CHANGESET</OperationType><EventType>PROGRESS_EVENT</EventType>
      <Timestamp>2026-11-21T10:00:00.456Z</Timestamp><ResourceStatusReason>it goes on</ResourceStatusReason>
    </member>
  </OperationEvents></DescribeEventsResult>
  <ResponseMetadata><RequestId>4f5e</RequestId></ResponseMetadata>
</DescribeEventsResponse>"#;

#[test]
fn a_change_set_that_fails_validation_tells_the_resource_the_path_and_the_reason() {
    let server = server();
    let proxy = Proxy::before(server.port(), |name, _| match name {
        "DescribeChangeSet" => Fate::Replaced(FAILED),
        "DescribeEvents" => Fate::Answered(EVENTS),
        _ => Fate::Through,
    });
    let cloud = client(proxy.port, "test");
    let why = Rollout::new(&cloud, "poc").finish(false).unwrap_err();
    let told = "Refused(\"Topic /Resources/Topic/Properties/DisplayNam: Unsupported property [DisplayNam]\")";
    assert!(why.contains(told), "{why}");
    let left = Boto::of(&server).call("cloudformation", "describe_stacks", json!({}));
    assert_eq!(left["Stacks"].as_array().map(Vec::len), Some(0), "no name is left in review");
}

/// A bucket of that name is somebody's already, which the server finds as AWS does, once the creation was asked for.
#[test]
fn an_operation_that_fails_validation_tells_it_too() {
    let server = live();
    let (cloud, mut boto) = (direct(&server, "test"), Boto::of(&server));
    boto.call(
        "s3",
        "create_bucket",
        json!({ "Bucket": "taken", "CreateBucketConfiguration": { "LocationConstraint": "ap-northeast-1" } }),
    );
    let template = "Resources: { Bucket: { Type: AWS::S3::Bucket, Properties: { BucketName: taken } } }";
    let made = json!({ "StackName": "poc-poc-own", "TemplateBody": template });
    boto.call("cloudformation", "create_stack", made);
    let reason = loop {
        let events = runtime().block_on(cloud.describe_stack_events("poc-poc-own", None)).unwrap();
        if events.iter().any(|event| event.status.as_str() == "ROLLBACK_COMPLETE") {
            break first_failure(&events).unwrap();
        }
    };
    assert!(reason.starts_with("Bucket /Resources/Bucket: ") && reason.contains("taken"), "{reason}");
}
