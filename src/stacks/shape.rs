//! Shapes: what the text around a template's values says, read once for all environments that share it.
//!
//! A value can never become anything but a value; that is what the engine is for. So the text around the values alone
//! decides how the whole reads, and a text that is the same as before need not be read again: its tree is kept with
//! holes, and a new one is the same tree with other values. Whatever is unusual about a shape or a value (a key twice,
//! a number that is part of a text) is left to the reader of the whole text.

use std::sync::{Arc, LazyLock, RwLock};

use indexmap::IndexMap;
use serde_json::{Map, Value};

use super::filled::{Form, HOLE};
use crate::cfn::Template;

/// How many texts are remembered: about sixteen kilobytes each, and as a tree ten times that.
const MOST: usize = 256;

/// How the hole of a value is written where a YAML reader has to take it for text. Both are private-use characters
/// (<https://www.unicode.org/charts/PDF/UE000.pdf>), which no template of asagi's holds.
const OPEN: char = '\u{e000}';
const CLOSE: char = '\u{e001}';

/// A tree with holes.
#[derive(Debug, PartialEq)]
pub(super) enum Shape {
    /// Without holes.
    Fixed(Value),
    /// One hole and nothing beside it.
    Hole(usize),
    /// Text with holes in it.
    Text(Vec<Piece>),
    List(Vec<Shape>),
    Mapping(Vec<(Vec<Piece>, Shape)>),
}

/// A part of a text.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Piece {
    Fixed(String),
    Hole(usize),
}

/// What is known of a text around values. Most commands see one environment: reading a text for its shape pays only
/// once it has come a second time.
#[derive(Clone)]
enum Known {
    Never,
    Once,
    Shape(Option<Arc<Shape>>),
}

static KNOWN: LazyLock<RwLock<IndexMap<String, Known>>> = LazyLock::new(RwLock::default);

/// The shape of that text, once it came before; `text` is the whole, with `values` in it.
pub(super) fn known(around: &str, values: &[Form], text: &str) -> Option<Arc<Shape>> {
    match seen(around)? {
        Known::Shape(shape) => return shape,
        Known::Never => {
            let mut known = KNOWN.write().ok()?;
            if known.len() < MOST {
                known.insert(around.to_owned(), Known::Once);
            }
            return None;
        }
        Known::Once => {}
    }
    let shape = Shape::of(around).filter(|shape| shape.reads_as(values, text)).map(Arc::new);
    KNOWN.write().ok()?.insert(around.to_owned(), Known::Shape(shape.clone()));
    shape
}

/// `None` when a thread died while it wrote down what it knew.
fn seen(around: &str) -> Option<Known> {
    Some(KNOWN.read().ok()?.get(around).cloned().unwrap_or(Known::Never))
}

impl Shape {
    /// `None` when the text cannot be read, or has a hole that is no part of its tree.
    fn of(around: &str) -> Option<Self> {
        let mut marked = String::with_capacity(around.len() * 2);
        for (index, part) in around.split(HOLE).enumerate() {
            if index > 0 {
                marked.extend([OPEN.to_string(), (index - 1).to_string(), CLOSE.to_string()]);
            }
            marked.push_str(part);
        }
        Some(Self::of_value(Template::value_of(&marked).ok()?))
    }

    fn of_value(value: Value) -> Self {
        match value {
            Value::String(text) => Self::of_text(text),
            Value::Array(items) => {
                let items: Vec<Self> = items.into_iter().map(Self::of_value).collect();
                match items.iter().all(|item| matches!(item, Self::Fixed(_))) {
                    true => Self::Fixed(items.into_iter().filter_map(Self::fixed).collect()),
                    false => Self::List(items),
                }
            }
            Value::Object(map) => Self::of_mapping(map),
            other => Self::Fixed(other),
        }
    }

    fn of_mapping(map: Map<String, Value>) -> Self {
        let entries: Vec<(Vec<Piece>, Self)> =
            map.into_iter().map(|(key, value)| (pieces(&key), Self::of_value(value))).collect();
        let fixed = |(key, value): &(Vec<Piece>, Self)| {
            matches!(key.as_slice(), [Piece::Fixed(_)]) && matches!(value, Self::Fixed(_))
        };
        if !entries.iter().all(fixed) {
            return Self::Mapping(entries);
        }
        let entry = |(key, value): (Vec<Piece>, Self)| match key.into_iter().next() {
            Some(Piece::Fixed(key)) => Some((key, value.fixed()?)),
            _ => None,
        };
        Self::Fixed(Value::Object(entries.into_iter().filter_map(entry).collect()))
    }

    fn of_text(text: String) -> Self {
        match pieces(&text).as_slice() {
            [Piece::Fixed(_)] => Self::Fixed(Value::String(text)),
            [Piece::Hole(hole)] => Self::Hole(*hole),
            pieces => Self::Text(pieces.to_vec()),
        }
    }

    fn fixed(self) -> Option<Value> {
        match self {
            Self::Fixed(value) => Some(value),
            _ => None,
        }
    }

    /// Whether that tree with those values is what the whole text says, digits of numbers included.
    fn reads_as(&self, values: &[Form], text: &str) -> bool {
        let filled = self.fill(values).and_then(|value| Template::of_value(value).ok());
        filled.is_some_and(|filled| Template::parse(text).is_ok_and(|whole| whole == filled))
    }

    /// The tree with those values. `None` where only the whole text can tell what it says.
    pub(super) fn fill(&self, values: &[Form]) -> Option<Value> {
        match self {
            Self::Fixed(value) => Some(value.clone()),
            Self::Hole(hole) => value(values.get(*hole)?),
            Self::Text(pieces) => joined(pieces, values).map(Value::String),
            Self::List(items) => items.iter().map(|item| item.fill(values)).collect::<Option<_>>(),
            Self::Mapping(entries) => {
                let mut map = Map::with_capacity(entries.len());
                for (key, value) in entries {
                    let key = match key.as_slice() {
                        [Piece::Fixed(key)] => key.clone(),
                        [Piece::Hole(hole)] => key_of(values.get(*hole)?)?,
                        pieces => joined(pieces, values)?,
                    };
                    if map.insert(key, value.fill(values)?).is_some() {
                        return None;
                    }
                }
                Some(Value::Object(map))
            }
        }
    }
}

/// The text at its holes.
fn pieces(text: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some((before, (hole, after))) =
        rest.split_once(OPEN).and_then(|(before, after)| Some((before, after.split_once(CLOSE)?)))
    {
        if !before.is_empty() {
            pieces.push(Piece::Fixed(before.to_owned()));
        }
        pieces.extend(hole.parse().map(Piece::Hole));
        rest = after;
    }
    if !rest.is_empty() || pieces.is_empty() {
        pieces.push(Piece::Fixed(rest.to_owned()));
    }
    pieces
}

fn value(form: &Form) -> Option<Value> {
    match form {
        Form::Flow(written) => serde_json::from_str(written).ok(),
        Form::Word(word) => Some(Value::String(word.clone())),
        Form::Block { text, .. } => Some(Value::String(text.clone())),
        Form::Comment(_) => None,
    }
}

fn key_of(form: &Form) -> Option<String> {
    match value(form)? {
        Value::String(key) => Some(key),
        _ => None,
    }
}

/// Only words and whole numbers can be part of a text that stays what it is, and only of one that is surely text.
fn joined(pieces: &[Piece], values: &[Form]) -> Option<String> {
    let mut text = String::new();
    let mut surely_text = false;
    for piece in pieces {
        match piece {
            Piece::Fixed(fixed) => {
                surely_text |= fixed.contains(|c: char| {
                    c.is_ascii_alphabetic() && !"abcdefox".contains(c.to_ascii_lowercase())
                });
                text.push_str(fixed);
            }
            Piece::Hole(hole) => text.push_str(match values.get(*hole)? {
                Form::Word(word) => word,
                Form::Flow(digits) if digits.bytes().all(|byte| byte.is_ascii_digit()) => digits,
                _ => return None,
            }),
        }
    }
    surely_text.then_some(text)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn word(text: &str) -> Form {
        Form::Word(text.to_owned())
    }

    fn flow(value: &Value) -> Form {
        Form::Flow(value.to_string())
    }

    #[test]
    fn a_tree_takes_other_values_in_the_same_places() {
        let around =
            "\u{1}Group: { Size: \u{1}, Fixed: [1, { a: b }] }\nAll: [\u{1}, !Ref \u{1}Group]\n# \u{1}\n";
        let shape = Shape::of(around).unwrap();
        for (name, size, list) in
            [("Blue", json!(2), json!(["a: b", 0.5])), ("Green", json!("2"), json!(null))]
        {
            let values = [word(name), flow(&size), flow(&list), word(name), Form::Comment("x".to_owned())];
            let (key, reference) = (format!("{name}Group"), json!({ "Ref": format!("{name}Group") }));
            let expected =
                json!({ key: { "Size": size, "Fixed": [1, { "a": "b" }] }, "All": [list, reference] });
            assert_eq!(shape.fill(&values), Some(expected));
        }
    }

    #[test]
    fn what_only_the_whole_text_can_tell_is_left_to_it() {
        let told = |around: &str, values: &[Form]| Shape::of(around).and_then(|shape| shape.fill(values));
        let cases = [
            ("a number, not a text", "a: \u{1}0", vec![flow(&json!(1))]),
            ("quotes inside a text", "a: the \u{1}", vec![flow(&json!("x"))]),
            ("a key twice", "\u{1}: 1\nBlue: 2", vec![word("Blue")]),
            ("a key that is no text", "\u{1}: 1", vec![flow(&json!(1))]),
            ("not YAML", "a: [\u{1}", vec![word("Blue")]),
        ];
        for (why, around, values) in cases {
            assert_eq!(told(around, &values), None, "{why}");
        }
        assert_eq!(told("a: the \u{1}", &[flow(&json!(12))]), Some(json!({ "a": "the 12" })));
    }

    #[test]
    fn a_shape_is_made_when_its_text_comes_again_and_only_if_it_reads_the_same() {
        let around = "Resources: { Test\u{1}: { Type: A::B, Properties: { Size: \u{1} } } }";
        let seen = |size: &str| {
            let values = [word("One"), Form::Flow(size.to_owned())];
            let text = around.replacen(HOLE, "One", 1).replacen(HOLE, size, 1);
            known(around, &values, &text).is_some()
        };
        assert_eq!([seen("1"), seen("2"), seen("3")], [false, true, true]);
        // a default keeps its digits, which a tree does not have
        let around =
            "Parameters: { P: { Type: String, Default: 1.10 } }\nResources: { \u{1}: { Type: A::B } }";
        let text = around.replacen(HOLE, "Two", 1);
        assert_eq!([0; 3].map(|_| known(around, &[word("Two")], &text).is_some()), [false; 3]);
    }
}
