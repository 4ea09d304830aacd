//! The server makes, shows and executes change sets, refuses as CloudFormation does, and its load balancer moves real
//! requests by the weights that a stack sets.

use serde_json::{Value, json};

use crate::support::{Boto, Server, TextServer, repository};

const STACK: &str = "weights";

/// The names of a change set, which an executed one keeps: each gets its own.
fn named(weights: (u32, u32)) -> Value {
    json!({ "StackName": STACK, "ChangeSetName": format!("to-{}-{}", weights.0, weights.1) })
}

/// Makes a change set with both weights, waits for it and answers its changes.
fn change_set(cloud: &mut Boto, kind: &str, weights: (u32, u32)) -> Value {
    let parameter =
        |key: &str, value: u32| json!({ "ParameterKey": key, "ParameterValue": value.to_string() });
    let mut request = named(weights);
    request["ChangeSetType"] = kind.into();
    request["Parameters"] = json!([parameter("BlueWeight", weights.0), parameter("GreenWeight", weights.1)]);
    if kind == "CREATE" {
        let template =
            std::fs::read_to_string(repository("tests/peers/samples/server/weights.yaml")).unwrap();
        request["TemplateBody"] = template.into();
    } else {
        request["UsePreviousTemplate"] = true.into();
    }
    cloud.call("cloudformation", "create_change_set", request);
    cloud.wait("cloudformation", "change_set_create_complete", named(weights));
    cloud.call("cloudformation", "describe_change_set", named(weights))
}

fn execute(cloud: &mut Boto, weights: (u32, u32), waiter: &str) {
    cloud.call("cloudformation", "execute_change_set", named(weights));
    cloud.wait("cloudformation", waiter, json!({ "StackName": STACK }));
}

/// Two hundred requests through the load balancer: how many were answered by the blue and by the green side.
fn shares(server: &Server, load_balancer: &str, headers: &[(&str, &str)]) -> (usize, usize) {
    let answers: Vec<String> =
        (0..200).map(|_| server.through_load_balancer(load_balancer, "/", headers).body).collect();
    let of = |side: &str| answers.iter().filter(|answer| *answer == side).count();
    assert_eq!(of("blue") + of("green"), answers.len(), "{:?}", answers.first());
    (of("blue"), of("green"))
}

#[test]
fn weights_move_requests() {
    let server = Server::start();
    let mut cloud = Boto::of(&server);

    let created = change_set(&mut cloud, "CREATE", (100, 0));
    assert!(
        created["Changes"]
            .as_array()
            .unwrap()
            .iter()
            .all(|change| change["ResourceChange"]["Action"] == "Add")
    );
    execute(&mut cloud, (100, 0), "stack_create_complete");

    let stacks = cloud.call("cloudformation", "describe_stacks", json!({ "StackName": STACK }));
    let outputs = stacks["Stacks"][0]["Outputs"].as_array().unwrap();
    let output = |key: &str| {
        let found = outputs.iter().find(|output| output["OutputKey"] == key).unwrap();
        found["OutputValue"].as_str().unwrap().to_owned()
    };
    for (side, text) in [("Blue", "blue"), ("Green", "green")] {
        let target = json!({ "Id": "127.0.0.1", "Port": TextServer::start(text).port });
        let registered = json!({ "TargetGroupArn": output(side), "Targets": [target] });
        cloud.call("elbv2", "register_targets", registered);
    }
    let load_balancer = output("LoadBalancer");
    assert_eq!(shares(&server, &load_balancer, &[]), (200, 0));
    assert_eq!(shares(&server, &load_balancer, &[("X-Green-Verification", "true")]), (0, 200));

    let shifted = change_set(&mut cloud, "UPDATE", (50, 50));
    let changes = shifted["Changes"].as_array().unwrap();
    assert_eq!(changes.len(), 1, "{changes:?}");
    assert_eq!(changes[0]["ResourceChange"]["LogicalResourceId"], "All");
    assert_eq!(changes[0]["ResourceChange"]["Replacement"], "False");
    execute(&mut cloud, (50, 50), "stack_update_complete");
    let (blue, _) = shares(&server, &load_balancer, &[]);
    assert!((60..=140).contains(&blue), "{blue} of 200 at equal weights");

    change_set(&mut cloud, "UPDATE", (0, 100));
    execute(&mut cloud, (0, 100), "stack_update_complete");
    assert_eq!(shares(&server, &load_balancer, &[]), (0, 200));
}

#[test]
fn what_cannot_be_is_refused() {
    let server = Server::start();
    let mut cloud = Boto::of(&server);
    let of = |body: &str| json!({ "StackName": STACK, "TemplateBody": body });

    let unknown =
        cloud.try_call("cloudformation", "describe_stacks", json!({ "StackName": STACK })).unwrap_err();
    assert_eq!(unknown.code, "ValidationError");
    assert!(unknown.message.contains("does not exist"), "{}", unknown.message);

    let no_such_type = of(r#"{"Resources": {"A": {"Type": "AWS::EC2::Nothing"}}}"#);
    let refused = cloud.try_call("cloudformation", "create_stack", no_such_type).unwrap_err();
    assert!(refused.message.contains("Unrecognized resource types"), "{}", refused.message);

    let parameter = r#"{"Parameters": {"P": {"Type": "String"}},
                        "Resources": {"A": {"Type": "AWS::CloudFormation::WaitConditionHandle"}}}"#;
    let refused = cloud.try_call("cloudformation", "create_stack", of(parameter)).unwrap_err();
    assert!(refused.message.contains('P'), "{}", refused.message);
}

#[test]
fn a_create_only_property_replaces() {
    let server = Server::start();
    let mut cloud = Boto::of(&server);
    let with = |protocol: &str| {
        format!(
            r#"{{"Resources": {{"Group": {{"Type": "AWS::ElasticLoadBalancingV2::TargetGroup",
                "Properties": {{"Port": 80, "Protocol": "{protocol}", "VpcId": "vpc-1"}}}}}}}}"#
        )
    };
    cloud.call("cloudformation", "create_stack", json!({ "StackName": STACK, "TemplateBody": with("HTTP") }));
    cloud.wait("cloudformation", "stack_create_complete", json!({ "StackName": STACK }));
    let request = json!({ "StackName": STACK, "ChangeSetName": "next", "TemplateBody": with("HTTPS") });
    cloud.call("cloudformation", "create_change_set", request);
    let named = json!({ "StackName": STACK, "ChangeSetName": "next" });
    cloud.wait("cloudformation", "change_set_create_complete", named.clone());
    let described = cloud.call("cloudformation", "describe_change_set", named);
    assert_eq!(described["Changes"][0]["ResourceChange"]["Replacement"], "True", "{described}");
}
