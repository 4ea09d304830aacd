//! Every key of a spec, one after the other, as the schema has them.

use serde_json::Value;

/// A key that a spec may have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    /// Where it stands: `roles.NAME.instances.capacity.min`; names that the spec gives are in capitals, `[]` is an item of
    /// a list.
    pub path: String,
    /// What it takes, in words: `integer, 1 to 65535`.
    pub takes: String,
    /// Whether it has to be there where the mapping around it is.
    pub required: bool,
    /// What it says, and what holds when nothing does.
    pub description: String,
    /// The words it may be, each with what it means.
    pub choices: Vec<(String, String)>,
    /// How it may look.
    pub example: Option<String>,
}

/// All of them, in the order of the schema.
pub fn keys() -> Vec<Key> {
    let schema = super::schema::environment();
    let mut walk = Walk { schema: &schema, found: Vec::new() };
    walk.mapping(&schema, "", 0);
    walk.found
}

/// A spec is not nested deeper; what refers to itself ends here.
const DEEPEST: usize = 12;

struct Walk<'a> {
    schema: &'a Value,
    found: Vec<Key>,
}

impl<'a> Walk<'a> {
    /// The keys of a mapping: those it names, or those that the spec names.
    fn mapping(&mut self, node: &'a Value, at: &str, depth: usize) {
        if depth > DEEPEST {
            return;
        }
        let joined = |key: &str| if at.is_empty() { key.to_owned() } else { format!("{at}.{key}") };
        for (key, value) in node["properties"].as_object().into_iter().flatten() {
            let required = node["required"].as_array().is_some_and(|all| all.iter().any(|one| one == key));
            self.key(value, joined(key), required, depth);
        }
        let any = &node["additionalProperties"];
        if any.is_object() {
            self.below(any, &joined("NAME"), depth);
        }
    }

    fn key(&mut self, value: &'a Value, path: String, required: bool, depth: usize) {
        let variants = variants(self.schema, value);
        let takes: Vec<String> = variants.iter().map(|variant| form(self.schema, variant)).collect();
        let choices = variants.iter().flat_map(|variant| choices(variant)).collect();
        let example = variants.iter().find_map(|variant| {
            let example = variant["examples"].get(0)?;
            Some(example.as_str().map_or_else(|| example.to_string(), str::to_owned))
        });
        self.found.push(Key {
            path: path.clone(),
            takes: distinct(takes).join(", or "),
            required,
            description: value["description"].as_str().unwrap_or_default().replace('\n', " "),
            choices,
            example,
        });
        self.below(value, &path, depth);
    }

    /// What stands below a value that may be a mapping or a list of some.
    fn below(&mut self, value: &'a Value, path: &str, depth: usize) {
        for variant in variants(self.schema, value) {
            self.mapping(variant, path, depth + 1);
            if variant["items"].is_object() {
                self.below(&variant["items"], &format!("{path}[]"), depth + 1);
            }
        }
    }
}

/// What a value may be: itself, what it refers to, or each of several.
fn variants<'v>(schema: &'v Value, value: &'v Value) -> Vec<&'v Value> {
    if let Some(name) = value["$ref"].as_str().and_then(|path| path.strip_prefix("#/$defs/")) {
        return vec![&schema["$defs"][name]];
    }
    match value["anyOf"].as_array() {
        Some(all) => {
            let each = all.iter().flat_map(|one| variants(schema, one));
            each.filter(|one| one["type"] != "null").collect()
        }
        None => vec![value],
    }
}

/// What it takes, in words.
fn form(schema: &Value, value: &Value) -> String {
    let between = match (value["minimum"].as_f64(), value["maximum"].as_f64()) {
        (Some(least), Some(most)) => format!(", {least} to {most}"),
        (Some(least), None) => format!(", at least {least}"),
        (None, Some(most)) => format!(", at most {most}"),
        (None, None) => String::new(),
    };
    match kind(value) {
        "string" if value["enum"].is_array() => "one of these words".to_owned(),
        "string" => "text".to_owned(),
        "boolean" => "true or false".to_owned(),
        "array" => {
            let each = variants(schema, &value["items"]).into_iter().map(|item| match form(schema, item) {
                word if word.starts_with("one of") => "words".to_owned(),
                form => form,
            });
            format!("list of {}", distinct(each).join(" or "))
        }
        "object" => "mapping".to_owned(),
        number => format!("{number}{between}"),
    }
}

/// The type, where `null` is none.
fn kind(value: &Value) -> &str {
    match &value["type"] {
        Value::Array(kinds) => kinds.iter().filter_map(Value::as_str).find(|kind| *kind != "null"),
        kind => kind.as_str(),
    }
    .unwrap_or("any value")
}

/// The words that a value may be, each with what it means.
fn choices(value: &Value) -> Vec<(String, String)> {
    let words = |list: &Value| -> Vec<String> {
        list.as_array()
            .into_iter()
            .flatten()
            .map(|word| word.as_str().unwrap_or_default().to_owned())
            .collect()
    };
    let meanings = words(&value["enumDescriptions"]).into_iter().chain(std::iter::repeat(String::new()));
    words(&value["enum"]).into_iter().zip(meanings).collect()
}

fn distinct(all: impl IntoIterator<Item = String>) -> Vec<String> {
    let mut kept = Vec::new();
    for one in all {
        if !kept.contains(&one) {
            kept.push(one);
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_say_where_they_stand_and_what_they_take() {
        let keys = keys();
        let shown: Vec<String> = keys
            .iter()
            .filter(|key| {
                [
                    "account",
                    "retention",
                    "roles.NAME.rollout",
                    "roles.NAME.targetGroup.port",
                    "roles.NAME.routes[].paths",
                ]
                .contains(&key.path.as_str())
            })
            .map(|key| {
                let needed = if key.required { ", required" } else { "" };
                let words: Vec<&str> = key.choices.iter().map(|(word, _)| word.as_str()).collect();
                let example =
                    key.example.as_deref().map(|example| format!(", such as {example}")).unwrap_or_default();
                format!("{}: {}{needed}; {words:?}{example}", key.path, key.takes)
            })
            .collect();
        insta::assert_snapshot!(shown.join("\n"), @r#"
        account: text, required; [], such as 123456789012
        retention: one of these words; ["retain", "delete"]
        roles.NAME.targetGroup.port: integer, 1 to 65535, required; []
        roles.NAME.routes[].paths: list of text; []
        roles.NAME.rollout: text, or mapping; []
        "#);
    }

    #[test]
    fn every_key_is_there_once_and_described() {
        let keys = keys();
        assert!(keys.len() > 150, "{}", keys.len());
        for (index, key) in keys.iter().enumerate() {
            assert!(!key.description.is_empty(), "`{}` is not described", key.path);
            assert!(
                !key.takes.is_empty() && !key.takes.contains("any value"),
                "`{}` takes {}",
                key.path,
                key.takes
            );
            assert!(keys.iter().take(index).all(|before| before.path != key.path), "`{}` twice", key.path);
        }
    }
}
