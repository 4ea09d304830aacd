//! `stacks`: a team's own templates, read.

use indexmap::IndexMap;

use crate::cfn::Template;
use crate::diagnostics::Diagnostic;
use crate::model::{Input, OwnStack, Source};
use crate::source::{Node, Span, SyntaxKind, parse_template, pointer};
use crate::spec::{self, Breaks, unseen_in_json, unseen_in_values};

use super::codes;
use super::context::Context;
use super::values::{self, Around};

pub(super) fn stacks(context: &mut Context<'_>, around: &Around<'_>) -> Vec<OwnStack> {
    let read = |(name, stack): (&String, &spec::OwnStack)| {
        let at = pointer(["stacks", name, "template"]);
        let (path, template) = context.text(&at, stack.template.as_str())?;
        let mut parameters = IndexMap::new();
        for (key, value) in &stack.parameters {
            let at = pointer(["stacks", name, "parameters", key]);
            let value = values::value(context, around, &at, value);
            parameters.insert(key.clone(), value.unwrap_or_else(told));
        }
        let (parsed, document) = parsed(context, &path, &template)?;
        quote(context, name, &parsed, document.as_ref());
        context.templates.extend(document.map(|document| (name.clone(), document)));
        let region = stack.region.as_ref().map(ToString::to_string);
        let region = region.filter(|region| *region != around.spec.region.as_str());
        Some(OwnStack { name: name.clone(), region, template, parsed, path, parameters })
    };
    around.spec.stacks.iter().filter_map(read).collect()
}

/// What is told to be no value stands for one, so that nothing else is told of it.
fn told() -> Input {
    Input::Read(Source::Variable(String::new()))
}

/// What a template does not keep secret may be quoted; what it does may not, where it is declared either.
fn quote(context: &mut Context<'_>, stack: &str, template: &Template, document: Option<&Node>) {
    for (name, declared) in &template.parameters {
        let value = context.root.get(&pointer(["stacks", stack, "parameters", name]));
        let default = document.and_then(|root| root.get(&pointer(["Parameters", name, "Default"])));
        match (declared.no_echo, value, default) {
            (false, Some(value), _) => context.sources.reveal(value.span),
            (true, _, Some(default)) => context.sources.hide(default.span),
            _ => {}
        }
    }
}

/// The template, and its document for places. What is wrong with it is told where it stands in its own file.
fn parsed(context: &mut Context<'_>, path: &str, text: &str) -> Option<(Template, Option<Node>)> {
    let id = context.sources.find(path)?;
    let document = match parse_template(context.sources, id) {
        Ok(document) => document,
        // What is wrong about its keys is wrong in JSON too.
        Err(error) if matches!(error.kind, SyntaxKind::DuplicateKey | SyntaxKind::BadMergeKey) => {
            context.push(error.into());
            return None;
        }
        // JSON has escapes that YAML does not read; places are lost then
        Err(error) => match Template::parse(text) {
            Ok(template) => {
                unseen_in_json(&template.to_value(), Span::at(id, 0), context.findings);
                return Some((template, None));
            }
            Err(_) => {
                context.push(error.into());
                return None;
            }
        },
    };
    unseen_in_values(&document.root, context.sources, Breaks::Pairs, context.findings);
    match Template::of_document(&document) {
        Ok(template) => Some((template, Some(document.root))),
        Err(error) => {
            let message = format!("`{path}` is no CloudFormation template: {error}");
            let place = document.place(&error.pointer);
            context.push(Diagnostic::error(codes::TEMPLATE, message).primary(place, ""));
            None
        }
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
