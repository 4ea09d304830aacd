//! A stand-in for `Template::parse` until that lands: only what drafts look at.

use serde_json::{Map, Value};

use crate::cfn::{ParameterDeclaration, Resource, Template, TemplateError};

/// Parameters with their defaults, resource types and their properties; tags are lost.
pub(super) fn template(text: &str) -> Result<Template, TemplateError> {
    let wrong =
        |error: serde_yaml::Error| TemplateError { message: error.to_string(), pointer: String::new() };
    let value: Value = serde_yaml::from_str(text).map_err(wrong)?;
    let section = |name: &str| value.get(name).and_then(Value::as_object).cloned().unwrap_or_default();
    let text_of = |value: &Value, key: &str| {
        value.get(key).map(|v| v.as_str().map_or_else(|| v.to_string(), str::to_owned))
    };
    let parameter = |value: &Value| ParameterDeclaration {
        kind: text_of(value, "Type").unwrap_or_default(),
        default: text_of(value, "Default"),
        ..ParameterDeclaration::default()
    };
    let properties = |value: &Value| value.get("Properties").and_then(Value::as_object).cloned();
    let resource = |value: &Value| Resource {
        kind: text_of(value, "Type").unwrap_or_default(),
        properties: properties(value).unwrap_or_else(Map::new),
        ..Resource::default()
    };
    Ok(Template {
        parameters: section("Parameters")
            .iter()
            .map(|(name, value)| (name.clone(), parameter(value)))
            .collect(),
        resources: section("Resources").iter().map(|(name, value)| (name.clone(), resource(value))).collect(),
        ..Template::default()
    })
}
