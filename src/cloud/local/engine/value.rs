//! Effective values as deployed ones.

use serde_json::Value;

use crate::cfn::{Effective, Unknown};
use crate::cloud::local::world::World;

/// As deployed: dynamic references to parameters are resolved, those to secrets stay as they are written.
///
/// # Errors
/// What is unknown in it.
pub(crate) fn known(world: &World, value: &Effective) -> Result<Value, Unknown> {
    Ok(match value {
        Effective::Null => Value::Null,
        Effective::Bool(flag) => Value::Bool(*flag),
        Effective::Number(number) => Value::Number(number.clone()),
        Effective::String(text) => Value::String(text.clone()),
        Effective::List(items) => {
            Value::Array(items.iter().map(|item| known(world, item)).collect::<Result<_, _>>()?)
        }
        Effective::Map(map) => {
            let entries = map.iter().map(|(key, value)| Ok((key.clone(), known(world, value)?)));
            Value::Object(entries.collect::<Result<_, Unknown>>()?)
        }
        Effective::Unknown(unknown) if is_dynamic(unknown) => Value::String(resolved(world, &unknown.text)?),
        Effective::Unknown(unknown) => return Err(unknown.clone()),
    })
}

/// Unknown only because of `{{resolve:…}}` in its text.
fn is_dynamic(unknown: &Unknown) -> bool {
    unknown.references.is_empty() && unknown.text.contains("{{resolve:") && !unknown.text.contains("${")
}

fn resolved(world: &World, text: &str) -> Result<String, Unknown> {
    let mut built = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("{{resolve:ssm:") {
        let Some((name, after)) = after.split_once("}}") else { break };
        let missing = || {
            let text = format!("{{{{resolve:ssm:{name}}}}}");
            Unknown::of(text.clone(), text, [])
        };
        built.push_str(before);
        built.push_str(&world.parameter_at(name).ok_or_else(missing)?);
        rest = after;
    }
    Ok(built + rest)
}

/// Nothing that the service would see differs: a number or a boolean is the text that is written like it, and null is absent.
pub(crate) fn alike(before: &Value, after: &Value) -> bool {
    match (before, after) {
        (Value::Array(before), Value::Array(after)) => {
            before.len() == after.len()
                && before.iter().zip(after).all(|(before, after)| alike(before, after))
        }
        (Value::Object(before), Value::Object(after)) => {
            let keys = before.keys().chain(after.keys());
            keys.into_iter().all(|key| alike_where_present(before.get(key), after.get(key)))
        }
        (before, after) => before == after || scalar(before).is_some_and(|text| Some(text) == scalar(after)),
    }
}

/// The same of what may be absent.
pub(crate) fn alike_where_present(before: Option<&Value>, after: Option<&Value>) -> bool {
    let present = |value: &&Value| !value.is_null();
    match (before.filter(present), after.filter(present)) {
        (Some(before), Some(after)) => alike(before, after),
        (before, after) => before.is_none() && after.is_none(),
    }
}

fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Bool(_) | Value::Number(_) => Some(value.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn quotes_around_a_number_are_no_difference() {
        for (before, after, expected) in [
            (json!("5"), json!(5), true),
            (json!({ "A": [true, "x"] }), json!({ "A": ["true", "x"], "B": null }), true),
            (json!("5"), json!(6), false),
            (json!([1, 2]), json!([2, 1]), false),
            (json!({ "A": 1 }), json!({}), false),
            (json!(""), json!(null), false),
        ] {
            assert_eq!(alike(&before, &after), expected, "{before} and {after}");
        }
    }
}
