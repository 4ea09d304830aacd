//! Which keys a mapping may have and must have.

use indexmap::IndexMap;
use serde_json::{Map, Value};

use super::{Judge, ResourceType, Wrong, pattern};
use crate::cfn::Effective;

type Properties = IndexMap<String, Effective>;

impl<'a> Judge<'a> {
    /// Keys that the schema does not have, where it closes the mapping.
    pub(super) fn keys(&mut self, rules: &'a Map<String, Value>, properties: &Properties) {
        if rules.get("additionalProperties") != Some(&Value::Bool(false)) {
            return;
        }
        let known = rules.get("properties").and_then(Value::as_object);
        let has = |key: &str| known.is_some_and(|known| known.contains_key(key));
        for key in properties.keys().filter(|key| !has(key) && !is_function(key)) {
            if pattern::property(rules, key).is_none() {
                self.path.push(key.clone());
                self.tell(Wrong::Unknown(known.into_iter().flat_map(Map::keys).cloned().collect()));
                self.path.pop();
            }
        }
    }

    /// Keys that must stand there, alone or with others.
    pub(super) fn required(&mut self, rules: &'a Map<String, Value>, properties: &Properties) {
        if properties.keys().any(|key| is_function(key)) {
            return;
        }
        let has = |key: &str| properties.contains_key(key);
        for key in texts(rules.get("required")).filter(|key| !has(key)) {
            self.tell(Wrong::Missing(key.to_owned()));
        }
        let either = texts(rules.get("requiredXor")).filter(|key| has(key)).collect::<Vec<_>>();
        if let [first, second, ..] = either.as_slice() {
            self.tell(Wrong::Both((*first).to_owned(), (*second).to_owned()));
        }
        for word in ["requiredXor", "requiredOr"] {
            let keys: Vec<String> = texts(rules.get(word)).map(str::to_owned).collect();
            if !keys.is_empty() && !keys.iter().any(|key| has(key)) {
                self.tell(Wrong::MissingOne(keys));
            }
        }
        for word in ["dependentRequired", "dependencies"] {
            for (key, others) in present(rules.get(word), properties) {
                for other in texts(Some(others)).filter(|other| !has(other)) {
                    self.tell(Wrong::Needs(key.clone(), other.to_owned()));
                }
            }
        }
        for (key, others) in present(rules.get("dependentExcluded"), properties) {
            if let Some(other) = texts(Some(others)).find(|other| has(other)) {
                let told =
                    self.faults.iter().any(|it| it.wrong == Wrong::Both(other.to_owned(), key.clone()));
                if !told {
                    self.tell(Wrong::Both(key.clone(), other.to_owned()));
                }
            }
        }
    }

    /// Properties that only the service gives.
    pub(super) fn read_only(&mut self, known: &ResourceType, properties: &Properties) {
        // what is made with the resource can be written, whatever else the schema says of it
        let written = known.paths("createOnlyProperties");
        for path in known.paths("readOnlyProperties").into_iter().filter(|path| !written.contains(path)) {
            let steps: Vec<&str> = path.split('/').collect();
            let Some((first, inside)) = steps.split_first() else { continue };
            if let Some(value) = properties.get(*first)
                && has(value, inside)
            {
                self.path.extend(steps.iter().map(|step| (*step).to_owned()));
                self.tell(Wrong::ReadOnly);
                self.path.clear();
            }
        }
    }
}

/// Whether something stands at the path; items of lists are left to the service.
fn has(value: &Effective, path: &[&str]) -> bool {
    match (path.split_first(), value) {
        (None, Effective::Null) => false,
        (None, _) => true,
        (Some((key, rest)), Effective::Map(map)) => map.get(*key).is_some_and(|inner| has(inner, rest)),
        _ => false,
    }
}

/// A function or a loop that nothing is known of.
fn is_function(key: &str) -> bool {
    key.starts_with("Fn::")
}

fn texts(list: Option<&Value>) -> impl Iterator<Item = &str> {
    list.and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str)
}

/// The entries of a rule by key whose keys stand there.
fn present<'a>(
    rule: Option<&'a Value>,
    properties: &'a Properties,
) -> impl Iterator<Item = (&'a String, &'a Value)> {
    let entries = rule.and_then(Value::as_object).into_iter().flatten();
    entries.filter(|(key, _)| properties.contains_key(*key))
}
