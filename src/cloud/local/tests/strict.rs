//! What CloudFormation and the services refuse, in their words.

use super::*;
use crate::cfn::StackStatus;

fn resource(kind: &str, properties: &str) -> String {
    format!("Resources:\n  A: {{ Type: '{kind}', Properties: {{ {properties} }} }}\n")
}

/// Why the stack's update, or its creation where there is no second template, is taken back.
async fn why(first: &str, second: Option<&str>) -> String {
    let cloud = cloud();
    let mut request = request("first", Some(first), &[]);
    request.capabilities = vec!["CAPABILITY_NAMED_IAM".to_owned()];
    if let Some(second) = second {
        let stack = deploy(&cloud, &request).await;
        assert_eq!(stack.status, StackStatus::CreateComplete, "{first}");
        request = CreateChangeSet {
            name: "second".to_owned(),
            client_token: "second".to_owned(),
            template: Some(second.to_owned()),
            ..request
        };
    }
    let since = start(&cloud, &request).await;
    finished(&cloud, "shop").await;
    let told = history(&cloud, "shop", since).await;
    let failed = told.lines().find_map(|line| line.split_once("_FAILED  "));
    failed.map(|(_, reason)| reason.to_owned()).unwrap_or_default()
}

#[tokio::test]
async fn what_is_made_is_what_its_service_takes() {
    let group = |description: &str, rule: &str| {
        resource(
            "AWS::EC2::SecurityGroup",
            &format!(
                "GroupDescription: {description}, SecurityGroupIngress: [{{ IpProtocol: tcp, Description: {rule} }}]"
            ),
        )
    };
    let long = "a".repeat(33);
    let mut told = Vec::new();
    for template in [
        resource("AWS::ElasticLoadBalancingV2::TargetGroup", &format!("Name: {long}")),
        resource("AWS::ElasticLoadBalancingV2::LoadBalancer", "Name: internal-a"),
        resource("AWS::S3::Bucket", "BucketName: Logs_a"),
        resource("AWS::IAM::Role", &format!("RoleName: {long}{long}, AssumeRolePolicyDocument: {{}}")),
        resource("AWS::IAM::Role", "Description: 役割, AssumeRolePolicyDocument: {}"),
        group("web の門", "x"),
        group("web", "からの要求"),
        resource("AWS::SSM::Parameter", "Name: /a, Type: String, Value: !ImportValue gone"),
    ] {
        told.push(why(&template, None).await);
    }
    insta::assert_snapshot!(told.join("\n"), @"
    Target group name 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' cannot be longer than '32' characters
    The load balancer name 'internal-a' cannot begin with 'internal-'
    Properties validation failed for resource A with message: #/BucketName: failed validation constraint for keyword [pattern]
    Properties validation failed for resource A with message: #/RoleName: failed validation constraint for keyword [maxLength]
    1 validation error detected: Value '役割' at 'description' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\u0009\\u000A\\u000D\\u0020-\\u007E\\u00A1-\\u00FF]*
    Value (web の門) for parameter GroupDescription is invalid. Character sets beyond ASCII are not supported.
    Invalid rule description. Valid descriptions are strings less than 256 characters from the following set: a-zA-Z0-9. _-:/()#,@[]+=&;{}!$*
    No export named gone found
    ");
}

#[tokio::test]
async fn a_custom_resource_and_an_image_part_cannot_become_another() {
    let custom = |token: &str| resource("Custom::Thing", &format!("ServiceToken: {token}"));
    let part = |version: &str, data: &str| {
        resource("AWS::ImageBuilder::Component", &format!("Name: tool, Version: {version}, Data: {data}"))
    };
    let queue = |fifo: &str| resource("AWS::SQS::Queue", &format!("QueueName: orders{fifo}"));
    assert_eq!(why(&custom("a"), Some(&custom("b"))).await, "Modifying service token is not allowed.");
    assert_eq!(
        why(&part("1.0.0", "one"), Some(&part("1.0.0", "two"))).await,
        "Resource of type 'AWS::ImageBuilder::Component' with identifier 'tool' already exists."
    );
    assert_eq!(why(&part("1.0.0", "one"), Some(&part("1.0.1", "two"))).await, "");
    assert_eq!(
        why(&queue(""), Some(&queue(", FifoQueue: true"))).await,
        "CloudFormation cannot update a stack when a custom-named resource requires replacing. Rename orders and update the stack again."
    );
}

#[tokio::test]
async fn another_type_is_refused_by_the_change_set() {
    let cloud = cloud();
    deploy(&cloud, &request("first", Some(&resource("AWS::SNS::Topic", "DisplayName: a")), &[])).await;
    let second = resource("AWS::SQS::Queue", "DelaySeconds: 1");
    let made = make(&cloud, &request("second", Some(&second), &[])).await.unwrap();
    insta::assert_snapshot!(
        format!("{} {} {}", made.status, made.execution_status, made.status_reason.unwrap().visible()),
        @"FAILED UNAVAILABLE Update of resource type is not permitted. The new template modifies resource type of the following resources: [A]"
    );
}

#[tokio::test]
async fn quotes_around_a_number_change_nothing() {
    let cloud = cloud();
    let queue = |delay: &str, fifo: &str, timeout: u32| {
        resource(
            "AWS::SQS::Queue",
            &format!("DelaySeconds: {delay}, FifoQueue: {fifo}, VisibilityTimeout: {timeout}"),
        )
    };
    deploy(&cloud, &request("first", Some(&queue("'5'", "'true'", 30)), &[])).await;
    let made = make(&cloud, &request("second", Some(&queue("5", "true", 60)), &[])).await.unwrap();
    insta::assert_snapshot!(changes(&made), @"
    Modify A False
      VisibilityTimeout Never: 30 -> 60
    ");
    let made = make(&cloud, &request("third", Some(&queue("5", "true", 30)), &[])).await.unwrap();
    assert!(made.is_empty());
}

#[tokio::test]
async fn the_templates_own_rules_are_held() {
    let cloud = cloud();
    let template = "Parameters: { Vpc: { Type: String }, Stack: { Type: String } }\nRules:\n  Both:\n    RuleCondition: !Equals [!Ref Vpc, 'true']\n    Assertions: [{ Assert: !Equals [!Ref Stack, 'true'], AssertDescription: a VPC wants its stack }]\nResources: { A: { Type: AWS::SNS::Topic } }\n";
    let refused = make(&cloud, &request("first", Some(template), &["Vpc=true", "Stack=false"])).await;
    assert_eq!(refused.unwrap_err().to_string(), "a VPC wants its stack");
    assert!(cloud.describe_stack("shop").await.unwrap().is_none());
    let stack = deploy(&cloud, &request("second", Some(template), &["Vpc=false", "Stack=false"])).await;
    assert_eq!(stack.status, StackStatus::CreateComplete);
}

#[tokio::test]
async fn an_export_in_use_is_held() {
    let cloud = cloud();
    let exporting = |name: &str| {
        format!(
            "Resources: {{ A: {{ Type: AWS::SNS::Topic, Properties: {{ TopicName: {name} }} }} }}\nOutputs: {{ Arn: {{ Value: !Ref A, Export: {{ Name: shared }} }} }}\n"
        )
    };
    let of = |stack: &str, name: &str, template: &str| CreateChangeSet {
        stack_name: stack.to_owned(),
        ..request(name, Some(template), &[])
    };
    let ends = async |request: CreateChangeSet| {
        let since = start(&cloud, &request).await;
        let stack = finished(&cloud, &request.stack_name).await;
        let told = history(&cloud, &request.stack_name, since).await;
        let why = told
            .lines()
            .find_map(|line| line.split_once("ROLLBACK_IN_PROGRESS  ").map(|(_, why)| why.to_owned()));
        format!("{} {}", stack.status, why.unwrap_or_default()).trim_end().to_owned()
    };
    let importing = "Resources: { P: { Type: AWS::SSM::Parameter, Properties: { Name: /p, Type: String, Value: !Sub ['${V}', { V: !ImportValue shared }] } } }\n";
    let mut told = vec![ends(of("alpha", "first", &exporting("one"))).await];
    told.push(ends(of("bravo", "first", importing)).await);
    told.push(ends(of("alpha", "second", &exporting("two"))).await);
    told.push(ends(of("charlie", "first", &exporting("three"))).await);
    let refused = cloud.delete_stack("alpha", "delete").await.unwrap_err();
    told.push(refused.to_string());
    told.push(ends(of("bravo", "second", &importing.replace("!ImportValue shared", "none"))).await);
    told.push(ends(of("alpha", "third", &exporting("two"))).await);
    insta::assert_snapshot!(told.join("\n"), @"
    CREATE_COMPLETE
    CREATE_COMPLETE
    UPDATE_ROLLBACK_COMPLETE Export shared cannot be updated as it is in use by bravo
    ROLLBACK_COMPLETE Export with name shared is already exported by stack alpha Rollback requested by user.
    Export shared cannot be deleted as it is in use by bravo
    UPDATE_COMPLETE
    UPDATE_COMPLETE
    ");
}

#[tokio::test]
async fn outputs_of_other_stacks_and_public_parameters_are_there() {
    let cloud = cloud();
    let net = "Resources: { A: { Type: AWS::SNS::Topic } }\nOutputs: { Id: { Value: one } }\n";
    deploy(&cloud, &CreateChangeSet { stack_name: "net".to_owned(), ..request("first", Some(net), &[]) })
        .await;
    let template = |output: &str| {
        format!(
            "Parameters: {{ Image: {{ Type: 'AWS::SSM::Parameter::Value<AWS::EC2::Image::Id>', Default: /aws/service/ecs/optimized-ami/amazon-linux-2023/recommended/image_id }} }}\nResources:\n  A: {{ Type: AWS::SNS::Topic, Properties: {{ DisplayName: {{ 'Fn::GetStackOutput': {{ StackName: net, OutputName: {output} }} }} }} }}\nOutputs: {{ Seen: {{ Value: {{ 'Fn::GetStackOutput': {{ StackName: net, OutputName: {output} }} }} }}, Image: {{ Value: !Ref Image }} }}\n"
        )
    };
    let stack = deploy(&cloud, &request("first", Some(&template("Id")), &[])).await;
    assert_eq!(stack.outputs["Seen"], "one");
    assert!(stack.outputs["Image"].starts_with("ami-0"), "{}", stack.outputs["Image"]);
    let stack = deploy(&cloud, &request("second", Some(&template("Gone")), &[])).await;
    assert_eq!(stack.status, StackStatus::UpdateRollbackComplete);
}
