//! `stacks`: a team's own templates, read.

use indexmap::IndexMap;

use crate::model::{OwnParameter, OwnStack};
use crate::source::{Node, pointer};
use crate::spec;

use super::context::Context;

pub(super) fn stacks(context: &mut Context<'_>, spec: &IndexMap<String, spec::OwnStack>) -> Vec<OwnStack> {
    let read = |(name, stack): (&String, &spec::OwnStack)| {
        let at = pointer(["stacks", name, "template"]);
        let (path, template) = context.text(&at, stack.template.as_str())?;
        let values = stack.parameters.iter().map(|(key, value)| {
            let at = pointer(["stacks", name, "parameters", key]);
            (key.clone(), parameter(context.root, &at, value))
        });
        Some(OwnStack { name: name.clone(), template, path, parameters: values.collect() })
    };
    spec.iter().filter_map(read).collect()
}

fn parameter(root: &Node, at: &str, value: &spec::ParameterValue) -> OwnParameter {
    // As it is written: the number `1.10` is the text `1.10` to a template.
    let written = || root.get(at).and_then(Node::raw).unwrap_or_default().to_owned();
    match value {
        spec::ParameterValue::Text(text) => OwnParameter::Value(text.clone()),
        spec::ParameterValue::Number(_) | spec::ParameterValue::Bool(_) => OwnParameter::Value(written()),
        spec::ParameterValue::List(items) => OwnParameter::Value(items.join(",")),
        spec::ParameterValue::Output(of) => match of.output.as_str().split_once('.') {
            Some((stack, output)) => {
                OwnParameter::Output { stack: stack.to_owned(), output: output.to_owned() }
            }
            // The schema asks for the dot.
            None => OwnParameter::Value(of.output.to_string()),
        },
    }
}
