//! A resource's evaluated properties, held against the provider schema of its type.
//!
//! By hand rather than by a JSON Schema validator: a value may be unknown, and then it holds wherever it stands, and
//! CloudFormation takes text where a number or a boolean is meant, and the other way round.

mod choice;
mod fault;
mod keys;
mod limits;
mod pattern;
#[cfg(test)]
mod tests;
mod types;

pub use fault::{Fault, Wrong};

use indexmap::IndexMap;
use serde_json::{Map, Value};

use super::{ResourceType, resolved};
use crate::cfn::Effective;

/// Schemas that nest without end are read so deep.
const DEEPEST: usize = 40;

impl ResourceType {
    /// What its schema refuses of these properties, in the order of the schema's own rules.
    pub fn judge(&self, properties: &IndexMap<String, Effective>) -> Vec<Fault> {
        let mut judge = Judge { schema: self.schema(), path: Vec::new(), depth: 0, faults: Vec::new() };
        judge.object(self.schema(), properties);
        judge.read_only(self, properties);
        judge.faults
    }
}

struct Judge<'a> {
    schema: &'a Value,
    /// Where the value stands that is looked at.
    path: Vec<String>,
    depth: usize,
    faults: Vec<Fault>,
}

impl<'a> Judge<'a> {
    /// Everything that a node of the schema says of a value.
    fn node(&mut self, node: &'a Value, value: &Effective) {
        if matches!(value, Effective::Unknown(_) | Effective::Null) || self.depth > DEEPEST {
            return;
        }
        self.depth += 1;
        let node = resolved(self.schema, node);
        if let Some(map) = node.as_object()
            && self.has_type(map, value)
        {
            match value {
                Effective::Map(properties) => self.object(node, properties),
                Effective::List(items) => self.list(map, items),
                scalar => self.scalar(map, scalar),
            }
            if !matches!(value, Effective::Map(_)) {
                self.choices(map, value);
            }
        }
        self.depth -= 1;
    }

    fn below(&mut self, step: impl Into<String>, node: &'a Value, value: &Effective) {
        self.path.push(step.into());
        self.node(node, value);
        self.path.pop();
    }

    /// What a node says of a mapping.
    fn object(&mut self, node: &'a Value, properties: &IndexMap<String, Effective>) {
        let Some(rules) = node.as_object() else { return };
        self.keys(rules, properties);
        self.required(rules, properties);
        for (key, value) in properties {
            if let Some(inner) = rules.get("properties").and_then(|known| known.get(key)) {
                self.below(key, inner, value);
            } else if let Some(inner) = pattern::property(rules, key).or_else(|| additional(rules)) {
                self.below(key, inner, value);
            }
        }
        if ["oneOf", "anyOf", "allOf", "if", "not"].iter().any(|word| rules.contains_key(*word)) {
            self.choices(rules, &Effective::Map(properties.clone()));
        }
    }

    fn list(&mut self, rules: &'a Map<String, Value>, items: &[Effective]) {
        self.count(rules, items);
        let first = rules.get("prefixItems").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        let rest = rules.get("items").filter(|items| items.is_object());
        for (index, item) in items.iter().enumerate() {
            if let Some(inner) = first.get(index).or(rest) {
                self.below(index.to_string(), inner, item);
            }
        }
    }

    fn tell(&mut self, wrong: Wrong) {
        self.faults.push(Fault { path: self.path.clone(), wrong });
    }

    /// The faults that this node finds in a value, aside.
    fn aside(&mut self, node: &'a Value, value: &Effective) -> Vec<Fault> {
        let told = std::mem::take(&mut self.faults);
        self.node(node, value);
        std::mem::replace(&mut self.faults, told)
    }
}

/// The schema of what has no name in it.
fn additional(rules: &Map<String, Value>) -> Option<&Value> {
    rules.get("additionalProperties").filter(|inner| inner.is_object())
}
