//! The kept corpus of the fuzz targets, replayed: what once made a part of asagi take a path of its own must not make it
//! panic, hang or point outside of a file. `tests/fuzz/run` finds more.

#![expect(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a test stops where something is not as it should be"
)]

#[expect(
    unreachable_pub,
    clippy::expect_used,
    clippy::panic,
    clippy::string_slice,
    reason = "a crate of its own elsewhere"
)]
#[path = "fuzz/src/lib.rs"]
mod targets;

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

/// No input may take longer, on a machine that is busy and without optimization: each has at most 16 KiB.
const MOST: Duration = Duration::from_secs(20);

/// Replays the inputs of one target; how many there are.
fn replay(name: &str) -> usize {
    let (_, run) = targets::TARGETS.iter().find(|(target, _)| *target == name).unwrap();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fuzz/corpus").join(name);
    let mut inputs: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    inputs.sort();
    for path in &inputs {
        let start = Instant::now();
        run(&fs::read(path).unwrap());
        let took = start.elapsed();
        assert!(took < MOST, "{} took {took:?}", path.display());
    }
    inputs.len()
}

#[test]
fn answers_of_an_account() {
    assert!(replay("account") > 20);
}

#[test]
fn any_repository() {
    assert!(replay("git") > 20);
}

#[test]
fn secrets_in_any_surroundings() {
    assert!(replay("leak") > 20);
}

#[test]
fn any_text_as_the_images_lock() {
    assert!(replay("lock") > 20);
}

#[test]
fn own_templates_with_other_values() {
    assert!(replay("own") > 20);
}

#[test]
fn any_text_as_a_plan_file() {
    assert!(replay("plan") > 20);
}

#[test]
fn any_text_on_its_way_to_a_screen() {
    assert!(replay("words") > 20);
}

#[test]
fn any_bytes_as_a_file() {
    assert!(replay("source") > 50);
}

#[test]
fn any_text_as_an_environment() {
    assert!(replay("spec") > 50);
}

#[test]
fn environments_with_other_values() {
    assert!(replay("values") > 50);
}

#[test]
fn any_texts_as_templates() {
    assert!(replay("template") > 50);
}
