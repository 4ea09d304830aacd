//! The last wall before a stream: what gets there otherwise than by [`super::Shown`] still does nothing.

use std::borrow::Cow;

use super::is_escaped;
use super::visible::push_escaped;

/// Text in which nothing but colours (SGR of ECMA-48) and line breaks is more than text, and no line begins like a command
/// to a CI (`::error::`, indented too).
/// <https://docs.github.com/en/actions/reference/workflow-commands-for-github-actions>
pub fn walled(text: &str) -> Cow<'_, str> {
    let is_plain = |byte: u8| matches!(byte, b' '..=b'~' | b'\n');
    if text.bytes().all(is_plain) && !text.contains("::") && !text.contains("##") {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    // The same without colours, which a stream that is no terminal does not have.
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    let mut begins = true;
    while let Some(c) = rest.chars().next() {
        if let Some((colour, after)) = colour(rest) {
            out.push_str(colour);
            rest = after;
            continue;
        }
        let after = rest.get(c.len_utf8()..).unwrap_or_default();
        let next = std::iter::successors(Some(after), |rest| colour(rest).map(|(_, after)| after))
            .last()
            .unwrap_or(after);
        let is_command = begins && c == ':' && next.starts_with(':') && !next.starts_with(":: ");
        let shown = out.len();
        match c {
            '\n' => out.push(c),
            c if is_command || is_escaped(&plain, c, next.chars().next()) => push_escaped(&mut out, c),
            c => out.push(c),
        }
        plain.push_str(out.get(shown..).unwrap_or_default());
        begins = c == '\n' || (begins && c.is_whitespace());
        rest = after;
    }
    Cow::Owned(out)
}

/// A colour at the beginning of a text, and what follows it.
fn colour(text: &str) -> Option<(&str, &str)> {
    let body = text.strip_prefix("\u{1b}[")?;
    let end = body.find(|c: char| !c.is_ascii_digit() && c != ';')?;
    body.get(end..)?.starts_with('m').then(|| text.split_at_checked("\u{1b}[".len() + end + 1))?
}
