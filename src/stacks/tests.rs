//! The example environments lowered, input and output together: the texts are under `snapshots/`.

use insta::assert_snapshot;

use super::*;
use crate::model::{Environment, example};

fn lowered(environment: &Environment) -> StackGraph {
    lower(environment).unwrap_or_else(|error| panic!("{error}"))
}

fn assert_texts(environment: &Environment) {
    let graph = lowered(environment);
    insta::with_settings!({ prepend_module_to_snapshot => false, omit_expression => true }, {
        for (key, stack) in &graph.stacks {
            assert_snapshot!(format!("{}-{key}", environment.name), stack.text);
        }
    });
}

#[test]
fn the_texts_of_poc() {
    assert_texts(&example::poc());
}

#[test]
fn the_texts_of_prod() {
    assert_texts(&example::prod());
}

#[test]
fn the_same_environment_gives_the_same_bytes() {
    assert_eq!(lowered(&example::prod()), lowered(&example::prod()));
}

#[test]
fn templates_are_tidy() {
    for (key, stack) in lowered(&example::poc()).stacks.into_iter().chain(lowered(&example::prod()).stacks) {
        for (line, number) in stack.text.lines().zip(1..) {
            assert!(!line.ends_with(' '), "{key}:{number} ends with a blank");
        }
        assert!(!stack.text.contains("\n\n\n"), "{key} has two blank lines in a row");
        assert!(
            stack.text.ends_with('\n') && !stack.text.ends_with("\n\n"),
            "{key} ends with other than a line end"
        );
    }
}
