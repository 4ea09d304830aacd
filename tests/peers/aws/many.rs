//! Many stacks: how many calls reading them costs.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use asagi::ops::{diff_deployed, load};
use asagi::workspace::Workspace;
use serde_json::json;

use super::proxy::{Fate, Proxy};
use super::target::{client, runtime, server};
use crate::support::{Boto, copy, repository, temporary_folder};

const STACKS: usize = 200;
const TEMPLATE: &str = "Resources:\n  Topic:\n    Type: AWS::SNS::Topic\n";

/// The poc with so many stacks of its team's own.
fn repository_with_many(folder: &Path) {
    copy(&repository("environments"), &folder.join("environments"));
    let spec = folder.join("environments/poc.yaml");
    let mut text = fs::read_to_string(&spec).unwrap();
    text.push_str("\nstacks:\n");
    for number in 0..STACKS {
        writeln!(text, "  own-{number}: {{ template: ./stacks/own.yaml }}").unwrap();
    }
    fs::write(spec, text).unwrap();
    fs::create_dir_all(folder.join("environments/stacks")).unwrap();
    fs::write(folder.join("environments/stacks/own.yaml"), TEMPLATE).unwrap();
}

#[test]
fn a_diff_of_two_hundred_unchanged_stacks_reads_each_once() {
    let (folder, server) = (temporary_folder(), server());
    repository_with_many(folder.path());
    let loaded = load(&Workspace::open(folder.path()).unwrap(), "poc").unwrap();
    let mut boto = Boto::of(&server);
    for stack in loaded.graph.stacks.values().filter(|stack| stack.key.starts_with("own-")) {
        let tags: Vec<_> =
            stack.tags.iter().map(|(key, value)| json!({ "Key": key, "Value": value })).collect();
        let made = json!({ "StackName": stack.name, "TemplateBody": stack.text, "Tags": tags });
        boto.call("cloudformation", "create_stack", made);
    }
    let proxy = Proxy::before(server.port(), |_, _| Fate::Through);
    let report = runtime().block_on(diff_deployed(&client(proxy.port, "test"), &loaded)).unwrap();
    let own = report.stacks.iter().filter(|stack| stack.stack.contains("own-"));
    assert!(own.clone().count() == STACKS && own.clone().all(|stack| stack.is_empty()));
    let mut calls: BTreeMap<String, usize> = BTreeMap::new();
    for call in proxy.take_calls() {
        *calls.entry(call.name).or_default() += 1;
    }
    // Two pages tell of all stacks, those of the one role and those that left the spec among them; and the layer below each image pipeline that is not
    // there yet is looked up.
    let expected = [("DescribeStacks", 2), ("GetParameter", 2), ("GetTemplate", 200)];
    assert!(calls.iter().map(|(name, count)| (name.as_str(), *count)).eq(expected), "{calls:?}");
}
