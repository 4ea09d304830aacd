//! Patterns of the schemas, which are those of JavaScript; each is read once.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use jsonschema::Validator;
use serde_json::{Map, Value, json};

/// Whether a text is as the pattern says. A pattern that cannot be read says nothing.
pub(super) fn matches(pattern: &str, text: &str) -> bool {
    validator(pattern).is_none_or(|validator| validator.is_valid(&Value::String(text.to_owned())))
}

/// The schema that a mapping has for keys such as this one.
pub(super) fn property<'a>(rules: &'a Map<String, Value>, key: &str) -> Option<&'a Value> {
    let patterns = rules.get("patternProperties").and_then(Value::as_object)?;
    patterns.iter().find(|(pattern, _)| matches(pattern, key)).map(|(_, schema)| schema)
}

/// `None` for one that cannot be read.
fn validator(pattern: &str) -> Option<Arc<Validator>> {
    static READ: OnceLock<Mutex<BTreeMap<String, Option<Arc<Validator>>>>> = OnceLock::new();
    let read = || READ.get_or_init(Mutex::default).lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(known) = read().get(pattern) {
        return known.clone();
    }
    // some are written for other readers, which have two more words for the ends of a text
    let plain = pattern.replace("\\A", "^").replace("\\Z", "$");
    let made = jsonschema::draft7::new(&json!({ "pattern": plain })).ok().map(Arc::new);
    read().insert(pattern.to_owned(), made.clone());
    made
}
