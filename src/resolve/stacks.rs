//! `stacks`: a team's own templates, read.

use indexmap::IndexMap;

use crate::model::{Input, OwnStack};
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

fn parameter(root: &Node, at: &str, value: &spec::ParameterValue) -> Input {
    // As it is written: the number `1.10` is the text `1.10` to a template.
    let written = || root.get(at).and_then(Node::raw).unwrap_or_default().to_owned();
    match value {
        spec::ParameterValue::Text(text) => Input::Value(text.clone()),
        spec::ParameterValue::Number(_) | spec::ParameterValue::Bool(_) => Input::Value(written()),
        spec::ParameterValue::List(items) => Input::Value(items.join(",")),
        spec::ParameterValue::Output(of) => output(of),
    }
}

/// A value, or an output of another stack.
pub(super) fn given<T: Clone>(given: &spec::Given<T>) -> Input<T> {
    match given {
        spec::Given::Value(value) => Input::Value(value.clone()),
        spec::Given::Output(of) => output(of),
    }
}

fn output<T>(of: &spec::OutputOf) -> Input<T> {
    // The schema asks for the dot.
    let (stack, output) = of.output.as_str().split_once('.').unwrap_or_default();
    Input::Output { stack: stack.to_owned(), output: output.to_owned() }
}
