//! The tables in `schemas/` that were made from a peer's data are what the peer would make today.

use std::process::Command;

use crate::support::{finished, program, repository, said};

#[test]
fn the_table_of_create_only_properties_is_fresh() {
    let made = finished(Command::new(program("python")).arg(repository("tests/peers/make_create_only.py")));
    assert!(made.status.success(), "{}", said(&made));
    let committed = std::fs::read_to_string(repository("schemas/create-only.json")).unwrap();
    let made = String::from_utf8(made.stdout).unwrap();
    let differing: Vec<_> =
        made.lines().filter(|line| !committed.lines().any(|other| other == *line)).collect();
    assert!(
        made == committed,
        "schemas/create-only.json is stale; write it anew with\n\n    {} tests/peers/make_create_only.py > \
         schemas/create-only.json\n\n{} lines differ, the first: {:?}",
        program("python").display(),
        differing.len(),
        differing.first()
    );
}
