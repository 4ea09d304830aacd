//! The tables in `schemas/` that were made from a peer's data are what the peer would make today.

use std::process::Command;

use crate::support::{finished, program, repository, said};

#[test]
fn the_schemas_of_resource_types_are_fresh() {
    let script = "tests/peers/make_resource_schemas.py";
    let mut check = Command::new(program("python"));
    let checked = finished(check.args(["-B", script, "--check", "schemas"]).current_dir(repository("")));
    assert!(
        checked.status.success(),
        "schemas/resource-types.* are stale: {}; write them anew with\n\n    {} {script} schemas\n",
        said(&checked),
        program("python").display()
    );
}

#[test]
fn the_table_of_the_older_specification_is_fresh() {
    fresh("tests/peers/make_older_specification.py", "schemas/older-specification.json");
}

#[test]
fn the_table_of_instance_types_is_fresh() {
    fresh("tests/peers/make_instance_types.py", "schemas/instance-types.json");
}

/// What the script writes today is what was committed.
fn fresh(script: &str, file: &str) {
    let made = finished(Command::new(program("python")).arg("-B").arg(repository(script)));
    assert!(made.status.success(), "{}", said(&made));
    let committed = std::fs::read_to_string(repository(file)).unwrap();
    let made = String::from_utf8(made.stdout).unwrap();
    let differing: Vec<_> =
        made.lines().filter(|line| !committed.lines().any(|other| other == *line)).collect();
    assert!(
        made == committed,
        "{file} is stale; write it anew with\n\n    {} {script} > {file}\n\n{} lines differ, the first: {:?}",
        program("python").display(),
        differing.len(),
        differing.first()
    );
}
