//! What AWS's own validator says of create-only properties (`I9001`), one resource a template.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use serde_json::{Map, Value, json};

use crate::support::{cloudformation_validate, temporary_folder};

/// A resource as its type and properties, written by somebody.
pub(super) type Resources = BTreeMap<String, (String, Map<String, Value>)>;

/// By key of the given resources: the properties that the validator calls create-only, with `Always`, or conditionally
/// so, with `Conditionally`.
pub(super) fn create_only(resources: &Resources) -> BTreeMap<String, BTreeSet<(String, String)>> {
    let folder = temporary_folder();
    let write = |(index, (resource_type, properties)): (usize, &(String, Map<String, Value>))| {
        let path = folder.path().join(format!("{index}.json"));
        let template = json!({ "Resources": { "It": { "Type": resource_type, "Properties": properties } } });
        fs::write(&path, template.to_string()).unwrap();
        path
    };
    let paths: Vec<_> = resources.values().enumerate().map(write).collect();
    let mut said: BTreeMap<String, BTreeSet<(String, String)>> = BTreeMap::new();
    for finding in cloudformation_validate(&paths).into_iter().filter(|finding| finding.rule == "I9001") {
        let index = paths.iter().position(|path| path.to_str() == Some(finding.file.as_str())).unwrap();
        let key = resources.keys().nth(index).unwrap();
        let property = finding.message.split('\'').nth(1).unwrap().to_owned();
        let conditional = finding.message.contains("conditionally create-only");
        let recreation = if conditional { "Conditionally" } else { "Always" };
        said.entry(key.clone()).or_default().insert((property, recreation.to_owned()));
    }
    said
}
