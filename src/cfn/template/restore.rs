//! What was lost in a template that was read back, as far as the desired one tells it.

use std::collections::BTreeMap;
use std::mem;

use serde_json::{Map, Value};

use super::Template;

/// Stands for a question mark that may be a lost character while the text is read: a question mark of its own would be read
/// as the beginning of a key here and there. A private-use character, which no text in ASCII holds.
const HOLE: char = '\u{e000}';

/// A text that was read back, to be read as YAML.
pub(super) fn with_holes(text: &str) -> String {
    text.replace('?', HOLE.encode_utf8(&mut [0; 4]))
}

/// A text as it comes back.
fn holed(text: &str) -> String {
    text.chars().map(|c| if c.is_ascii() && c != '?' { c } else { HOLE }).collect()
}

/// Texts of the desired template that are not ASCII, by what is given back of them.
pub(super) struct Lost {
    desired: Value,
    /// `None` where two come back as the same.
    texts: BTreeMap<String, Option<String>>,
}

impl Lost {
    /// `None` when nothing can have been lost that the desired template knows.
    pub(super) fn of(desired: &Template) -> Option<Self> {
        let mut texts = BTreeMap::new();
        let desired = desired.to_value();
        collect(&desired, &mut texts);
        (!texts.is_empty()).then_some(Self { desired, texts })
    }

    /// Puts back what stands in the same place of the desired template, or anywhere in it where that is certain.
    pub(super) fn restore(&self, value: &mut Value) {
        self.put_back(value, Some(&self.desired));
    }

    fn put_back(&self, value: &mut Value, desired: Option<&Value>) {
        match value {
            Value::String(text) if text.contains(HOLE) => {
                *text = self.filled(text, desired.and_then(Value::as_str));
            }
            Value::Array(items) => {
                for (index, item) in items.iter_mut().enumerate() {
                    self.put_back(item, desired.and_then(|desired| desired.get(index)));
                }
            }
            Value::Object(map) => {
                let entries: Map<String, Value> = mem::take(map);
                for (mut key, mut value) in entries {
                    if key.contains(HOLE) {
                        key = self.filled(&key, None);
                    }
                    self.put_back(&mut value, desired.and_then(|desired| desired.get(&key)));
                    map.insert(key, value);
                }
            }
            _ => {}
        }
    }

    fn filled(&self, text: &str, here: Option<&str>) -> String {
        let here = here.filter(|here| holed(here) == text);
        let known = here.or_else(|| self.texts.get(text)?.as_deref());
        known.map_or_else(|| text.replace(HOLE, "?"), str::to_owned)
    }
}

/// Every text that is not ASCII, keys among them.
fn collect(value: &Value, texts: &mut BTreeMap<String, Option<String>>) {
    let mut add = |text: &str| {
        if !text.is_ascii() {
            let of = texts.entry(holed(text)).or_insert_with(|| Some(text.to_owned()));
            if of.as_deref() != Some(text) {
                *of = None;
            }
        }
    };
    match value {
        Value::String(text) => add(text),
        Value::Array(items) => items.iter().for_each(|item| collect(item, texts)),
        Value::Object(map) => {
            map.keys().for_each(|key| add(key));
            map.values().for_each(|value| collect(value, texts));
        }
        _ => {}
    }
}
