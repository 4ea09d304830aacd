//! What is handed out, as text.

use super::testing::{HOSTILE, graph};
use super::*;
use crate::model::example;

fn rendered() -> Vec<File> {
    files(&example::prod(), &graph(), "sha256:0").unwrap()
}

fn text(path: &str) -> String {
    let path = format!("idhub-40/prod/{path}");
    let all = rendered();
    let paths: Vec<_> = all.iter().map(|file| file.path.clone()).collect();
    let file = all.into_iter().find(|file| file.path == path);
    String::from_utf8(file.unwrap_or_else(|| panic!("no {path} among {paths:#?}")).bytes).unwrap()
}

#[test]
fn a_stack_that_phases_move_takes_all_or_nothing_from_the_var_file() {
    let expected = r#"# Written by asagi. Change the spec and render again.
# Phases move this stack. Without a var file that names it, nothing touches it; with one, every parameter that phases
# move must be in it.
{% set phase = (var.stacks | default({})).get("web-traffic") %}
ignore: {{ (phase is none) | tojson }}
protect: {{ (phase is none) | tojson }}
template:
  type: file
  path: "web-traffic.yaml"
cloudformation_service_role: !stack_output "prod/foundation.yaml::ServiceRoleArn"
dependencies:
  - "prod/foundation.yaml"
  - "prod/network.yaml"
notifications:
  - "arn:aws:sns:ap-northeast-1:123456789012:stack-events"
stack_tags:
  "System": "it's \"quoted\" \x7B{ 7 * 7 }} \x7B% if x %} \x7B# gone #} !cmd ls\n\\ 浅葱 \U00000085"
parameters:
  "VpcId": !stack_output "prod/network.yaml::VpcId"
{% if phase is none %}
  "BlueWeight": "100"
  "GreenWeight": "0"
  "RolloutRecord": "{\"v\":1,\"phase\":\"none\"}"
{% else %}
  "BlueWeight": {{ phase["BlueWeight"] | string | tojson }}
  "GreenWeight": {{ phase["GreenWeight"] | string | tojson }}
  "RolloutRecord": {{ phase["RolloutRecord"] | string | tojson }}
{% endif %}
"#;
    assert_eq!(text("config/prod/web-traffic.yaml"), expected);
}

#[test]
fn other_stacks_are_plain_and_hostile_text_stays_text() {
    let config = text("config/prod/network.yaml");
    assert!(!config.contains("{{") && !config.contains("{%") && !config.contains("{#"), "{config}");
    let read: serde_json::Value = serde_yaml::from_str(&config.replace("!stack_output ", "")).unwrap();
    assert_eq!(read["parameters"]["Note"], HOSTILE);
    assert_eq!(read.get("ignore"), None);
}

#[test]
fn bootstrap_is_what_everything_is_created_with() {
    let expected = r#"# Written by asagi. Change the spec and render again.
# creates everything, once; later it would put weights and sizes back to the first day's
stacks:
  "web-traffic":
    "BlueWeight": "100"
    "GreenWeight": "0"
    "RolloutRecord": "{\"v\":1,\"phase\":\"none\"}"
"#;
    assert_eq!(text("vars/bootstrap.yaml"), expected);
}

#[test]
fn an_own_stack_called_config_leaves_sceptre_its_file() {
    let mut graph = graph();
    for key in ["config", "own-config"] {
        let mut stack = graph.stacks["network"].clone();
        stack.key = key.to_owned();
        stack.name = format!("idhub-40-prod-{key}");
        stack.depends_on = if key == "config" { Vec::new() } else { vec!["config".to_owned()] };
        graph.stacks.insert(key.to_owned(), stack);
    }
    let files = files(&example::prod(), &graph, "sha256:0").unwrap();
    let text = |path: &str| {
        let file = files.iter().find(|file| file.path == format!("idhub-40/prod/{path}"));
        file.map(|file| String::from_utf8(file.bytes.clone()).unwrap())
    };
    assert_eq!(text("config/prod/config.yaml"), None);
    let beside = text("config/prod/own-own-config.yaml").unwrap();
    assert!(beside.contains("stack_name: \"idhub-40-prod-config\"\n"), "{beside}");
    assert!(beside.contains("path: \"config.yaml\"\n"), "{beside}");
    let other = text("config/prod/own-config.yaml").unwrap();
    assert!(other.contains("  - \"prod/own-own-config.yaml\"\n") && !other.contains("stack_name"), "{other}");
}

#[test]
fn the_manifest_records_everything_else_and_reads_back() {
    let all = rendered();
    let (manifest, others) = all.split_last().unwrap();
    assert_eq!(manifest.path, "idhub-40/prod/manifest.json");
    let manifest = Manifest::parse(&manifest.bytes).unwrap();
    let mut paths: Vec<_> =
        others.iter().map(|file| file.path.trim_start_matches("idhub-40/prod/")).collect();
    paths.sort_unstable();
    assert_eq!(manifest.files.keys().collect::<Vec<_>>(), paths);
    assert_eq!(manifest.spec, "sha256:0");
}

#[test]
fn the_same_environment_gives_the_same_bytes() {
    assert_eq!(rendered(), rendered());
}

#[test]
fn every_file_that_the_readme_launches_is_there() {
    let readme = text("README.md");
    let named: Vec<_> = readme.split_whitespace().filter(|word| word.starts_with("vars/")).collect();
    let first: Vec<_> = named.iter().filter(|path| path.starts_with("vars/web/first/")).collect();
    assert_eq!(
        first,
        [
            &"vars/web/first/01-provision.yaml",
            &"vars/web/first/02-verify.yaml",
            &"vars/web/first/03-open.yaml"
        ]
    );
    let paths: Vec<_> = rendered().into_iter().map(|file| file.path).collect();
    let files = named.into_iter().filter(|path| path.ends_with(".yaml") && !path.contains(['<', '*']));
    let missing: Vec<_> = files.filter(|path| !paths.contains(&format!("idhub-40/prod/{path}"))).collect();
    assert_eq!(missing, Vec::<&str>::new());
}

#[test]
fn the_real_production_is_rendered() {
    let environment = example::prod();
    let graph = crate::stacks::lower(&environment).unwrap();
    let files = files(&environment, &graph, "sha256:0").unwrap();
    let listing: Vec<_> =
        files.iter().map(|file| file.path.as_str()).filter(|path| path.contains("/vars/")).collect();
    insta::assert_snapshot!(listing.join("\n"));
    for stack in graph.stacks.values() {
        let path = format!("idhub-40/prod/templates/{}.yaml", stack.key);
        let file = files.iter().find(|file| file.path == path).unwrap();
        assert_eq!(file.bytes, stack.text.as_bytes());
    }
}

#[test]
fn a_phase_sends_all_that_phases_move_and_asks_for_what_only_the_account_knows() {
    let environment = example::prod();
    let graph = crate::stacks::lower(&environment).unwrap();
    let files = files(&environment, &graph, "sha256:0").unwrap();
    let text = |path: &str| {
        let path = format!("idhub-40/prod/vars/web/green-to-blue/{path}");
        let file = files.iter().find(|file| file.path == path).unwrap();
        String::from_utf8(file.bytes.clone()).unwrap()
    };
    let first = text("01-provision.yaml");
    assert!(
        first.contains("\"BlueWeight\": \"0\"\n") && first.contains("\"GreenWeight\": \"100\"\n"),
        "{first}"
    );
    let forgets = |file: &&File| String::from_utf8_lossy(&file.bytes).contains(r#"\"phase\":\"none\""#);
    let forgetful: Vec<_> = files.iter().filter(forgets).filter(|file| file.path.contains("-to-")).collect();
    assert!(
        forgetful.is_empty(),
        "after these asagi would take the live slot for an empty one: {forgetful:?}"
    );
    insta::assert_snapshot!("provision", text("02-provision-sizes.yaml"));
    insta::assert_snapshot!("shift", text("05-shift-10.yaml"));
    insta::assert_snapshot!("back", text("00-back.yaml"));
    let empty = r#"# Written by asagi. Change the spec and render again.
# empty blue again: after `00-back.yaml`, once blue has no connections left
stacks:
  "web-blue":
    "ImageId": "ami-0a1b2c3d4e5f60718"
    "MinSize": "0"
    "MaxSize": "0"
    "UpdateMode": "none"
"#;
    assert_eq!(text("00-empty.yaml"), empty);
}
