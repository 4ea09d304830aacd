//! What in a text is a secret, by its form, its place, or the name it is given to.
//!
//! Three kinds are known: tokens whose form says what they are (`tokens`), passwords in their places (URLs, headers,
//! options of commands, statements: `places`), and values given to names that say `password` (`names`). What only refers to
//! a secret, or stands where one would be written, is none (`literal`).
//!
//! The cost is linear in the text: one pass looks for signs, and a line that holds one is looked at by the rows that the
//! sign belongs to.

mod lines;
mod literal;
mod names;
mod pem;
mod places;
mod rows;
#[cfg(test)]
mod tests;
mod tokens;

use std::borrow::Cow;
use std::ops::Range;

use rows::Strictness;

pub use names::{is_secret_name, leak_under};

/// What stands where a secret was.
pub const MASK: &str = "****";

/// A secret in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leak {
    /// The bytes of the secret alone: of a URL its password, of an assignment its value.
    pub range: Range<usize>,
    /// What it is, in words that follow "holds": `a token of GitHub`.
    pub what: &'static str,
    /// It looks like nothing else, or stands where only secrets do; otherwise it is a secret by the name before it.
    pub is_certain: bool,
}

/// Every secret in a text, in order; none overlaps another.
pub fn leaks(text: &str) -> Vec<Leak> {
    found(text, Strictness::Told)
}

fn found(text: &str, strictness: Strictness) -> Vec<Leak> {
    let mut found = pem::private_keys(text);
    rows::find(text, strictness, &mut found);
    found.sort_by_key(|leak| (leak.range.start, std::cmp::Reverse(leak.range.end), !leak.is_certain));
    let mut kept: Vec<Leak> = Vec::with_capacity(found.len());
    for leak in found {
        match kept.last_mut().filter(|last| leak.range.start < last.range.end) {
            Some(last) => {
                last.range.end = last.range.end.max(leak.range.end);
                if leak.is_certain && !last.is_certain {
                    (last.what, last.is_certain) = (leak.what, true);
                }
            }
            None => kept.push(leak),
        }
    }
    kept
}

/// Where in a text something stands that is not shown: whatever is given to a name of a secret counts, short and weak ones
/// too. In order, and none overlaps another.
pub fn hidden(text: &str) -> Vec<Range<usize>> {
    found(text, Strictness::Hidden).into_iter().map(|leak| leak.range).collect()
}

/// The text with what is [`hidden`] in it as [`MASK`].
pub fn mask(text: &str) -> Cow<'_, str> {
    without(text, hidden(text))
}

/// The text with [`MASK`] for what is a secret by its looks or place, whatever it is a part of.
pub fn mask_certain(text: &str) -> Cow<'_, str> {
    let certain = leaks(text).into_iter().filter(|leak| leak.is_certain);
    without(text, certain.map(|leak| leak.range).collect())
}

fn without(text: &str, found: Vec<Range<usize>>) -> Cow<'_, str> {
    if found.is_empty() {
        return Cow::Borrowed(text);
    }
    let (mut out, mut at) = (String::with_capacity(text.len()), 0);
    for range in found {
        out.push_str(text.get(at..range.start).unwrap_or_default());
        out.push_str(MASK);
        at = range.end;
    }
    out.push_str(text.get(at..).unwrap_or_default());
    Cow::Owned(out)
}
