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
