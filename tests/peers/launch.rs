//! The poc by Sceptre alone: `bootstrap` makes everything, `launch` without a var file leaves traffic and slots where
//! they are, and a phase's var file moves what the phase moves and nothing else.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use crate::support::{Boto, Rendered, Sceptre, Server, render, temporary_folder};

/// The AMI of a release, which only the account knows.
const IMAGE: &str = "ami-09c7e9ab1d3f46e89";

fn poc(out: &Path) -> Rendered {
    render(out, &["poc".to_owned()]).remove(0)
}

/// The var file of a phase, whatever its number.
fn var_file(environment: &Rendered, way: &str, name: &str) -> String {
    let folder = format!("vars/web/{way}");
    let files = fs::read_dir(environment.folder.join(&folder)).unwrap();
    let mut names = files.map(|file| file.unwrap().file_name().into_string().unwrap());
    let found = names.find(|file| file.get(3..) == Some(&format!("{name}.yaml"))).unwrap();
    format!("{folder}/{found}")
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

/// What the record says of the role.
fn record(cloud: &mut Boto) -> Value {
    let text = seen(cloud)["poc-poc-web-traffic"].2["RolloutRecord"].clone();
    serde_json::from_str(&text).unwrap()
}

/// Launches a phase as the README beside the files says.
fn phase(sceptre: &Sceptre, environment: &Rendered, way: &str, name: &str, asked: &[&str]) {
    let file = var_file(environment, way, name);
    let mut arguments = vec!["--var-file", &file];
    arguments.extend(asked.iter().flat_map(|asked| ["--var", *asked]));
    arguments.extend(["launch", "-y", "poc"]);
    sceptre.succeed(&arguments);
}

#[test]
fn sceptre_makes_the_poc_and_moves_it_phase_by_phase() {
    let out = temporary_folder();
    let environment = poc(out.path());
    let server = Server::start_with(&[("MINISTACK_ACCOUNT_ID", "444455556666")]);
    let mut cloud = Boto::of(&server);
    let sceptre = Sceptre::against(&environment.folder, server.variables());
    let phase = |way: &str, name: &str, asked: &[&str]| phase(&sceptre, &environment, way, name, asked);

    sceptre.succeed(&["--var-file", "vars/bootstrap.yaml", "launch", "-y", "poc"]);
    let made = seen(&mut cloud);
    let stacks: Vec<_> = environment.templates().into_iter().map(|(stack, _)| stack).collect();
    assert!(made.keys().eq(&stacks), "{:?} of {stacks:?}", made.keys());
    assert!(made.values().all(|(status, _, _)| status == "CREATE_COMPLETE"), "{made:#?}");
    assert_eq!(weights(&mut cloud), [100, 0]);

    let [blue, green] = ["blue", "green"].map(|slot| format!("stacks.web-{slot}.ImageId={IMAGE}"));
    let [blue_size, green_size] = ["blue", "green"].map(|slot| format!("stacks.web-{slot}.MinSize=2"));
    phase("first", "provision", &[&blue]);
    phase("first", "open", &[]);
    let opened = seen(&mut cloud);
    assert_eq!(opened["poc-poc-web-blue"].2["MinSize"], "2");
    assert_eq!(opened["poc-poc-web-green"], made["poc-poc-web-green"]);

    phase("blue-to-green", "provision-sizes", &[&blue, &blue_size, &green, &green_size]);
    let filled = seen(&mut cloud);
    let of_green = ["MaxSize", "MinSize"].map(str::to_owned).to_vec();
    assert_eq!(moved(&opened, &filled), BTreeMap::from([("poc-poc-web-green".to_owned(), of_green)]));

    phase("blue-to-green", "shift-10", &[]);
    let shifted = seen(&mut cloud);
    let of_traffic = moved(&filled, &shifted);
    assert_eq!(of_traffic.keys().collect::<Vec<_>>(), ["poc-poc-web-traffic"]);
    let may_move = |name: &String| name.ends_with("Weight") || name == "RolloutRecord";
    assert!(of_traffic["poc-poc-web-traffic"].iter().all(may_move), "{of_traffic:?}");
    assert_eq!(record(&mut cloud)["phase"], "shift-10");
    assert_eq!(weights(&mut cloud), [90, 10]);

    sceptre.succeed(&["launch", "-y", "poc"]);
    assert_eq!(seen(&mut cloud), shifted, "a launch without a var file changes nothing");

    phase("blue-to-green", "shift-100", &[]);
    assert_eq!(weights(&mut cloud), [0, 100]);
    phase("green-to-blue", "provision", &[]);
    assert_eq!(weights(&mut cloud), [0, 100], "before the first shift users stay where they are");
    let said = record(&mut cloud);
    assert_eq!((&said["phase"], &said["to"]), (&json!("complete"), &json!("green")));
}
