//! The layout of a rendered environment is one that Sceptre itself runs: names, outputs between stacks, phases as
//! variable files, and text that means something to its templates but must not.

use std::fmt::Write as _;

use serde_json::{Value, json};

use crate::support::{
    Boto, Rendered, Sceptre, Server, copy, generated, render_from, repository, temporary_folder,
};

fn sample() -> Rendered {
    let all = Rendered::all_in(&repository("tests/peers/samples/rendered"));
    assert_eq!(all.len(), 1, "one project with one environment: {all:?}");
    all.into_iter().next().unwrap()
}

#[test]
fn generates_every_template_byte_for_byte() {
    let sample = sample();
    let made = generated(&sample.folder, &sample.environment);
    let written = sample.templates();
    assert_eq!(made.len(), written.len());
    for (stack, path) in written {
        assert_eq!(made[&stack], std::fs::read_to_string(&path).unwrap(), "{stack}");
    }
}

#[test]
fn a_template_that_is_missing_is_an_error() {
    let folder = crate::support::temporary_folder();
    std::fs::create_dir_all(folder.path().join("config/prod")).unwrap();
    std::fs::write(folder.path().join("config/config.yaml"), "project_code: shop\nregion: x\n").unwrap();
    let stack = "template: { path: nowhere.yaml, type: file }\n";
    std::fs::write(folder.path().join("config/prod/network.yaml"), stack).unwrap();
    let output = Sceptre::offline(folder.path()).run(&["generate", "prod"]);
    assert!(!output.status.success(), "{output:?}");
}

/// Own stacks that are called as Sceptre calls its own files and folders.
const NAMES: [&str; 8] =
    ["config", "own-config", "templates", "hooks", "resolvers", "template-handlers", "vars", "bootstrap"];

#[test]
fn own_stacks_that_are_called_as_sceptres_files_are_stand_beside_them() {
    let root = temporary_folder();
    let environments = root.path().join("environments");
    copy(&repository("environments"), &environments);
    let mut spec = std::fs::read_to_string(environments.join("poc.yaml")).unwrap();
    assert!(!spec.contains("\nstacks:"), "{spec}");
    spec.push_str("\nstacks:\n");
    for (number, name) in NAMES.iter().enumerate() {
        let _ = writeln!(spec, "  {name}: {{ template: ./stacks/{name}.yaml, parameters: {{}} }}");
        let template = format!("Resources: {{ T{number}: {{ Type: AWS::SNS::Topic }} }}\n");
        std::fs::write(environments.join("stacks").join(format!("{name}.yaml")), template).unwrap();
    }
    std::fs::write(environments.join("poc.yaml"), spec).unwrap();
    let rendered = render_from(root.path(), &root.path().join("out"), &["poc".to_owned()]).remove(0);
    let made = generated(&rendered.folder, "poc");
    let written = rendered.templates();
    assert_eq!(made.len(), written.len(), "{:?}", made.keys());
    for (stack, path) in written {
        assert_eq!(made[&stack], std::fs::read_to_string(&path).unwrap(), "{stack}");
    }
    for (number, name) in NAMES.iter().enumerate() {
        assert!(made[&format!("poc-poc-{name}")].contains(&format!("T{number}")), "{made:#?}");
    }
}

/// What a stack is called, or `None`, and its parameters.
fn parameters(cloud: &mut Boto, stack: &str) -> Option<Value> {
    let found = cloud.try_call("cloudformation", "describe_stacks", json!({ "StackName": stack })).ok()?;
    let pairs = found["Stacks"][0]["Parameters"].as_array().cloned().unwrap_or_default();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    Some(pairs.iter().map(|pair| (text(&pair["ParameterKey"]), pair["ParameterValue"].clone())).collect())
}

#[test]
fn only_a_phase_moves_the_slot_and_traffic_stacks() {
    let server = Server::start();
    let mut cloud = Boto::of(&server);
    let sceptre = Sceptre::against(&sample().folder, server.variables());

    sceptre.succeed(&["launch", "-y", "prod"]);
    let network = parameters(&mut cloud, "shop-prod-network").unwrap();
    let hostile = "it's \"quoted\", {{ 7 * 7 }} {% if %} {# gone #} !cmd ls, !stack_output a::b\n\ttab, \
                   null ~, 浅葱 # not a comment";
    assert_eq!(network["Note"], hostile);
    assert_eq!(parameters(&mut cloud, "shop-prod-web-blue"), None);
    assert_eq!(parameters(&mut cloud, "shop-prod-web-traffic"), None);

    sceptre.succeed(&["--var-file", "vars/bootstrap.yaml", "launch", "-y", "prod"]);
    let blue = parameters(&mut cloud, "shop-prod-web-blue").unwrap();
    assert_eq!(blue["ImageId"], "ami-0123456789abcdef0");
    assert!(blue["VpcId"].as_str().unwrap().starts_with("vpc-"), "{blue}");
    assert_eq!(parameters(&mut cloud, "shop-prod-web-traffic").unwrap()["BlueWeight"], "100");

    sceptre.succeed(&["--var-file", "vars/shift-10.yaml", "launch", "-y", "prod/web-traffic.yaml"]);
    let shifted = parameters(&mut cloud, "shop-prod-web-traffic").unwrap();
    assert_eq!((&shifted["BlueWeight"], &shifted["GreenWeight"]), (&json!("90"), &json!("10")));
    assert_eq!(shifted["Note"], hostile);

    sceptre.succeed(&["launch", "-y", "prod"]);
    for refused in [["update", "-y"], ["delete", "-y"]] {
        let output = sceptre.run(&[refused[0], refused[1], "prod/web-traffic.yaml"]);
        assert!(!output.status.success(), "{refused:?} went through: {output:?}");
    }
    assert_eq!(parameters(&mut cloud, "shop-prod-web-traffic").unwrap(), shifted);
    assert_eq!(parameters(&mut cloud, "shop-prod-web-blue").unwrap(), blue);
}
