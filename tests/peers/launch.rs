//! The poc by Sceptre alone: `bootstrap` makes everything, `launch` without a var file leaves traffic and slots where
//! they are, and a phase's var file moves what the phase moves and nothing else.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::{Value, json};

use crate::support::{Boto, Rendered, Sceptre, Server, render, temporary_folder};

/// The AMI of a release, which only the account knows.
const IMAGE: &str = "ami-09c7e9ab1d3f46e89";

fn poc(out: &Path) -> Rendered {
    render(out, &["poc".to_owned()]).remove(0)
}

/// A stack's status, the time of its last update, and its parameters.
type Seen = (String, Value, BTreeMap<String, String>);

fn seen(cloud: &mut Boto) -> BTreeMap<String, Seen> {
    let answer = cloud.call("cloudformation", "describe_stacks", json!({}));
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let parameters = |stack: &Value| {
        let given = stack["Parameters"].as_array().cloned().unwrap_or_default();
        given.iter().map(|one| (text(&one["ParameterKey"]), text(&one["ParameterValue"]))).collect()
    };
    let stacks = answer["Stacks"].as_array().unwrap().iter();
    let seen =
        |stack: &Value| (text(&stack["StackStatus"]), stack["LastUpdatedTime"].clone(), parameters(stack));
    stacks.map(|stack| (text(&stack["StackName"]), seen(stack))).collect()
}

/// The parameters that have another value than before, by stack.
fn moved(before: &BTreeMap<String, Seen>, after: &BTreeMap<String, Seen>) -> BTreeMap<String, Vec<String>> {
    let differing = |(name, (_, _, parameters)): (&String, &Seen)| {
        let old = &before[name].2;
        let keys =
            parameters.iter().filter(|(key, value)| old.get(*key) != Some(value)).map(|(key, _)| key.clone());
        (name.clone(), keys.collect::<Vec<_>>())
    };
    after.iter().map(differing).filter(|(_, keys)| !keys.is_empty()).collect()
}

/// What the rule for everyone gives blue and green, as the load balancer itself has it.
fn weights(cloud: &mut Boto) -> Vec<u64> {
    let asked = json!({ "StackName": "poc-poc-web-traffic", "LogicalResourceId": "AllRule" });
    let rule = cloud.call("cloudformation", "describe_stack_resource", asked);
    let arn = rule["StackResourceDetail"]["PhysicalResourceId"].clone();
    let rules = cloud.call("elbv2", "describe_rules", json!({ "RuleArns": [arn] }));
    let groups = rules["Rules"][0]["Actions"][0]["ForwardConfig"]["TargetGroups"].as_array().unwrap().clone();
    groups.iter().map(|group| group["Weight"].as_u64().unwrap()).collect()
}

#[test]
fn sceptre_makes_the_poc_and_moves_it_phase_by_phase() {
    let out = temporary_folder();
    let environment = poc(out.path());
    let server = Server::start_with(&[("MINISTACK_ACCOUNT_ID", "444455556666")]);
    let mut cloud = Boto::of(&server);
    let sceptre = Sceptre::against(&environment.folder, server.variables());
    let phase = |file: &str, stack: &str, asked: &[&str]| {
        let (file, stack) = (format!("vars/web/{file}.yaml"), format!("poc/{stack}.yaml"));
        let mut arguments = vec!["--ignore-dependencies", "--var-file", &file];
        arguments.extend(asked.iter().flat_map(|asked| ["--var", *asked]));
        arguments.extend(["launch", "-y", &stack]);
        sceptre.succeed(&arguments);
    };

    sceptre.succeed(&["--var-file", "vars/bootstrap.yaml", "launch", "-y", "poc"]);
    let made = seen(&mut cloud);
    let stacks: Vec<_> = environment.templates().into_iter().map(|(stack, _)| stack).collect();
    assert!(made.keys().eq(&stacks), "{:?} of {stacks:?}", made.keys());
    assert!(made.values().all(|(status, _, _)| status == "CREATE_COMPLETE"), "{made:#?}");
    assert_eq!(weights(&mut cloud), [100, 0]);

    let image = format!("stacks.web-blue.ImageId={IMAGE}");
    phase("first/01-provision", "web-blue", &[&image]);
    phase("first/02-open", "web-traffic", &[]);
    phase("blue-to-green/02-shift-10", "web-traffic", &[]);
    let shifted = seen(&mut cloud);
    let traffic = moved(&made, &shifted).remove("poc-poc-web-traffic").unwrap();
    let may_move =
        |name: &String| name.ends_with("Weight") || name == "RolloutRecord" || name == "StickinessSeconds";
    assert!(traffic.iter().all(may_move), "{traffic:?}");
    let record = &shifted["poc-poc-web-traffic"].2["RolloutRecord"];
    assert_eq!(serde_json::from_str::<Value>(record).unwrap()["phase"], "shift-10", "{record}");
    assert_eq!(weights(&mut cloud), [90, 10]);
    assert_eq!(shifted["poc-poc-web-blue"].2["MinSize"], "2");
    assert_eq!(
        moved(&made, &shifted).into_keys().collect::<Vec<_>>(),
        ["poc-poc-web-blue", "poc-poc-web-traffic"]
    );

    sceptre.succeed(&["launch", "-y", "poc"]);
    let launched = seen(&mut cloud);
    for stack in ["poc-poc-web-traffic", "poc-poc-web-blue", "poc-poc-web-green"] {
        assert_eq!(launched[stack], shifted[stack], "{stack}");
    }
    assert_eq!(moved(&shifted, &launched), BTreeMap::new());
}
