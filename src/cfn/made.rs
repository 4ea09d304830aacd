//! How an unknown value is made, as text: the same for what is made alike, and for nothing else.
//!
//! Text stands as it is, so that what is put together in two ways from the same parts is the same. A call opens, parts and
//! closes with characters that text has only behind an escape.

use std::borrow::Cow;

use super::Effective;

const OPEN: char = '\u{1}';
const NEXT: char = '\u{2}';
const CLOSE: char = '\u{3}';
const ESCAPE: char = '\u{4}';

fn is_mark(letter: char) -> bool {
    matches!(letter, OPEN | NEXT | CLOSE | ESCAPE)
}

/// Text.
pub(crate) fn literal(text: &str) -> Cow<'_, str> {
    if !text.contains(is_mark) {
        return Cow::Borrowed(text);
    }
    let mut escaped = String::with_capacity(text.len() + 1);
    for letter in text.chars() {
        if is_mark(letter) {
            escaped.push(ESCAPE);
        }
        escaped.push(letter);
    }
    Cow::Owned(escaped)
}

/// A value that is made of nothing that is known here, by its name.
pub(crate) fn alone(name: &str) -> String {
    call(name, [])
}

/// What a function makes of that.
pub(crate) fn call<'a>(name: &str, arguments: impl IntoIterator<Item = &'a str>) -> String {
    let mut made = String::from(OPEN);
    made.push_str(&literal(name));
    for argument in arguments {
        made.push(NEXT);
        made.push_str(argument);
    }
    made.push(CLOSE);
    made
}

/// Any value. Scalars are the text that CloudFormation makes of them, keys have no order, and null is absent.
pub(crate) fn of(value: &Effective) -> Cow<'_, str> {
    match value {
        Effective::Unknown(unknown) => Cow::Borrowed(&unknown.made),
        Effective::String(text) => literal(text),
        Effective::List(items) => {
            let items: Vec<_> = items.iter().map(of).collect();
            Cow::Owned(call("[", items.iter().map(AsRef::as_ref)))
        }
        Effective::Map(map) => {
            let present = map.iter().filter(|(_, value)| **value != Effective::Null);
            let mut entries: Vec<_> = present.flat_map(|(key, value)| [[literal(key), of(value)]]).collect();
            entries.sort();
            Cow::Owned(call("{", entries.iter().flatten().map(AsRef::as_ref)))
        }
        Effective::Null => Cow::Owned(alone("null")),
        Effective::Bool(_) | Effective::Number(_) => Cow::Owned(value.as_text().unwrap_or_default()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_what_is_made_alike_is_the_same() {
        let of = |value: serde_json::Value| of(&Effective::from(&value)).into_owned();
        for (one, other, is_same) in [
            (of(json!(4)), of(json!("4")), true),
            (of(json!({"a": 1, "b": null})), of(json!({"a": "1"})), true),
            (of(json!({"a": 1, "b": 2})), of(json!({"b": 2, "a": 1})), true),
            (of(json!(["a", "b"])), of(json!(["a\u{2}b"])), false),
            (of(json!(["a", "b"])), of(json!(["b", "a"])), false),
            (of(json!([["a"], "b"])), of(json!([["a", "b"]])), false),
            (of(json!({"a": "b"})), of(json!(["a", "b"])), false),
            (call("F", ["a", "b"]), call("F", ["a,b"]), false),
            (call("F", ["a"]), call("G", ["a"]), false),
            (alone("${A}"), literal("${A}").into_owned(), false),
            (alone("a"), literal("\u{1}a\u{3}").into_owned(), false),
        ] {
            assert_eq!(one == other, is_same, "{one:?} {other:?}");
        }
    }
}
