//! Loops (`Fn::ForEach::…`) as what they make.
//! <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-foreach.html>

use indexmap::IndexMap;
use serde_json::{Map, Value};

use super::parse::{FOR_EACH, output_of, resource_of};
use super::{Output, Resource, Template};

/// A loop that makes more entries than this stays as it is: a template may have 500 resources and 200 outputs.
const MOST: usize = 2_000;

/// What there is to unroll loops with.
pub(in crate::cfn) trait Items {
    /// What a collection holds; `None` when that is unknown.
    fn items(&self, collection: &Value) -> Option<Vec<String>>;

    /// Whether so many values with so much text may still be made; they count as made.
    fn has(&self, count: usize, text: usize) -> bool;
}

impl Template {
    /// Whether there is a loop among the resources, conditions or outputs.
    pub fn has_loops(&self) -> bool {
        let names = self.resources.keys().chain(self.conditions.keys()).chain(self.outputs.keys());
        names.into_iter().any(|name| name.starts_with(FOR_EACH))
    }

    /// This template with its loops unrolled. One whose collection is unknown, or that makes no sense, stays as it is.
    #[must_use]
    pub(in crate::cfn) fn unrolled(&self, items: &dyn Items) -> Self {
        let as_value = |value: &Value| Some(value.clone());
        let resource_body = |resource: &Resource| resource.properties.values().next().cloned();
        let output_body =
            |output: &Output| output.value.as_object().and_then(|it| it.values().next()).cloned();
        Self {
            conditions: section(&self.conditions, items, as_value, |_, value| Some(value.clone())),
            resources: section(&self.resources, items, resource_body, resource_of),
            outputs: section(&self.outputs, items, output_body, output_of),
            ..self.clone()
        }
    }
}

/// The entries of a section; `body` is what an unread loop holds, `read` makes an entry of what came out of one.
fn section<T: Clone>(
    entries: &IndexMap<String, T>,
    items: &dyn Items,
    body: impl Fn(&T) -> Option<Value>,
    read: impl Fn(&str, &Value) -> Option<T>,
) -> IndexMap<String, T> {
    let mut found = IndexMap::new();
    for (name, entry) in entries {
        let unrolled = name.starts_with(FOR_EACH).then(|| unroll(&body(entry)?, items)).flatten();
        let made = unrolled.and_then(|made| {
            let read = made.iter().map(|(name, value)| Some((name.clone(), read(name, value)?)));
            read.collect::<Option<Vec<_>>>()
        });
        match made {
            Some(made) => found.extend(made),
            None => _ = found.insert(name.clone(), entry.clone()),
        }
    }
    found
}

/// The entries that a loop makes: identifier, collection, and what to repeat. `None` when the collection is unknown or
/// the loop is none.
pub(in crate::cfn) fn unroll(argument: &Value, items: &dyn Items) -> Option<Map<String, Value>> {
    let (mut made, mut left) = (Map::new(), MOST);
    repeat(argument, items, &mut made, &mut left)?;
    Some(made)
}

fn repeat(
    argument: &Value,
    items: &dyn Items,
    made: &mut Map<String, Value>,
    left: &mut usize,
) -> Option<()> {
    let [Value::String(identifier), collection, Value::Object(body)] = argument.as_array()?.as_slice() else {
        return None;
    };
    for item in items.items(collection)? {
        let item = Item::new(identifier, &item);
        for (key, value) in body {
            *left = left.checked_sub(1)?;
            let Cost { count, text } = item.cost(key, value);
            if !items.has(count, text) {
                return None;
            }
            let (key, value) = (item.fill(key), item.fill_value(value));
            if key.starts_with(FOR_EACH) {
                repeat(&value, items, made, left)?;
            } else {
                made.insert(key, value);
            }
        }
    }
    Some(())
}

/// One round of a loop.
struct Item<'a> {
    identifier: &'a str,
    /// `${Name}` in the text of the loop, which is the item.
    whole: String,
    item: &'a str,
    /// `&{Name}`, which is the item's letters and digits.
    letters: String,
    plain: String,
}

/// What filling a part of a loop makes.
#[derive(Default)]
struct Cost {
    count: usize,
    text: usize,
}

impl<'a> Item<'a> {
    fn new(identifier: &'a str, item: &'a str) -> Self {
        let plain = item.chars().filter(char::is_ascii_alphanumeric).collect();
        let (whole, letters) = (format!("${{{identifier}}}"), format!("&{{{identifier}}}"));
        Self { identifier, whole, item, letters, plain }
    }

    fn is_reference(&self, map: &Map<String, Value>) -> bool {
        map.len() == 1 && map.get("Ref").is_some_and(|name| name == self.identifier)
    }

    fn cost(&self, key: &str, value: &Value) -> Cost {
        let mut cost = Cost::default();
        self.count_text(key, &mut cost);
        self.count(value, &mut cost);
        cost
    }

    fn count(&self, value: &Value, cost: &mut Cost) {
        cost.count += 1;
        match value {
            Value::String(text) => self.count_text(text, cost),
            Value::Array(items) => items.iter().for_each(|inner| self.count(inner, cost)),
            Value::Object(map) if self.is_reference(map) => cost.text += self.item.len(),
            Value::Object(map) => {
                for (key, inner) in map {
                    self.count_text(key, cost);
                    self.count(inner, cost);
                }
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }

    fn count_text(&self, text: &str, cost: &mut Cost) {
        let times = text.matches(&self.whole).count() + text.matches(&self.letters).count();
        cost.text += text.len() + times.saturating_mul(self.item.len());
    }

    fn fill(&self, text: &str) -> String {
        // an item is taken as it is: what looks like a name in it is none
        let parts: Vec<String> =
            text.split(&self.whole).map(|part| part.replace(&self.letters, &self.plain)).collect();
        parts.join(self.item)
    }

    fn fill_value(&self, value: &Value) -> Value {
        match value {
            Value::String(text) => Value::String(self.fill(text)),
            Value::Array(items) => items.iter().map(|inner| self.fill_value(inner)).collect(),
            Value::Object(map) if self.is_reference(map) => Value::String(self.item.to_owned()),
            Value::Object(map) => {
                map.iter().map(|(key, inner)| (self.fill(key), self.fill_value(inner))).collect()
            }
            literal => literal.clone(),
        }
    }
}
