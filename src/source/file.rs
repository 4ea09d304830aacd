//! Files held as text, spans into them, and the lines and columns a person counts in.

use std::ops::Range;
use std::sync::{Arc, OnceLock};

use super::{SyntaxError, SyntaxKind};
use crate::words;

/// A file of a [`SourceMap`], by its index there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SourceId(u32);

/// Where a text stands: byte offsets into one file, `end` exclusive, both on character boundaries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// The file.
    pub source: SourceId,
    /// First byte.
    pub start: usize,
    /// The byte after the last.
    pub end: usize,
}

impl Span {
    /// The bytes `start..end` of `source`.
    pub const fn new(source: SourceId, start: usize, end: usize) -> Self {
        Self { source, start, end }
    }

    /// The place itself, without extent.
    pub const fn at(source: SourceId, offset: usize) -> Self {
        Self::new(source, offset, offset)
    }

    /// Whether the span covers no text.
    pub const fn is_empty(&self) -> bool {
        self.start >= self.end
    }

    /// From the start of this span to the end of `other`, if both are in the same file and in order.
    pub fn to(self, other: Self) -> Self {
        let end = if other.source == self.source { other.end.max(self.end) } else { self.end };
        Self { end, ..self }
    }
}

/// A place as editors show it: both counted from one, the column in characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// Line, from 1.
    pub line: usize,
    /// Column in characters (not bytes, not terminal cells), from 1.
    pub column: usize,
}

/// One file: the path a person knows it by, and its text.
#[derive(Debug, Clone)]
pub struct SourceFile {
    /// As messages should show it, relative to the project where possible.
    pub path: String,
    /// The whole text.
    pub text: Arc<str>,
    lines: Vec<usize>,
    /// How many characters begin before each [`STRIDE`] bytes: a place in a long line is not counted from its start.
    characters: Vec<usize>,
    /// What is not shown whatever it looks like.
    kept: Vec<Range<usize>>,
    hidden: OnceLock<Vec<Range<usize>>>,
}

/// Bytes from one count of characters to the next.
const STRIDE: usize = 1_024;

impl SourceFile {
    fn new(path: String, text: Arc<str>) -> Self {
        let ends = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
        let lines = std::iter::once(0).chain(ends.map(|(offset, _)| offset + 1)).collect();
        let mut count = 0;
        let counted = |part: &[u8]| {
            let before = count;
            count += begun(part);
            before
        };
        let characters = text.as_bytes().chunks(STRIDE).map(counted).collect();
        Self { path, text, lines, characters, kept: Vec::new(), hidden: OnceLock::new() }
    }

    /// Where the text holds what no quotation shows: what is a secret by its looks, and what was said to be one. In order,
    /// and none overlaps another.
    pub fn hidden(&self) -> &[Range<usize>] {
        self.hidden.get_or_init(|| {
            let mut all = words::hidden(&self.text);
            all.extend(self.kept.iter().cloned());
            all.sort_by_key(|range| (range.start, range.end));
            all.dedup_by(|next, kept| {
                let inside = next.start < kept.end;
                if inside {
                    kept.end = kept.end.max(next.end);
                }
                inside
            });
            all
        })
    }

    /// The line and column of a byte offset; offsets past the end count as the end.
    pub fn position(&self, offset: usize) -> Position {
        let offset = floor(&self.text, offset);
        let line = self.lines.partition_point(|start| *start <= offset).max(1);
        let start = self.line_start(line);
        let column = self.characters_before(offset) - self.characters_before(start) + 1;
        Position { line, column }
    }

    /// How many characters begin before an offset.
    fn characters_before(&self, offset: usize) -> usize {
        let stride = offset / STRIDE;
        let before = self.characters.get(stride).copied();
        let from = if before.is_some() { stride * STRIDE } else { 0 };
        before.unwrap_or(0) + self.text.as_bytes().get(from..offset).map_or(0, begun)
    }

    /// The byte offset a line (from 1) begins at; lines past the end begin at the end.
    pub fn line_start(&self, line: usize) -> usize {
        self.lines.get(line.saturating_sub(1)).copied().unwrap_or(self.text.len())
    }

    /// The text of a line (from 1) without its line break; empty past the end.
    pub fn line(&self, line: usize) -> &str {
        let range = self.line_start(line)..self.line_start(line + 1);
        self.text.get(range).unwrap_or_default().trim_end_matches(['\n', '\r'])
    }
}

/// How many characters of UTF-8 begin in these bytes.
fn begun(bytes: &[u8]) -> usize {
    bytes.iter().filter(|byte| **byte & 0b1100_0000 != 0b1000_0000).count()
}

/// The nearest character boundary at or before `offset`.
pub(super) fn floor(text: &str, offset: usize) -> usize {
    let mut offset = offset.min(text.len());
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    offset
}

/// Every file read so far. Ids stay valid: files are only added.
#[derive(Debug, Clone, Default)]
pub struct SourceMap {
    files: Vec<SourceFile>,
}

impl SourceMap {
    /// A map without files.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a file.
    pub fn add(&mut self, path: impl Into<String>, text: impl Into<Arc<str>>) -> SourceId {
        let id = SourceId(u32::try_from(self.files.len()).unwrap_or(u32::MAX));
        self.files.push(SourceFile::new(path.into(), text.into()));
        id
    }

    /// Keeps a place from being quoted, whatever stands there.
    pub fn hide(&mut self, span: Span) {
        if let Some(file) = self.files.get_mut(span.source.0 as usize) {
            file.kept.push(floor(&file.text, span.start)..floor(&file.text, span.end));
            file.hidden = OnceLock::new();
        }
    }

    /// Lets a place be quoted again that was [`Self::hide`]den, unless it looks like a secret.
    pub fn reveal(&mut self, span: Span) {
        if let Some(file) = self.files.get_mut(span.source.0 as usize) {
            file.kept.retain(|range| *range != (span.start..span.end));
            file.hidden = OnceLock::new();
        }
    }

    /// Adds a file as it was read.
    ///
    /// # Errors
    /// [`SyntaxKind::Encoding`] at the first byte that is not UTF-8; the file is added nevertheless, so the
    /// error can be shown.
    pub fn add_bytes(&mut self, path: impl Into<String>, bytes: &[u8]) -> Result<SourceId, SyntaxError> {
        match std::str::from_utf8(bytes) {
            Ok(text) => Ok(self.add(path, text)),
            Err(error) => {
                let id = self.add(path, String::from_utf8_lossy(bytes).as_ref());
                let start = error.valid_up_to();
                let span = Span::new(id, start, start + '\u{fffd}'.len_utf8());
                let wide = bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]);
                let message =
                    if wide { "the file is UTF-16, not UTF-8" } else { "the file is not UTF-8 from here on" };
                Err(SyntaxError::new(SyntaxKind::Encoding, span, message)
                    .help("save the file as UTF-8 without a byte order mark"))
            }
        }
    }

    /// The file, unless the id comes from another map.
    pub fn get(&self, id: SourceId) -> Option<&SourceFile> {
        self.files.get(id.0 as usize)
    }

    /// All files with their ids, in the order they were added.
    pub fn iter(&self) -> impl Iterator<Item = (SourceId, &SourceFile)> {
        (0..).map(SourceId).zip(&self.files)
    }

    /// The id of the file with this path.
    pub fn find(&self, path: &str) -> Option<SourceId> {
        self.iter().find(|(_, file)| file.path == path).map(|(id, _)| id)
    }

    /// The path of a span's file; empty for an id of another map.
    pub fn path(&self, id: SourceId) -> &str {
        self.get(id).map_or("", |file| file.path.as_str())
    }

    /// The text a span covers; empty if it lies outside.
    pub fn text(&self, span: Span) -> &str {
        self.get(span.source).and_then(|file| file.text.get(span.start..span.end)).unwrap_or_default()
    }

    /// Where a span begins.
    pub fn start(&self, span: Span) -> Position {
        self.position(span.source, span.start)
    }

    /// Where a span ends: the place after its last character.
    pub fn end(&self, span: Span) -> Position {
        self.position(span.source, span.end)
    }

    fn position(&self, id: SourceId, offset: usize) -> Position {
        self.get(id).map_or(Position { line: 1, column: 1 }, |file| file.position(offset))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters_from_one() {
        let mut map = SourceMap::new();
        let id = map.add("a.yaml", "名: 浅葱\nb: 2\n");
        let span = Span::new(id, 5, 11);
        assert_eq!(map.text(span), "浅葱");
        assert_eq!(map.start(span), Position { line: 1, column: 4 });
        assert_eq!(map.end(span), Position { line: 1, column: 6 });
        assert_eq!(map.start(Span::at(id, 12)), Position { line: 2, column: 1 });
        assert_eq!(map.start(Span::at(id, 9_999)), Position { line: 3, column: 1 });
        assert_eq!(map.get(id).map(|file| file.line(2)), Some("b: 2"));
    }

    #[test]
    fn columns_in_a_long_line_are_counted_alike() {
        let text = format!("a\n{}\nb", "浅葱x".repeat(1_000));
        let mut map = SourceMap::new();
        let id = map.add("a.yaml", text.as_str());
        for (offset, _) in text.char_indices() {
            let before = text.get(..offset).expect("a boundary");
            let line = before.rsplit('\n').next().expect("a line");
            assert_eq!(map.start(Span::at(id, offset)).column, line.chars().count() + 1, "{offset}");
        }
        let end = Span::at(id, text.len());
        assert_eq!(map.start(end), Position { line: 3, column: 2 });
    }

    #[test]
    fn bytes_that_are_no_text_are_an_error_with_a_place() {
        let mut map = SourceMap::new();
        let error = map.add_bytes("sjis.yaml", b"name: \x90\xf3").expect_err("not UTF-8");
        assert_eq!(error.kind, SyntaxKind::Encoding);
        assert_eq!(map.start(error.span), Position { line: 1, column: 7 });
        assert_eq!(map.text(error.span), "\u{fffd}");
    }
}
