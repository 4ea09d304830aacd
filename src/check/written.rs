//! Where a value of an evaluated template is written: branches of `Fn::If` lie between, and what comes to nothing is no item.

use serde_json::Value;

use crate::cfn::Evaluator;
use crate::model::OwnStack;
use crate::source::{Node, Span, pointer};

use super::Subject;

/// One stack's template, as it is written.
pub(super) struct Written<'a> {
    pub(super) subject: &'a Subject<'a>,
    pub(super) stack: &'a OwnStack,
    pub(super) evaluator: &'a Evaluator<'a>,
}

impl<'a> Written<'a> {
    /// The pointer of a property of a resource, as far as it is written; `path` is one of the evaluated properties.
    pub(super) fn property(&self, id: &str, path: &[String]) -> String {
        let resources = &self.stack.parsed.resources;
        let Some(resource) = resources.get(id) else { return self.made_by_a_loop() };
        let mut at = pointer(["Resources", id, "Properties"]);
        let Some((first, rest)) = path.split_first() else { return at };
        let Some(value) = resource.properties.get(first) else { return at };
        at += &pointer([first]);
        let mut value = self.chosen(value, &mut at);
        for step in rest {
            let inside = match value {
                Value::Object(map) => map.get(step).map(|inner| (step.clone(), inner)),
                Value::Array(items) => step.parse().ok().and_then(|index| self.item(items, index)),
                _ => None,
            };
            let Some((key, inner)) = inside else { break };
            at += &pointer([&key]);
            value = self.chosen(inner, &mut at);
        }
        at
    }

    /// The place of the key that a pointer ends in, else of what stands there.
    pub(super) fn key(&self, at: &str) -> Span {
        self.document().and_then(|root| root.key_span(at)).unwrap_or_else(|| self.place(at))
    }

    pub(super) fn place(&self, at: &str) -> Span {
        self.subject.origins.in_template(&self.stack.name, at)
    }

    fn document(&self) -> Option<&Node> {
        self.subject.origins.templates().get(&self.stack.name)
    }

    /// The branch that `Fn::If` takes; the function itself where nobody knows.
    fn chosen<'v>(&self, mut value: &'v Value, at: &mut String) -> &'v Value {
        while let Some([Value::String(name), yes, no]) = branches(value) {
            let (index, branch) = match self.evaluator.condition(name) {
                Some(true) => ("1", yes),
                Some(false) => ("2", no),
                None => break,
            };
            // a short tag has its arguments below itself
            let long = format!("{at}/Fn::If/{index}");
            let is_long = self.document().is_some_and(|root| root.get(&long).is_some());
            *at = if is_long { long } else { format!("{at}/{index}") };
            value = branch;
        }
        value
    }

    /// The item that an index counts, with its own index.
    fn item<'v>(&self, items: &'v [Value], index: usize) -> Option<(String, &'v Value)> {
        let counts =
            |item: &Value| self.chosen(item, &mut String::new()).get("Ref") != Some(&"AWS::NoValue".into());
        let (index, item) = items.iter().enumerate().filter(|(_, item)| counts(item)).nth(index)?;
        Some((index.to_string(), item))
    }

    /// The first loop: what it makes has no place of its own.
    fn made_by_a_loop(&self) -> String {
        let mut resources = self.stack.parsed.resources.iter();
        let found = resources.find(|(_, it)| it.kind == crate::cfn::Resource::FOR_EACH);
        found.map_or_else(|| "/Resources".to_owned(), |(name, _)| pointer(["Resources", name]))
    }
}

/// The three arguments of `Fn::If`.
fn branches(value: &Value) -> Option<&[Value; 3]> {
    let map = value.as_object().filter(|map| map.len() == 1)?;
    map.get("Fn::If")?.as_array()?.as_slice().try_into().ok()
}
