//! Loops (`Fn::ForEach::…`) as what they make.
//! <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-foreach.html>

use indexmap::IndexMap;
use serde_json::{Map, Value};

use super::parse::{FOR_EACH, output_of, resource_of};
use super::{Output, Resource, Template};

/// A loop that makes more entries than this stays as it is: a template may have 500 resources and 200 outputs.
const MOST: usize = 2_000;

/// What a collection holds; `None` when that is unknown.
pub(in crate::cfn) type Items<'a> = &'a dyn Fn(&Value) -> Option<Vec<String>>;

impl Template {
    /// Whether there is a loop among the resources, conditions or outputs.
    pub fn has_loops(&self) -> bool {
        let names = self.resources.keys().chain(self.conditions.keys()).chain(self.outputs.keys());
        names.into_iter().any(|name| name.starts_with(FOR_EACH))
    }

    /// This template with its loops unrolled. One whose collection is unknown, or that makes no sense, stays as it is.
    #[must_use]
    pub(in crate::cfn) fn unrolled(&self, items: Items<'_>) -> Self {
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
    items: Items<'_>,
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
pub(in crate::cfn) fn unroll(argument: &Value, items: Items<'_>) -> Option<Map<String, Value>> {
    let (mut made, mut left) = (Map::new(), MOST);
    repeat(argument, items, &mut made, &mut left)?;
    Some(made)
}

fn repeat(argument: &Value, items: Items<'_>, made: &mut Map<String, Value>, left: &mut usize) -> Option<()> {
    let [Value::String(identifier), collection, Value::Object(body)] = argument.as_array()?.as_slice() else {
        return None;
    };
    for item in items(collection)? {
        for (key, value) in body {
            *left = left.checked_sub(1)?;
            let (key, value) = (fill(key, identifier, &item), fill_value(value, identifier, &item));
            if key.starts_with(FOR_EACH) {
                repeat(&value, items, made, left)?;
            } else {
                made.insert(key, value);
            }
        }
    }
    Some(())
}

/// `${Name}` is the item, `&{Name}` its letters and digits.
fn fill(text: &str, identifier: &str, item: &str) -> String {
    let plain = || item.chars().filter(char::is_ascii_alphanumeric).collect::<String>();
    let filled = text.replace(&format!("${{{identifier}}}"), item);
    let alphanumeric = format!("&{{{identifier}}}");
    if filled.contains(&alphanumeric) { filled.replace(&alphanumeric, &plain()) } else { filled }
}

fn fill_value(value: &Value, identifier: &str, item: &str) -> Value {
    match value {
        Value::String(text) => Value::String(fill(text, identifier, item)),
        Value::Array(items) => items.iter().map(|inner| fill_value(inner, identifier, item)).collect(),
        Value::Object(map) if map.len() == 1 && map.get("Ref").is_some_and(|name| name == identifier) => {
            Value::String(item.to_owned())
        }
        Value::Object(map) => {
            let entries = map.iter();
            entries
                .map(|(key, inner)| (fill(key, identifier, item), fill_value(inner, identifier, item)))
                .collect()
        }
        literal => literal.clone(),
    }
}
