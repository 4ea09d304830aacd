//! A template's text in ASCII: `GetTemplate` gives back a question mark for every other character, though resources get the
//! right one. <https://github.com/aws-cloudformation/cloudformation-coverage-roadmap/issues/1220>
//!
//! ```text
//! # 夜間のみ              # 夜間のみ            comments say nothing to CloudFormation: they stay for who reads the file
//! Description: 夜間  ──▶  Description: "\u591c\u9593"
//! ```

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::Template;
use crate::source::{self, Kind, Node, ScalarStyle, SourceMap, Span};

/// The first line of a YAML text that was written so. Who reads it back knows that its question marks are its own.
const MARK: &str =
    "# Values are in ASCII: CloudFormation gives back a question mark for any other character.\n";

impl Template {
    /// The same text with every value in ASCII, what is not as escapes. A text that no escapes can be put in without
    /// changing what it says comes back as it is.
    pub fn ascii(text: &str) -> Cow<'_, str> {
        if text.is_ascii() {
            return Cow::Borrowed(text);
        }
        let Ok(before) = Self::value_of(text) else { return Cow::Borrowed(text) };
        let written = match serde_json::from_str::<serde::de::IgnoredAny>(text) {
            Ok(_) => Some(json(text)),
            Err(_) => yaml(text),
        };
        match written {
            Some(written) if Self::value_of(&written).is_ok_and(|after| after == before) => {
                Cow::Owned(written)
            }
            _ => Cow::Borrowed(text),
        }
    }

    /// What `GetTemplate` gives back of a text.
    pub fn read_back(text: &str) -> Cow<'_, str> {
        match text.is_ascii() {
            true => Cow::Borrowed(text),
            false => Cow::Owned(lossy(text)),
        }
    }

    /// Whether the question marks of a text that was read back are its own.
    pub fn is_exact(text: &str) -> bool {
        text.starts_with(MARK)
    }
}

/// Of every character outside ASCII one question mark.
fn lossy(text: &str) -> String {
    text.chars().map(|c| if c.is_ascii() { c } else { '?' }).collect()
}

/// Whatever is not ASCII stands in a string.
fn json(text: &str) -> String {
    let mut written = String::with_capacity(text.len() * 2);
    for c in text.chars() {
        if c.is_ascii() {
            written.push(c);
            continue;
        }
        for unit in c.encode_utf16(&mut [0; 2]) {
            let _ = write!(written, "\\u{unit:04x}");
        }
    }
    written
}

/// Every scalar that is not ASCII, quoted. `None` when the text cannot be read.
fn yaml(text: &str) -> Option<String> {
    let mut map = SourceMap::new();
    let id = map.add("template", text);
    let document = source::parse_template(&map, id).ok()?;
    let mut quoted = BTreeMap::new();
    scalars(&document.root, text, &mut quoted);
    if quoted.is_empty() {
        // Comments alone.
        return None;
    }
    let mut written = String::with_capacity(text.len() * 2);
    written.push_str(MARK);
    let mut done = 0;
    for (start, (end, scalar)) in quoted {
        written.push_str(text.get(done..start)?);
        written.push_str(&scalar);
        done = end;
    }
    written.push_str(text.get(done..)?);
    Some(written)
}

/// By where it begins: where it ends, and what stands there instead. What an alias names stands where its anchor is.
fn scalars(node: &Node, text: &str, quoted: &mut BTreeMap<usize, (usize, String)>) {
    let written = |span: Span| text.get(span.start..span.end).unwrap_or_default();
    match &node.kind {
        Kind::Scalar { value, style } if !written(node.span).is_ascii() => {
            let block = matches!(style, ScalarStyle::Literal | ScalarStyle::Folded);
            let header = block.then(|| header(text, node.span.start)).flatten();
            let (start, comment) = header.unwrap_or((node.span.start, ""));
            let scalar = quote(value, Some(column(text, node.span, block))) + comment;
            quoted.insert(start, (node.span.end, scalar));
        }
        Kind::Scalar { .. } => {}
        Kind::Sequence(items) => items.iter().for_each(|item| scalars(item, text, quoted)),
        Kind::Mapping(entries) => {
            for entry in entries {
                if !written(entry.key_span).is_ascii() {
                    quoted.insert(entry.key_span.start, (entry.key_span.end, quote(&entry.key, None)));
                }
                scalars(&entry.value, text, quoted);
            }
        }
    }
}

/// Where the block begins whose text begins there, `|` or `>`, and the comment beside that, with the blank before it.
fn header(text: &str, content: usize) -> Option<(usize, &str)> {
    let before = text.get(..content)?.trim_end();
    let line = before.rfind('\n').map_or(0, |at| at + 1);
    let candidates = before.get(line..)?.match_indices(['|', '>']);
    candidates.into_iter().find_map(|(at, _)| {
        let start = line + at;
        let rest =
            before.get(start + 1..)?.trim_start_matches(|c: char| c.is_ascii_digit() || "+-".contains(c));
        let is_header = rest.trim().is_empty() || rest.starts_with(' ') && rest.trim_start().starts_with('#');
        is_header.then_some((start, rest.trim_end()))
    })
}

/// Where the lines of a text of several lines begin: those of a block where they did, others below their beginning.
fn column(text: &str, span: Span, block: bool) -> usize {
    let line = text.get(..span.start).and_then(|before| before.rfind('\n')).map_or(0, |at| at + 1);
    let lines = text.get(line..span.end).unwrap_or_default().lines().filter(|line| !line.trim().is_empty());
    let indent = lines.map(|line| line.len() - line.trim_start_matches(' ').len()).min().unwrap_or_default();
    if block { indent } else { span.start - line }.max(1)
}

/// In double quotes. Where there may be several lines, each line of the text is one, from that column on.
/// <https://yaml.org/spec/1.2.2/#57-escaped-characters>
fn quote(value: &str, column: Option<usize>) -> String {
    let mut quoted = String::with_capacity(value.len() * 2);
    quoted.push('"');
    let mut characters = value.chars().peekable();
    let mut begins = false;
    while let Some(c) = characters.next() {
        match c {
            '\n' => {
                quoted.push_str("\\n");
                if let (Some(column), Some(_)) = (column, characters.peek()) {
                    let _ = write!(quoted, "\\\n{:column$}", "");
                    begins = true;
                    continue;
                }
            }
            // Blanks at the beginning of a line are indentation.
            ' ' if begins => quoted.push_str("\\ "),
            '\t' => quoted.push_str("\\t"),
            '"' | '\\' => quoted.extend(['\\', c]),
            ' '..='~' => quoted.push(c),
            c if u32::from(c) < 0x1_0000 => {
                let _ = write!(quoted, "\\u{:04x}", u32::from(c));
            }
            c => {
                let _ = write!(quoted, "\\U{:08x}", u32::from(c));
            }
        }
        begins = false;
    }
    quoted.push('"');
    quoted
}
