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
const BEYOND: [(&str, &str); 5] = [
    ("ASG0505", "a rule of the template does not hold with the values that the test gives"),
    ("ASG0524", "the values that the test gives are none that the properties take"),
    ("ASG0525", "such values again, and code of a function that is to be packaged first"),
    ("ASG0512", "two resources of one type have one name; cfn-lint knows the names of a few types"),
    (
        "ASG0520",
        "a mapping has no key for the Region that is deployed to; cfn-lint takes any Region for possible",
    ),
];

/// Codes of properties and their values, which cfn-lint's other families (E2, E3) are about.
const PROPERTIES: [&str; 3] = ["ASG0522", "ASG0524", "ASG0525"];

/// A template without a resource, which CloudFormation refuses.
const EMPTY: &str = "at least one resource";

/// Rules of cfn-lint that asagi has no counterpart for, and why.
const MISSED: [(&str, &str); 14] = [
    ("E1010", "an attribute that is text or a number where something else is wanted"),
    ("E1019", "a function that gives text where an object is wanted, in `CreationPolicy`"),
    ("E1020", "a function that gives text where an object is wanted, in `CreationPolicy` and `UpdatePolicy`"),
    ("E1021", "nothing: `Fn::Base64` takes what a macro makes"),
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
            told.entry(template.to_owned()).or_default().push(Error {
                rule: code,
                message: text(&finding["message"]),
                line: finding["places"][0]["line"].as_u64().unwrap_or_default(),
            });
        }
    }
    told
}

/// What is wrong with a template.
#[derive(Debug)]
struct Error {
    rule: String,
    message: String,
    line: u64,
}

/// Errors by template.
type Told = BTreeMap<String, Vec<Error>>;

fn linted(templates: &Path, given: &Given) -> Told {
    let paths: Vec<_> = given.keys().map(|template| templates.join(template)).collect();
    let mut told = Told::new();
    for Finding { file, rule, message, line, .. } in cfn_lint(&paths).into_iter().filter(Finding::is_error) {
        let template = file.rsplit('/').next().unwrap_or_default().to_owned();
        told.entry(template).or_default().push(Error { rule, message, line });
    }
    told
}

fn is_of_the_families(rule: &str) -> bool {
    ["E0", "E1", "E6", "E7", "E8"].iter().any(|family| rule.starts_with(family))
}

/// Adds one to each rule that has a reason; answers the errors of those that have none.
fn count<'a>(
    errors: &[&'a Error],
    reasons: &[(&'static str, &str)],
    counts: &mut BTreeMap<&'static str, usize>,
) -> Vec<&'a Error> {
    let rules: BTreeSet<_> = errors.iter().map(|error| error.rule.as_str()).collect();
    for (rule, _) in reasons.iter().filter(|(rule, _)| rules.contains(rule)) {
        *counts.entry(rule).or_default() += 1;
    }
    let is_known = |error: &Error| reasons.iter().any(|(rule, _)| *rule == error.rule);
    errors.iter().copied().filter(|error| !is_known(error)).collect()
}

#[test]
fn asagi_and_cfn_lint_find_mistakes_in_the_same_templates() {
    let (templates, given) = collection();
    let (ours, theirs) = (asagi(&templates, &given), linted(&templates, &given));
    let none = Vec::new();
    let (mut both, mut neither, mut unexplained) = (0, 0, Vec::new());
    let (mut elsewhere, mut empty, mut properties) = (0, 0, 0);
    let (mut beyond, mut missed) = (BTreeMap::new(), BTreeMap::new());
    for template in given.keys() {
        let all = theirs.get(template).unwrap_or(&none);
        let (of_properties, our): (Vec<_>, Vec<_>) =
            ours.get(template).unwrap_or(&none).iter().partition(|it| PROPERTIES.contains(&it.rule.as_str()));
        let is_told = |error: &&Error| of_properties.iter().any(|ours| ours.line == error.line);
        let their: Vec<_> = all.iter().filter(|error| is_of_the_families(&error.rule)).collect();
        let left: Vec<_> = their.iter().copied().filter(|error| !is_told(error)).collect();
        let mut open = Vec::new();
        match (our.is_empty(), their.is_empty()) {
            (true, true) => neither += 1,
            (true, false) if !left.is_empty() => open.extend(count(&left, &MISSED, &mut missed)),
            (_, false) => both += 1,
            // It is wrong to cfn-lint too, by its rules for parameters and resources.
            (false, true) if !all.is_empty() => elsewhere += 1,
            (false, true) if our.iter().all(|error| error.message.contains(EMPTY)) => empty += 1,
            (false, true) => open.extend(count(&our, &BEYOND, &mut beyond)),
        }
        if !of_properties.is_empty() {
            if all.is_empty() {
                open.extend(count(&of_properties, &BEYOND, &mut beyond));
            } else {
                properties += 1;
            }
        }
        unexplained.extend(open.into_iter().map(|error| format!("{template}: {error:?}")));
    }
    let mut counts = format!("{} templates: {both} wrong to both, {neither} to neither\n", given.len());
    let _ =
        writeln!(counts, "only asagi, where cfn-lint has errors for parameters or resources: {elsewhere}");
    let _ = writeln!(counts, "only asagi, without a resource: {empty}");
    let _ = writeln!(counts, "with properties or values that are wrong to both: {properties}");
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
    525 templates: 59 wrong to both, 409 to neither
    only asagi, where cfn-lint has errors for parameters or resources: 18
    only asagi, without a resource: 12
    with properties or values that are wrong to both: 84
    only asagi: {"ASG0505": 1, "ASG0512": 2, "ASG0520": 1, "ASG0524": 3, "ASG0525": 3}
    only cfn-lint: {"E1010": 2, "E1019": 1, "E1020": 2, "E1021": 3, "E1040": 2, "E1041": 2, "E1150": 4, "E1151": 2, "E1152": 7, "E1157": 5, "E1162": 5, "E1164": 5, "E6101": 1, "E7001": 1}
    "#);
}
