//! Every environment in `environments/`, rendered by the program itself: the linters find no error in its templates,
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

fn assert_no_errors(findings: &[Finding]) {
    let errors: Vec<_> = findings.iter().filter(|found| found.is_error()).map(ToString::to_string).collect();
    assert!(errors.is_empty(), "{}", errors.join("\n"));
}

#[test]
fn cfn_lint_finds_no_error() {
    let out = temporary_folder();
    assert_no_errors(&cfn_lint(&templates(&render(out.path(), &environments()))));
}

#[test]
fn cloudformation_validate_finds_no_error() {
    let out = temporary_folder();
    assert_no_errors(&cloudformation_validate(&templates(&render(out.path(), &environments()))));
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
