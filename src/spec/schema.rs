//! The JSON Schema of the spec, made from its types.

use schemars::Schema;
use schemars::generate::SchemaSettings;
use schemars::transform::RecursiveTransform;
use serde_json::{Map, Value, json};

use super::Environment;

/// Where the schema of a whole environment is published.
pub const ID: &str = "https://asagi.example/schemas/environment.schema.json";
/// Where the schema of a part (a file that others extend) is published.
pub const PART_ID: &str = "https://asagi.example/schemas/environment-part.schema.json";

/// The schema of a whole environment, overlays merged.
pub fn environment() -> Value {
    let settings = SchemaSettings::draft2020_12().for_deserialize();
    let schema = settings
        .with_transform(RecursiveTransform(tidy))
        .into_generator()
        .into_root_schema_for::<Environment>();
    with_head(schema.to_value(), ID, "asagi environment")
}

/// The schema of one file: as [`environment`], but nothing has to be there, since another file may say it.
pub fn part() -> Value {
    let mut schema = environment();
    forget_required(&mut schema);
    with_head(schema, PART_ID, "part of an asagi environment")
}

fn with_head(schema: Value, id: &str, title: &str) -> Value {
    let mut head = Map::new();
    head.insert("$schema".into(), json!("https://json-schema.org/draft/2020-12/schema"));
    head.insert("$id".into(), json!(id));
    head.insert("title".into(), json!(title));
    if let Value::Object(rest) = schema {
        for (key, value) in rest {
            head.entry(key).or_insert(value);
        }
    }
    Value::Object(head)
}

/// In a merged document nothing is null: `null` removed its key. So an optional key is just not required. Widths of
/// Rust's integers mean nothing to who writes YAML.
fn tidy(schema: &mut Schema) {
    if let Some(Value::Array(options)) = schema.get("anyOf")
        && let [only, Value::Object(null)] = options.as_slice()
        && null.get("type").is_some_and(|kind| kind == "null")
        && let Value::Object(only) = only.clone()
    {
        schema.remove("anyOf");
        for (key, value) in only {
            if schema.get(&key).is_none() {
                schema.insert(key, value);
            }
        }
    }
    if let Some(Value::Array(options)) = schema.get_mut("anyOf") {
        options.retain(|option| option.get("type").is_none_or(|kind| kind != "null"));
    }
    if let Some(Value::Array(kinds)) = schema.get_mut("type") {
        kinds.retain(|kind| kind != "null");
        if let [only] = kinds.as_slice() {
            let only = only.clone();
            schema.insert("type".into(), only);
        }
    }
    if let Some(Value::Array(options)) = schema.get_mut("enum") {
        options.retain(|option| !option.is_null());
    }
    if schema.get("examples").is_some_and(|examples| examples.as_array().is_some_and(Vec::is_empty)) {
        schema.remove("examples");
    }
    if let Some(names) = schema.get("oneOf").and_then(as_names) {
        schema.remove("oneOf");
        schema.insert("type".into(), json!("string"));
        schema.insert("enum".into(), names.iter().map(|(name, _)| json!(name)).collect());
        // Editors show these beside the choice.
        schema.insert("enumDescriptions".into(), names.iter().map(|(_, words)| json!(words)).collect());
    }
    schema.remove("format");
    schema.remove("default");
}

/// A choice of constants, with their descriptions.
fn as_names(options: &Value) -> Option<Vec<(String, String)>> {
    let words = |option: &Value, key: &str| option.get(key).and_then(Value::as_str).map(str::to_owned);
    let names = options.as_array()?.iter();
    names
        .map(|option| Some((words(option, "const")?, words(option, "description").unwrap_or_default())))
        .collect()
}

fn forget_required(schema: &mut Value) {
    match schema {
        Value::Object(map) => {
            if map.get("required").is_some_and(Value::is_array) {
                map.shift_remove("required");
            }
            map.values_mut().for_each(forget_required);
        }
        Value::Array(items) => items.iter_mut().for_each(forget_required),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Compares a committed file with what the code makes, or writes it when `ASAGI_UPDATE` is set.
    #[expect(clippy::disallowed_methods, reason = "freshness tests read and write the repository")]
    fn fresh(path: &str, schema: &Value) {
        let wanted = serde_json::to_string_pretty(schema).unwrap() + "\n";
        let full = format!("{}/{path}", env!("CARGO_MANIFEST_DIR"));
        if std::env::var("ASAGI_UPDATE").is_ok_and(|value| value == "1") {
            return std::fs::write(full, wanted).unwrap();
        }
        let found = std::fs::read_to_string(full).unwrap_or_default();
        if found != wanted {
            let diff = similar::TextDiff::from_lines(found.as_str(), wanted.as_str());
            let diff = diff.unified_diff().header(path, "made from src/spec").to_string();
            panic!("{path} is stale\n\n{diff}\nmend it by `ASAGI_UPDATE=1 cargo test --lib spec::schema`");
        }
    }

    #[test]
    fn the_committed_schemas_are_fresh() {
        fresh("schemas/environment.schema.json", &environment());
        fresh("schemas/environment-part.schema.json", &part());
    }

    #[test]
    fn every_key_is_described() {
        fn walk(at: &str, schema: &Value, silent: &mut Vec<String>) {
            for (key, property) in schema.get("properties").and_then(Value::as_object).into_iter().flatten() {
                if property.get("description").is_none() {
                    silent.push(format!("{at}.{key}"));
                }
            }
            for (name, definition) in schema.get("$defs").and_then(Value::as_object).into_iter().flatten() {
                walk(name, definition, silent);
            }
        }
        let mut silent = Vec::new();
        walk("Environment", &environment(), &mut silent);
        assert!(silent.is_empty(), "without a description: {silent:?}");
    }

    #[test]
    fn the_schema_is_one_that_validators_take() {
        jsonschema::validator_for(&environment()).unwrap();
        jsonschema::validator_for(&part()).unwrap();
    }
}
