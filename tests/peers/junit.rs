//! What `asagi check --format junit` prints is JUnit as Jenkins reads it, whatever stands in a spec.

use std::path::Path;
use std::process::Command;

use assert_cmd::cargo::CommandCargoExt;

use crate::support::{finished, program, repository, said, temporary_folder};

/// What the published schema says against a document.
fn refused(document: &Path) -> String {
    let mut command = Command::new(program("python"));
    command
        .arg(repository("tests/peers/junit.py"))
        .arg(repository("tests/schemas/junit-10.xsd"))
        .arg(document);
    let output = finished(&mut command);
    assert!(output.status.success(), "{}", said(&output));
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn findings_of_every_kind_are_junit() {
    let folder = temporary_folder();
    let write = |path: &str, text: &str| std::fs::write(folder.path().join(path), text).unwrap();
    let poc = std::fs::read_to_string(repository("environments/poc.yaml")).unwrap();
    std::fs::create_dir_all(folder.path().join("environments")).unwrap();
    write("environments/hostile.yaml", &format!("{poc}\"]]> <&\\u0001\\t\": '\"浅葱\"'\n"));
    write(
        "environments/lowered.yaml",
        &format!("{poc}policy: {{ ASG0348: {{ severity: ignore, reason: '<a & \"b\">' }} }}\n"),
    );
    write("environments/broken.yaml", "a: [\n");
    let mut check = Command::cargo_bin("asagi").unwrap();
    let output = finished(check.args(["check", "--format", "junit"]).current_dir(folder.path()));
    let text = String::from_utf8(output.stdout).unwrap();
    assert_eq!(text.matches("<testsuite ").count(), 3, "{text}");
    write("asagi.xml", &text);
    assert_eq!(refused(&folder.path().join("asagi.xml")), "", "{text}");
}

#[test]
fn what_is_not_junit_is_refused() {
    let folder = temporary_folder();
    let document = folder.path().join("other.xml");
    std::fs::write(&document, "<testsuites><testsuite name=\"x\"><testcase/></testsuite></testsuites>")
        .unwrap();
    let said = refused(&document);
    assert!(said.contains("missing required attribute 'tests'"), "{said}");
}
