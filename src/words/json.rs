//! JSON that shows as itself on a screen: what nobody sees is written as `\u202e`, which is the same value.

use std::fmt::Write as _;

use serde::Serialize;

use super::{Shown, is_escaped};

/// A document, indented, with a line break at its end.
///
/// # Errors
/// What cannot be JSON, such as a map with keys that are no text.
pub fn pretty(value: &impl Serialize) -> serde_json::Result<Shown> {
    let mut text = escaped(&serde_json::to_string_pretty(value)?);
    text.push('\n');
    Ok(Shown::made(text))
}

/// A document in one line, with its line break.
///
/// # Errors
/// What cannot be JSON, such as a map with keys that are no text.
pub fn line(value: &impl Serialize) -> serde_json::Result<Shown> {
    let mut text = escaped(&serde_json::to_string(value)?);
    text.push('\n');
    Ok(Shown::made(text))
}

/// A JSON text with the characters escaped that a screen does not show, and the beginnings of commands to a CI broken up.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    while let Some(c) = characters.next() {
        let next = characters.peek().copied();
        match c {
            '\n' => out.push(c),
            c if is_escaped(&out, c, next) => push(&mut out, c),
            c => out.push(c),
        }
    }
    out
}

fn push(out: &mut String, c: char) {
    for unit in c.encode_utf16(&mut [0; 2]) {
        let _ = write!(out, "\\u{unit:04x}");
    }
}
