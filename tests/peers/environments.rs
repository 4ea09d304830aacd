//! Every environment in `environments/`, rendered by the program itself: the linters find nothing in its templates,
//! and Sceptre makes the same templates of it under the same stack names.

use std::collections::BTreeMap;
use std::path::PathBuf;

use crate::support::{
    Finding, Rendered, cfn_lint, cloudformation_validate, generated, render, repository, temporary_folder,
};

/// The environments: files that name one, which those that are only extended do not.
fn environments() -> Vec<String> {
    let entries = std::fs::read_dir(repository("environments")).unwrap();
    let names_one = |path: &PathBuf| {
        let text = std::fs::read_to_string(path).unwrap_or_default();
        text.lines().any(|line| line.starts_with("environment:"))
    };
    let files = entries.map(|entry| entry.unwrap().path()).filter(names_one);
    let mut names: Vec<_> =
        files.map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned()).collect();
    names.sort();
    assert!(!names.is_empty(), "environments/ has no environment");
    names
}

fn templates(rendered: &[Rendered]) -> Vec<PathBuf> {
    rendered.iter().flat_map(Rendered::templates).map(|(_, path)| path).collect()
}

/// What the linters may say, and why it stays so. There is no warning among it.
const EXPLAINED: [(&str, &str); 3] = [
    ("I4010", "a description of the architecture in `Metadata`: comments, and the spec itself, say it"),
    ("I9001", "names create-only properties; `asagi diff` says what replaces when one of them changes"),
    ("I9040", "tags are the stack's, and CloudFormation puts them on what takes any"),
];

/// Every finding is of an explained rule, and of every explained rule there is a finding.
fn assert_explained(findings: &[Finding], explained: &[(&str, &str)]) {
    let known = |found: &&Finding| explained.iter().any(|(rule, _)| found.rule == *rule);
    let others: Vec<_> = findings.iter().filter(|found| !known(found)).map(ToString::to_string).collect();
    assert!(others.is_empty(), "{}", others.join("\n"));
    for (rule, _) in explained {
        assert!(findings.iter().any(|found| found.rule == *rule), "{rule} need not be explained any more");
    }
    let severe: Vec<_> = findings.iter().filter(|found| found.level != "informational").collect();
    assert!(severe.is_empty(), "{severe:#?}");
}

#[test]
fn every_environment_is_built() {
    assert_eq!(environments(), crate::whole::TESTED);
}

#[test]
fn cfn_lint_finds_nothing() {
    let out = temporary_folder();
    assert_explained(&cfn_lint(&templates(&render(out.path(), &environments()))), &[]);
}

#[test]
fn cloudformation_validate_finds_nothing_but_what_is_explained() {
    let out = temporary_folder();
    let findings = cloudformation_validate(&templates(&render(out.path(), &environments())));
    assert_explained(&findings, &EXPLAINED);
}

#[test]
fn sceptre_generates_the_same_templates() {
    let out = temporary_folder();
    for environment in render(out.path(), &environments()) {
        let read = |(stack, path): (String, PathBuf)| (stack, std::fs::read_to_string(path).unwrap());
        let written: BTreeMap<_, _> = environment.templates().into_iter().map(read).collect();
        let made = generated(&environment.folder, &environment.environment);
        assert!(
            written.keys().eq(made.keys()),
            "{:?} are rendered, {:?} generated",
            written.keys(),
            made.keys()
        );
        for (stack, template) in written {
            assert_eq!(made[&stack], template, "{stack}");
        }
    }
}
