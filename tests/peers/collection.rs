//! Templates that others wrote, hundreds of them, sound ones and such with a mistake each: where cfn-lint has no error
//! of its rules for syntax, functions, outputs, mappings and conditions (E0, E1, E6, E7, E8), asagi has none of its own
//! for syntax, shapes and templates (01xx, 02xx, 05xx), and the other way round. Where they differ, a reason says who is
//! right; every reason is counted, so that the lists can only shrink.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};

use crate::support::{
    Finding, Given, cfn_lint, collection, copy, finished, repository, said, temporary_folder,
};

/// Why asagi has an error where cfn-lint has none of those families.
const BEYOND: [(&str, &str); 2] = [
    ("ASG0512", "two resources of one type have one name; cfn-lint knows the names of a few types"),
    (
        "ASG0520",
        "a mapping has no key for the Region that is deployed to; cfn-lint takes any Region for possible",
    ),
];

/// A template without a resource, which CloudFormation refuses.
const EMPTY: &str = "at least one resource";

/// Rules of cfn-lint that asagi has no counterpart for, and why.
const MISSED: [(&str, &str); 15] = [
    ("E1010", "attributes that a type of the registry does not have, and such that are no text"),
    ("E1019", "a function that gives text where an object is wanted, in `CreationPolicy`"),
    ("E1020", "a function that gives text where an object is wanted, in `CreationPolicy` and `UpdatePolicy`"),
    ("E1021", "nothing: `Fn::Base64` takes what a macro makes"),
    ("E1029", "nothing that CloudFormation refuses: `${…}` outside of `Fn::Sub` is text"),
    ("E1040", "formats: an attribute that is a name where an id is wanted"),
    ("E1041", "formats: a reference that is a name where an id is wanted"),
    ("E1150", "formats: a security group's id"),
    ("E1151", "formats: a VPC's id"),
    ("E1152", "formats: an image's id"),
    ("E1157", "formats: a key's ARN"),
    ("E1162", "formats: a key's id"),
    ("E1164", "formats: a key's alias"),
    ("E7001", "a key of a mapping with characters beside letters, digits, `-` and `.`"),
    ("E6101", "an output that is a number to the registry; CloudFormation makes it text"),
];

/// The errors of asagi that lie in each template, by its name: code and message.
fn asagi(templates: &Path, given: &Given) -> Told {
    let root = temporary_folder();
    let environments = root.path().join("environments");
    copy(templates, &environments.join("stacks"));
    let spec = fs::read_to_string(repository("tests/peers/samples/collection/environment.yaml")).unwrap();
    for (number, (template, parameters)) in given.iter().enumerate() {
        let own = json!({ "template": format!("./stacks/{template}"), "parameters": parameters });
        let name = format!("t{number}");
        let text = spec.replace("NAME", &name).replace("OWN", &own.to_string());
        fs::write(environments.join(format!("{name}.yaml")), text).unwrap();
    }
    let mut asagi = Command::new(env!("CARGO_BIN_EXE_asagi"));
    let output = finished(asagi.args(["check", "--format", "json"]).current_dir(root.path()));
    let report: Value =
        serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{}", said(&output)));
    let mut told = Told::new();
    let environments = report["environments"].as_array().unwrap();
    for finding in environments.iter().flat_map(|it| it["findings"].as_array().unwrap()) {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let (code, place) = (text(&finding["code"]), text(&finding["places"][0]["file"]));
        let is_ours = ["ASG01", "ASG02", "ASG05"].iter().any(|family| code.starts_with(family));
        if let Some(template) = place.strip_prefix("environments/stacks/").filter(|_| is_ours)
            && finding["severity"] == "error"
            && given.contains_key(template)
        {
            told.entry(template.to_owned()).or_default().push((code, text(&finding["message"])));
        }
    }
    told
}

/// Errors by template: code and message.
type Told = BTreeMap<String, Vec<(String, String)>>;

fn linted(templates: &Path, given: &Given) -> Told {
    let paths: Vec<_> = given.keys().map(|template| templates.join(template)).collect();
    let mut told = Told::new();
    for Finding { file, rule, message, .. } in cfn_lint(&paths).into_iter().filter(Finding::is_error) {
        let template = file.rsplit('/').next().unwrap_or_default().to_owned();
        told.entry(template).or_default().push((rule, message));
    }
    told
}

fn is_of_the_families(rule: &str) -> bool {
    ["E0", "E1", "E6", "E7", "E8"].iter().any(|family| rule.starts_with(family))
}

#[test]
fn asagi_and_cfn_lint_find_mistakes_in_the_same_templates() {
    let (templates, given) = collection();
    let (ours, theirs) = (asagi(&templates, &given), linted(&templates, &given));
    let none = Vec::new();
    let (mut both, mut neither, mut unexplained) = (0, 0, Vec::new());
    let (mut elsewhere, mut empty) = (0, 0);
    let (mut beyond, mut missed) = (BTreeMap::<&str, usize>::new(), BTreeMap::<&str, usize>::new());
    for template in given.keys() {
        let our = ours.get(template).unwrap_or(&none);
        let all = theirs.get(template).unwrap_or(&none);
        let their: Vec<_> = all.iter().filter(|(rule, _)| is_of_the_families(rule)).collect();
        match (our.is_empty(), their.is_empty()) {
            (false, false) => both += 1,
            (true, true) => neither += 1,
            // It is wrong to cfn-lint too, by its rules for parameters and resources.
            (false, true) if !all.is_empty() => elsewhere += 1,
            (false, true) if our.iter().all(|(_, message)| message.contains(EMPTY)) => empty += 1,
            (false, true) => {
                let codes: BTreeSet<_> = our.iter().map(|(code, _)| code.as_str()).collect();
                for code in codes {
                    match BEYOND.iter().find(|(known, _)| *known == code) {
                        Some((code, _)) => *beyond.entry(code).or_default() += 1,
                        None => unexplained.push(format!("{template}: only asagi: {our:?}")),
                    }
                }
            }
            (true, false) => {
                let rules: BTreeSet<_> = their.iter().map(|(rule, _)| rule.as_str()).collect();
                for rule in rules {
                    match MISSED.iter().find(|(known, _)| *known == rule) {
                        Some((rule, _)) => *missed.entry(rule).or_default() += 1,
                        None => unexplained.push(format!("{template}: only cfn-lint: {their:?}")),
                    }
                }
            }
        }
    }
    let mut counts = format!("{} templates: {both} wrong to both, {neither} to neither\n", given.len());
    let _ =
        writeln!(counts, "only asagi, where cfn-lint has errors for parameters or resources: {elsewhere}");
    let _ = writeln!(counts, "only asagi, without a resource: {empty}");
    let _ = writeln!(counts, "only asagi: {beyond:?}");
    let _ = writeln!(counts, "only cfn-lint: {missed:?}");
    eprintln!("{counts}");
    assert!(unexplained.is_empty(), "{}", unexplained.join("\n"));
    for (code, reason) in BEYOND {
        assert!(beyond.contains_key(code), "{code} needs no reason any more: {reason}");
    }
    for (rule, reason) in MISSED {
        assert!(missed.contains_key(rule), "{rule} needs no reason any more: {reason}");
    }
    insta::assert_snapshot!(counts, @r#"
    525 templates: 56 wrong to both, 409 to neither
    only asagi, where cfn-lint has errors for parameters or resources: 19
    only asagi, without a resource: 12
    only asagi: {"ASG0512": 2, "ASG0520": 1}
    only cfn-lint: {"E1010": 3, "E1019": 1, "E1020": 2, "E1021": 3, "E1029": 2, "E1040": 2, "E1041": 2, "E1150": 4, "E1151": 2, "E1152": 8, "E1157": 5, "E1162": 5, "E1164": 5, "E6101": 1, "E7001": 1}
    "#);
}
