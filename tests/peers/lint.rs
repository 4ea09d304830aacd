//! Each linter finds what is wrong, where it is, and nothing where nothing is.

use std::path::PathBuf;

use crate::support::{Finding, cfn_lint, cloudformation_validate, repository};

fn samples() -> Vec<PathBuf> {
    vec![
        repository("tests/peers/samples/lint/clean.yaml"),
        repository("tests/peers/samples/lint/seeded.yaml"),
    ]
}

fn errors(findings: Vec<Finding>) -> Vec<(bool, u64, String)> {
    let errors = findings.into_iter().filter(Finding::is_error);
    let mut errors: Vec<_> =
        errors.map(|found| (found.file.ends_with("seeded.yaml"), found.line, found.rule)).collect();
    errors.sort();
    errors
}

#[test]
fn cfn_lint_finds_the_seeded_errors() {
    let expected = [(true, 8, "E3002".to_owned()), (true, 9, "E1020".to_owned())];
    assert_eq!(errors(cfn_lint(&samples())), expected);
}

#[test]
fn cloudformation_validate_finds_the_seeded_errors() {
    let expected = [(true, 8, "F3002".to_owned()), (true, 9, "F1020".to_owned())];
    assert_eq!(errors(cloudformation_validate(&samples())), expected);
}

#[test]
fn cloudformation_validate_names_the_create_only_properties() {
    let findings = cloudformation_validate(&samples());
    let named: Vec<_> = findings.iter().filter(|found| found.rule == "I9001" && !found.is_error()).collect();
    assert!(named.iter().any(|found| found.message.contains("'VpcId' is create-only")), "{named:?}");
}

#[test]
fn a_template_that_is_not_yaml_is_an_error_to_both() {
    let folder = crate::support::temporary_folder();
    let broken = folder.path().join("broken.yaml");
    std::fs::write(&broken, "Resources: [").unwrap();
    assert!(cfn_lint(&[&broken]).iter().any(Finding::is_error));
    assert!(cloudformation_validate(&[&broken]).iter().any(Finding::is_error));
}
