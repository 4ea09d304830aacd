//! From [`Template`] back to text.

use serde_json::{Map, Value, json};

use super::{Output, ParameterDeclaration, Resource, Template};

impl Template {
    /// The template as YAML with long forms, sections and keys in a fixed order; as JSON, which is YAML too, should it
    /// hold something that cannot be written.
    pub fn to_text(&self) -> String {
        let value = self.to_value();
        serde_yaml::to_string(&value).unwrap_or_else(|_| format!("{value:#}\n"))
    }

    /// The template as a JSON value, as [`Template::parse`] reads it.
    pub fn to_value(&self) -> Value {
        let mut root = Map::new();
        root.insert("AWSTemplateFormatVersion".to_owned(), json!("2010-09-09"));
        put(&mut root, "Description", self.description.as_ref().map(|text| json!(text)));
        put(&mut root, "Transform", self.transform.clone());
        put(&mut root, "Metadata", some(&self.metadata));
        put(&mut root, "Parameters", entries(&self.parameters, |_, it| parameter(it)));
        put(&mut root, "Mappings", (!self.mappings.is_empty()).then(|| Value::Object(self.mappings.clone())));
        put(&mut root, "Conditions", entries(&self.conditions, |_, it| it.clone()));
        put(&mut root, "Rules", some(&self.rules));
        put(&mut root, "Hooks", some(&self.hooks));
        put(&mut root, "Resources", entries(&self.resources, resource));
        put(&mut root, "Outputs", entries(&self.outputs, output));
        Value::Object(root)
    }
}

fn put(map: &mut Map<String, Value>, key: &str, value: Option<Value>) {
    if let Some(value) = value {
        map.insert(key.to_owned(), value);
    }
}

fn some(value: &Value) -> Option<Value> {
    (!value.is_null()).then(|| value.clone())
}

fn text<T: ToString>(value: Option<&T>) -> Option<Value> {
    value.map(|value| Value::String(value.to_string()))
}

fn entries<T>(of: &indexmap::IndexMap<String, T>, write: impl Fn(&str, &T) -> Value) -> Option<Value> {
    let written: Map<_, _> = of.iter().map(|(key, value)| (key.clone(), write(key, value))).collect();
    (!written.is_empty()).then_some(Value::Object(written))
}

fn parameter(it: &ParameterDeclaration) -> Value {
    let mut map = Map::new();
    put(&mut map, "Type", Some(json!(it.kind)));
    put(&mut map, "Description", text(it.description.as_ref()));
    put(&mut map, "Default", text(it.default.as_ref()));
    put(&mut map, "NoEcho", it.no_echo.then(|| json!(true)));
    put(&mut map, "AllowedValues", (!it.allowed_values.is_empty()).then(|| json!(it.allowed_values)));
    put(&mut map, "AllowedPattern", text(it.allowed_pattern.as_ref()));
    put(&mut map, "ConstraintDescription", text(it.constraint_description.as_ref()));
    put(&mut map, "MinLength", it.length.0.map(|n| json!(n)));
    put(&mut map, "MaxLength", it.length.1.map(|n| json!(n)));
    put(&mut map, "MinValue", it.range.0.map(|n| json!(n)));
    put(&mut map, "MaxValue", it.range.1.map(|n| json!(n)));
    Value::Object(map)
}

fn resource(id: &str, it: &Resource) -> Value {
    if [Resource::FOR_EACH, Resource::MACRO].contains(&it.kind.as_str()) {
        return it.properties.get(id).cloned().unwrap_or(Value::Null);
    }
    let mut map = Map::new();
    put(&mut map, "Type", Some(json!(it.kind)));
    put(&mut map, "Version", text(it.version.as_ref()));
    put(&mut map, "Condition", text(it.condition.as_ref()));
    put(&mut map, "DependsOn", (!it.depends_on.is_empty()).then(|| json!(it.depends_on)));
    put(&mut map, "DeletionPolicy", it.deletion_policy.as_ref().map(policy));
    put(&mut map, "UpdateReplacePolicy", it.update_replace_policy.as_ref().map(policy));
    put(&mut map, "UpdatePolicy", some(&it.update_policy));
    put(&mut map, "CreationPolicy", some(&it.creation_policy));
    put(&mut map, "Metadata", some(&it.metadata));
    put(&mut map, "Properties", (!it.properties.is_empty()).then(|| Value::Object(it.properties.clone())));
    Value::Object(map)
}

/// A function that stands for a policy was kept as its text.
fn policy(policy: &super::DeletionPolicy) -> Value {
    match policy {
        super::DeletionPolicy::Unknown(word) => serde_json::from_str(word).unwrap_or_else(|_| json!(word)),
        policy => json!(policy.as_str()),
    }
}

fn output(id: &str, it: &Output) -> Value {
    if let Some(unread) = it.value.get(id).filter(|_| id.starts_with(super::parse::FOR_EACH)) {
        return unread.clone();
    }
    let mut map = Map::new();
    put(&mut map, "Description", text(it.description.as_ref()));
    put(&mut map, "Condition", text(it.condition.as_ref()));
    put(&mut map, "Value", Some(it.value.clone()));
    put(&mut map, "Export", it.export.as_ref().map(|name| json!({"Name": name})));
    Value::Object(map)
}
