//! Text as YAML: quoted flow values that JSON reads too, and block scalars for texts of many lines.

use std::fmt::Write as _;
use std::io;

use serde::Serialize;
use serde_json::Number;
use serde_json::ser::{Formatter, Serializer};

/// A value on one line, as JSON and as YAML: `"a\nb"`, `[1, 2]`, `{"a": true}`.
///
/// # Errors
///
/// A value that JSON has no form for.
pub(super) fn flow(value: &impl Serialize) -> Result<String, serde_json::Error> {
    let mut bytes = Vec::new();
    value.serialize(&mut Serializer::with_formatter(&mut bytes, Spaced))?;
    let json = String::from_utf8(bytes).map_err(serde::ser::Error::custom)?;
    Ok(if json.bytes().all(|byte| matches!(byte, b' '..=b'~')) { json } else { escape_unprintable(&json) })
}

/// A text of several lines as a literal block scalar whose lines begin in the given column; two columns to the right
/// of the key it belongs to. Texts that a block cannot hold exactly come out quoted.
pub(super) fn literal(text: &str, column: usize) -> Result<String, serde_json::Error> {
    if !fits_block(text) {
        return flow(&text);
    }
    // The indentation would be guessed from the first line that has anything on it.
    let indicator = if text.starts_with([' ', '\n']) { "2" } else { "" };
    let chomping = if text.ends_with('\n') { "" } else { "-" };
    let mut block = format!("|{indicator}{chomping}");
    for line in text.strip_suffix('\n').unwrap_or(text).split('\n') {
        block.push('\n');
        if !line.is_empty() {
            let _ = write!(block, "{:column$}{line}", "");
        }
    }
    Ok(block)
}

/// Whether a YAML reader takes the character as it is.
pub(super) fn is_printable(c: char) -> bool {
    !is_unprintable(c)
}

/// `text` as it must stand inside `Fn::Sub` to come out as itself: `${` would be a reference, `${!` is not one.
/// `None` for an unclosed `${`, which `Fn::Sub` has no way to write.
pub(super) fn escape_sub(text: &str) -> Option<String> {
    let mut parts = text.split("${");
    let mut escaped = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        if !part.contains('}') {
            return None;
        }
        escaped.push_str("${!");
        escaped.push_str(part);
    }
    Some(escaped)
}

/// Whole numbers without a fraction, as people write them.
pub(super) fn number(value: f64) -> Number {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "only whole numbers that fit are turned into integers"
    )]
    let whole = value as i64;
    #[expect(clippy::cast_precision_loss, reason = "compared with the value it came from")]
    let exact = (whole as f64 - value).abs() < f64::EPSILON;
    if exact { Number::from(whole) } else { Number::from_f64(value).unwrap_or_else(|| Number::from(whole)) }
}

/// Whether a block scalar gives back exactly this text, whatever follows it. Two line ends at the end would need
/// `|+`, which takes in the blank lines that follow.
fn fits_block(text: &str) -> bool {
    let many_lines = text.trim_end_matches('\n').contains('\n');
    many_lines && !text.ends_with("\n\n") && !text.trim().is_empty() && text.chars().all(in_block)
}

fn in_block(c: char) -> bool {
    matches!(c, ' '..='~' | '\n' | '\t') || (c >= ' ' && !is_unprintable(c))
}

/// Characters that a YAML reader refuses or takes for a line end, though JSON lets them stand.
/// <https://yaml.org/spec/1.2.2/#51-character-set>
fn is_unprintable(c: char) -> bool {
    matches!(c, '\u{7f}'..='\u{9f}' | '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}')
}

/// All of them are below U+10000, so one `\u` escape means the same in JSON and in YAML.
fn escape_unprintable(json: &str) -> String {
    let mut escaped = String::with_capacity(json.len());
    for c in json.chars() {
        if is_unprintable(c) {
            let _ = write!(escaped, "\\u{:04x}", u32::from(c));
        } else {
            escaped.push(c);
        }
    }
    escaped
}

/// JSON on one line, with a blank after each comma and colon.
struct Spaced;

impl Formatter for Spaced {
    fn begin_array_value<W: ?Sized + io::Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        if first { Ok(()) } else { writer.write_all(b", ") }
    }

    fn begin_object_key<W: ?Sized + io::Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        if first { Ok(()) } else { writer.write_all(b", ") }
    }

    fn begin_object_value<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        writer.write_all(b": ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_json_on_one_line() {
        let value =
            serde_json::json!({ "port": 8080, "paths": ["/*", "a\"b\n"], "off": null, "name": "浅葱\u{85}" });
        let text = r#"{"port": 8080, "paths": ["/*", "a\"b\n"], "off": null, "name": "浅葱\u0085"}"#;
        assert_eq!(flow(&value).unwrap(), text);
    }

    #[test]
    fn lines_are_a_block_and_what_a_block_cannot_hold_is_quoted() {
        let cases = [
            ("#!/bin/sh\necho a\n", "|\n    #!/bin/sh\n    echo a"),
            ("one\n\ntwo", "|-\n    one\n\n    two"),
            ("  indented\nless\n", "|2\n      indented\n    less"),
            ("\nafter a blank line\n", "|2\n\n    after a blank line"),
            ("a\n\tb\n", "|\n    a\n    \tb"),
            ("one line", r#""one line""#),
            ("", r#""""#),
            ("a\r\nb\r\n", r#""a\r\nb\r\n""#),
            ("a\nb\n\n", r#""a\nb\n\n""#),
            ("a\nb\u{7f}", r#""a\nb\u007f""#),
            (" \n ", r#"" \n ""#),
        ];
        for (text, block) in cases {
            assert_eq!(literal(text, 4).unwrap(), block, "{text:?}");
        }
    }

    #[test]
    fn numbers_are_as_people_write_them() {
        let written = [60.0, 0.1, 0.5, 1e300, f64::NAN].map(|value| number(value).to_string());
        assert_eq!(written, ["60", "0.1", "0.5", "1e+300", "0"]);
    }

    #[test]
    fn a_reference_in_text_is_text() {
        assert_eq!(escape_sub("${AWS::Region} $5 ${!x}").unwrap(), "${!AWS::Region} $5 ${!!x}");
        assert_eq!(escape_sub("${a ${b}"), None);
    }
}
