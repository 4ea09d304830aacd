//! Any text as the images lock beside an environment, and the repository's own with values exchanged: it is refused at a
//! place inside of it, or `asagi images lock` writes it so that it is read as the same.

use std::sync::LazyLock;

use asagi::model::Lock;
use asagi::ops::lock_text;
use asagi::source::{SourceMap, Tags, parse};
use serde_json::Value;

use super::spec::{FILES, load};
use super::values::edits;

const PATH: &str = "environments/images.lock.yaml";

static SOUND: LazyLock<Value> = LazyLock::new(|| {
    let mut map = SourceMap::new();
    let id = map.add(PATH, include_str!("../../../environments/images.lock.yaml"));
    parse(&map, id).expect("the example can be read").root.to_json(Tags::Ignore)
});

pub fn run(data: &[u8]) {
    beside(data);
    let mut edited = SOUND.clone();
    edits(&mut edited, data);
    beside(serde_json::to_string_pretty(&edited).expect("JSON can be written").as_bytes());
}

/// The lock beside an environment that takes its release from it.
fn beside(text: &[u8]) {
    load(&FILES.clone().with(PATH, text), "environments/dev.yaml");
    let Some(lock) = read(text) else { return };
    let written = lock_text(&lock);
    assert_eq!(read(written.as_bytes()).as_ref(), Some(&lock), "{written}");
}

fn read(text: &[u8]) -> Option<Lock> {
    let mut map = SourceMap::new();
    let id = map.add_bytes(PATH, text).ok()?;
    parse(&map, id).ok()?.deserialize().ok()
}
