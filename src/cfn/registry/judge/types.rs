//! Types, as leniently as CloudFormation takes them.

use serde_json::{Map, Value};

use super::{Judge, Wrong};
use crate::cfn::Effective;

impl<'a> Judge<'a> {
    /// Whether the value is of the type that the schema wants; told where not.
    pub(super) fn has_type(&mut self, rules: &'a Map<String, Value>, value: &Effective) -> bool {
        let wanted: Vec<&str> = match rules.get("type") {
            Some(Value::String(one)) => vec![one.as_str()],
            Some(Value::Array(some)) => some.iter().filter_map(Value::as_str).collect(),
            _ => return true,
        };
        if wanted.iter().any(|kind| fits(kind, value)) {
            return true;
        }
        let expected = wanted.first().map_or("something else", |kind| words(kind));
        self.tell(Wrong::Type(expected, found(value)));
        false
    }
}

/// Text stands for a number or a boolean, and those for text.
fn fits(kind: &str, value: &Effective) -> bool {
    let text = || value.as_text();
    match kind {
        "array" => matches!(value, Effective::List(_)),
        "object" => matches!(value, Effective::Map(_)),
        "string" => text().is_some(),
        "boolean" => text().is_some_and(|text| ["true", "false"].contains(&text.to_lowercase().as_str())),
        "integer" => {
            text().and_then(|text| text.trim().parse::<f64>().ok()).is_some_and(|it| it.fract() == 0.0)
        }
        "number" => text().is_some_and(|text| text.trim().parse::<f64>().is_ok()),
        "null" => matches!(value, Effective::Null),
        _ => true,
    }
}

fn words(kind: &str) -> &'static str {
    match kind {
        "array" => "a list",
        "object" => "a mapping",
        "string" => "text",
        "boolean" => "`true` or `false`",
        "integer" => "a whole number",
        "number" => "a number",
        _ => "something else",
    }
}

fn found(value: &Effective) -> &'static str {
    match value {
        Effective::List(_) => "a list",
        Effective::Map(_) => "a mapping",
        Effective::String(_) => "text",
        Effective::Number(_) => "a number",
        Effective::Bool(_) => "a boolean",
        Effective::Null | Effective::Unknown(_) => "nothing",
    }
}
