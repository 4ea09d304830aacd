//! The provider schemas as they are carried: an index that is read once, and streams that are unpacked one at a time.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use zlib_rs::{Inflate, InflateFlush, Status};

/// Every type with the beginning of its schema's digest, in the order of the lines below; above the types of a stream,
/// its length and the length of its lines (`tests/peers/make_resource_schemas.py`).
const INDEX: &str = include_str!("../../../schemas/resource-types.txt");

/// The streams, one behind the other; a schema is a line.
const STREAMS: &[u8] = include_bytes!("../../../schemas/resource-types.bin");

/// Bits of the window that streams may look back by: as many as there are.
const WINDOW: u8 = 15;

/// Types whose schemas lie in one stream. It is unpacked when one of them is asked for.
struct Stream {
    packed: &'static [u8],
    /// Bytes of its lines.
    length: usize,
    lines: OnceLock<Vec<String>>,
}

struct Archive {
    streams: Vec<Stream>,
    /// By type: its stream, and its line there.
    types: BTreeMap<&'static str, (usize, usize)>,
}

fn archive() -> &'static Archive {
    static ARCHIVE: OnceLock<Archive> = OnceLock::new();
    ARCHIVE.get_or_init(|| {
        let (mut streams, mut types, mut at, mut line) = (Vec::new(), BTreeMap::new(), 0, 0);
        for (first, second) in INDEX.lines().filter_map(|entry| entry.split_once(' ')) {
            match (first.parse::<usize>(), second.parse()) {
                (Ok(packed), Ok(length)) => {
                    // a stream that is not there is an empty one; the test below keeps all of them whole
                    let bytes = STREAMS.get(at..at + packed).unwrap_or_default();
                    streams.push(Stream { packed: bytes, length, lines: OnceLock::new() });
                    (at, line) = (at + packed, 0);
                }
                _ => {
                    types.insert(first, (streams.len().saturating_sub(1), line));
                    line += 1;
                }
            }
        }
        Archive { streams, types }
    })
}

impl Stream {
    fn lines(&self) -> &[String] {
        let split = |text: String| text.lines().map(str::to_owned).collect();
        self.lines.get_or_init(|| self.unpacked().map(split).unwrap_or_default())
    }

    fn unpacked(&self) -> Option<String> {
        let (mut lines, mut inflate) = (vec![0; self.length], Inflate::new(true, WINDOW));
        let status = inflate.decompress(self.packed, &mut lines, InflateFlush::Finish).ok()?;
        let is_whole = status == Status::StreamEnd && inflate.total_out() == self.length as u64;
        is_whole.then(|| String::from_utf8(lines).ok())?
    }
}

/// The names of all types, sorted.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    archive().types.keys().copied()
}

pub(super) fn has(name: &str) -> bool {
    archive().types.contains_key(name)
}

/// The name as the archive has it, and the type's schema as JSON.
pub(super) fn line(name: &str) -> Option<(&'static str, &'static str)> {
    let archive = archive();
    let (name, (stream, line)) = archive.types.get_key_value(name)?;
    Some((name, archive.streams.get(*stream)?.lines().get(*line)?))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap as Map;

    use serde::de::IgnoredAny;
    use sha2::{Digest, Sha256};

    use super::{INDEX, STREAMS, archive, line};

    #[test]
    fn every_schema_is_what_the_index_says() {
        let entries = INDEX.lines().filter_map(|entry| entry.split_once(' '));
        let mut types = 0;
        for (name, digest) in entries.filter(|(first, _)| first.parse::<usize>().is_err()) {
            let (_, line) = line(name).unwrap_or_else(|| panic!("no schema of {name}"));
            let made: String =
                Sha256::digest(line).iter().take(4).map(|byte| format!("{byte:02x}")).collect();
            assert_eq!(made, digest, "{name}");
            assert!(serde_json::from_str::<Map<String, IgnoredAny>>(line).is_ok(), "{name}");
            types += 1;
        }
        assert_eq!(types, archive().types.len());
        assert_eq!(archive().streams.iter().map(|it| it.packed.len()).sum::<usize>(), STREAMS.len());
    }
}
