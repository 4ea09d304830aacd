//! Every resource type with every property that it can have, nested ones too: what asagi's diff says of a change of each
//! is what AWS's own validator says of it.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::fs;
use std::process::Command;

use asagi::cfn::{Recreation, Scope};
use asagi::diff::{Path, PropertyChange, ResourceDiff, Side, Step, diff_stack};
use serde_json::Value;

use crate::support::{cloudformation_validate, finished, program, repository, said, temporary_folder};

/// By type: the places whose change recreates the resource, and how surely. `*` is any item.
type Places = BTreeMap<String, BTreeMap<Vec<String>, Recreation>>;

/// What of a type's properties there is, by type.
fn skeletons() -> BTreeMap<String, Value> {
    let made =
        finished(Command::new(program("python")).arg("-B").arg(repository("tests/peers/skeletons.py")));
    assert!(made.status.success(), "{}", said(&made));
    serde_json::from_slice(&made.stdout).unwrap()
}

/// One resource of each type, a line each: the first is in the second line.
fn template(types: &BTreeMap<String, Value>, value: &str) -> String {
    let mut text = "{\"Resources\":{\n".to_owned();
    for (index, (name, properties)) in types.iter().enumerate() {
        let properties = properties.to_string().replace("\"x\"", &format!("\"{value}\""));
        let comma = if index + 1 < types.len() { "," } else { "" };
        writeln!(text, "\"R{index}\":{{\"Type\":\"{name}\",\"Properties\":{properties}}}{comma}").unwrap();
    }
    text + "}}\n"
}

/// What the validator calls create-only, and the types that it does not know in the region.
fn of_the_validator(types: &BTreeMap<String, Value>) -> (Places, BTreeSet<String>) {
    let folder = temporary_folder();
    let path = folder.path().join("types.json");
    fs::write(&path, template(types, "x")).unwrap();
    let (mut places, mut unknown) = (Places::new(), BTreeSet::new());
    for finding in cloudformation_validate(&[path]) {
        let Some(name) = types.keys().nth((finding.line as usize).saturating_sub(2)) else { continue };
        match finding.rule.as_str() {
            "F3006" => _ = unknown.insert(name.clone()),
            "I9001" => {
                let place =
                    finding.message.split('\'').nth(1).unwrap().split('.').map(str::to_owned).collect();
                let conditional = finding.message.contains("conditionally create-only");
                let recreation = if conditional { Recreation::Conditionally } else { Recreation::Always };
                places.entry(name.clone()).or_default().insert(place, recreation);
            }
            _ => {}
        }
    }
    (places, unknown)
}

/// What asagi says when every value is another.
fn of_asagi(types: &BTreeMap<String, Value>) -> Vec<ResourceDiff> {
    let side = |value: &str| {
        let template = asagi::cfn::Template::parse(&template(types, value)).unwrap();
        Side { template, ..Side::default() }
    };
    diff_stack(&side("after"), Some(&side("before"))).resources
}

fn place(path: &Path) -> Vec<String> {
    let word = |step: &Step| match step {
        Step::Key(key) => key.clone(),
        Step::Item(..) => "*".to_owned(),
    };
    path.0.iter().map(word).collect()
}

/// The places that only the older specification says are replaced, by type: they may be, for asagi.
fn of_the_older_specification() -> BTreeMap<String, Vec<Vec<String>>> {
    let text = fs::read_to_string(repository("schemas/older-specification.json")).unwrap();
    let types: BTreeMap<String, Value> = serde_json::from_str(&text).unwrap();
    let split = |path: &Value| path.as_str().unwrap().split('/').map(str::to_owned).collect();
    let places = |known: &Value| known["mayReplace"].as_array().unwrap().iter().map(split).collect();
    types.into_iter().map(|(name, known)| (name, places(&known))).collect()
}

/// The same place, or one inside the other.
fn meet(one: &[String], other: &[String]) -> bool {
    one.iter().zip(other).all(|(one, other)| one == other)
}

/// What the validator says of a changed place: the worst of what meets it.
fn expected(known: &BTreeMap<Vec<String>, Recreation>, place: &[String]) -> Recreation {
    let meeting = known.iter().filter(|(other, _)| meet(other, place));
    meeting.map(|(_, recreation)| recreation.clone()).max().unwrap_or(Recreation::Never)
}

#[test]
fn every_property_of_every_type_is_create_only_where_the_validator_says_so() {
    let types = skeletons();
    let (validator, unknown) = of_the_validator(&types);
    let older = of_the_older_specification();
    let (mut differing, mut compared, mut nested) = (Vec::new(), 0, 0);
    for resource in of_asagi(&types).iter().filter(|it| !unknown.contains(&it.resource_type)) {
        let known = validator.get(&resource.resource_type).cloned().unwrap_or_default();
        let is_property = |it: &&PropertyChange| matches!(it.scope, Scope::Properties | Scope::Tags);
        let changes: Vec<_> = resource.properties.iter().filter(is_property).collect();
        for change in &changes {
            let (place, said) = (place(&change.path), &change.recreation);
            let theirs = expected(&known, &place);
            compared += 1;
            nested += usize::from(place.len() > 1 && theirs != Recreation::Never);
            let mut stricter = older.get(&resource.resource_type).into_iter().flatten();
            let may = *said == Recreation::Conditionally && stricter.any(|other| meet(other, &place));
            if *said != theirs && !may {
                differing.push(format!(
                    "{} {}: asagi {said}, validator {theirs}",
                    resource.resource_type, change.path
                ));
            }
        }
        for untouched in
            known.keys().filter(|it| !changes.iter().any(|change| meet(it, &place(&change.path))))
        {
            differing.push(format!("{} {}: asagi nothing", resource.resource_type, untouched.join(".")));
        }
    }
    eprintln!(
        "{} types, {} of them not in the region; {compared} places, {nested} nested that recreate",
        types.len(),
        unknown.len()
    );
    assert!(differing.is_empty(), "{}", differing.join("\n"));
    assert!(compared > 10_000 && nested > 100, "{compared} {nested}");
    // A type that the validator says nothing of, although it knows it, would hide what it means.
    assert!(unknown.iter().all(|name| !validator.contains_key(name)));
}
