//! A plan as it is printed: what CI's log keeps holds no secret.

use serde_json::Value;

use crate::cfn::Template;
use crate::source::sha256;
use crate::words::{self, MASK, leak_under};

use super::obstacle::Obstacle;
use super::plan::{Plan, PlannedStack};

/// The plan's document with templates by their digests (`templateDigest`), and without what is secret by its looks, by its
/// name, or by a template that declares it with `NoEcho`. Two plans that differ in such a value alone have two digests.
///
/// `obstacles` is what apply would refuse now, each with the option that passes it.
pub fn told(plan: &Plan, obstacles: &[Obstacle]) -> Value {
    let mut document = masked("", serde_json::to_value(plan).unwrap_or_default());
    let obstacle = |it: &Obstacle| {
        let mut told = serde_json::to_value(it).unwrap_or_default();
        if let Some(told) = told.as_object_mut() {
            told.insert("why".to_owned(), it.why().into());
            told.insert("pass".to_owned(), it.pass().into());
        }
        told
    };
    if let Some(document) = document.as_object_mut() {
        document.insert("obstacles".to_owned(), obstacles.iter().map(obstacle).collect());
    }
    let stacks = plan.levels.iter().flatten();
    let told = document.get_mut("levels").and_then(Value::as_array_mut).into_iter().flatten();
    let told = told.filter_map(Value::as_array_mut).flatten().filter_map(Value::as_object_mut);
    for (stack, told) in stacks.zip(told) {
        told.remove("template");
        told.insert("templateDigest".to_owned(), sha256(stack.template.as_bytes()).into());
        if let Some(arguments) = told.get_mut("arguments").and_then(Value::as_object_mut) {
            let secret = secrets(stack);
            let hidden = arguments.iter_mut().filter(|(name, _)| secret(name));
            hidden.for_each(|(_, argument)| hide(argument));
        }
    }
    document
}

/// Whether a stack's parameter is a secret; every one is where the template cannot be read.
fn secrets(stack: &PlannedStack) -> impl Fn(&str) -> bool {
    let template = Template::parse(&stack.template).ok();
    move |name| {
        let declared = template.as_ref().map(|template| template.parameters.get(name));
        declared.is_none_or(|declared| declared.is_some_and(|declared| declared.no_echo))
    }
}

/// A value that is given; what another stack gives is a name.
fn hide(argument: &mut Value) {
    let given = argument.as_object_mut().into_iter().flatten();
    given.filter(|(kind, _)| *kind == "value").for_each(|(_, value)| *value = MASK.into());
}

fn masked(key: &str, value: Value) -> Value {
    match value {
        Value::String(text) if leak_under(key, &text).is_some() => MASK.into(),
        Value::String(text) => words::mask(&text).into_owned().into(),
        Value::Array(items) => items.into_iter().map(|item| masked(key, item)).collect(),
        Value::Object(map) => {
            // What an argument holds is the value of its parameter.
            let inner = |name: &String| if name == "value" { key.to_owned() } else { name.clone() };
            map.into_iter().map(|(name, value)| (name.clone(), masked(&inner(&name), value))).collect()
        }
        other => other,
    }
}
