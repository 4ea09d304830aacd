//! Any text as the images lock beside an environment, and the repository's own with values exchanged: it is refused at a
//! place inside of it, or `asagi images lock` writes it so that it is read as the same.

use std::sync::LazyLock;

use asagi::diagnostics::Diagnostic;
use asagi::model::Lock;
use asagi::ops::lock_text;
use asagi::source::{SourceMap, Tags, parse};
use serde_json::Value;

use super::source::findings_are_inside;
use super::spec::{FILES, load};
use super::values::edits;

const PATH: &str = "environments/images.lock.yaml";

static SOUND: LazyLock<Value> = LazyLock::new(|| {
    let mut map = SourceMap::new();
    let id = map.add(PATH, include_str!("../../../environments/images.lock.yaml"));
    parse(&map, id).expect("the example can be read").root.to_json(Tags::Ignore)
});

pub fn run(data: &[u8]) {
    written_again(data);
    let mut edited = SOUND.clone();
    edits(&mut edited, data);
    let text = serde_json::to_string_pretty(&edited).expect("JSON can be written");
    written_again(text.as_bytes());
    load(&FILES.clone().with(PATH, text), "environments/dev.yaml");
}

/// What a text says as a lock is what is read of it once it was written.
fn written_again(text: &[u8]) {
    let Ok(lock) = read(text) else { return };
    let written = lock_text(&lock);
    assert_eq!(read(written.as_bytes()).as_ref(), Ok(&lock), "{written}");
}

/// The lock, or a finding at a place of the text.
fn read(text: &[u8]) -> Result<Lock, String> {
    let mut map = SourceMap::new();
    let read = map.add_bytes(PATH, text).map_err(Diagnostic::from);
    let read = read.and_then(|id| parse(&map, id).map_err(Diagnostic::from));
    read.and_then(|document| document.deserialize().map_err(Diagnostic::from)).map_err(|finding| {
        let message = finding.message.clone();
        findings_are_inside(&[finding].into_iter().collect(), &map);
        message
    })
}
