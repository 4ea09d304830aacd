//! Which stack takes what from which, as both are deployed: what lets go first goes first. A value that is the same on both
//! sides tells it where a resource of the one gives it; a name that both take from somewhere else tells nothing.

use std::collections::{BTreeMap, BTreeSet};

use indexmap::IndexMap;
use serde_json::Value;

use crate::cfn::{Effective, Stack, Surroundings, Taken, Template, names_in, taken, takes_or_gives};

use super::compare::DeployedStack;

/// One stack takes something from another, as both are deployed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edge {
    /// Name of the stack that takes it.
    pub consumer: String,
    /// Name of the stack that gives it.
    pub producer: String,
    /// The output.
    pub output: String,
    /// How it is taken.
    pub by: By,
    /// Logical ids of the resources whose value it is.
    pub resources: BTreeSet<String>,
}

/// How a stack takes something from another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum By {
    /// A parameter has this value of an output.
    Parameter(String),
    /// `Fn::ImportValue` of this export.
    Import(String),
    /// `Fn::GetStackOutput`.
    Output,
    /// CloudFormation works in it as a role that the other one makes.
    Role,
}

/// All that those stacks take from one another.
pub fn edges<'a>(stacks: impl IntoIterator<Item = &'a DeployedStack>) -> Vec<Edge> {
    let all: Vec<&DeployedStack> = stacks.into_iter().collect();
    let names: Vec<Taken> = all.iter().map(|stack| named(stack)).collect();
    let given = given(&all);
    let mut found: Vec<Edge> = Vec::new();
    let mut add = |edge: Edge| {
        if edge.consumer != edge.producer && !found.contains(&edge) {
            found.push(edge);
        }
    };
    for (stack, taken) in all.iter().zip(&names) {
        let consumer = || stack.stack.name.clone();
        for value in stack.stack.parameters.values().flat_map(|given| parts(&given.value)) {
            for (producer, output) in given.get(value).into_iter().flatten() {
                add(edge(consumer(), producer, output, By::Parameter(value.to_owned())));
            }
        }
        for (producer, output) in
            stack.stack.role_arn.as_deref().and_then(|it| given.get(it)).into_iter().flatten()
        {
            add(edge(consumer(), producer, output, By::Role));
        }
        for (producer, gives) in all.iter().zip(&names) {
            for (export, output) in &gives.exports {
                if taken.imports.contains(export) {
                    add(edge(consumer(), producer, output, By::Import(export.clone())));
                }
            }
            let of = |name: &str| name == producer.stack.name || name == producer.stack.id;
            for (_, output) in taken.outputs.iter().filter(|(name, _)| of(name)) {
                add(edge(consumer(), producer, output, By::Output));
            }
        }
    }
    found
}

fn edge(consumer: String, producer: &DeployedStack, output: &str, by: By) -> Edge {
    let resources = resources_of(producer, output);
    Edge { consumer, producer: producer.stack.name.clone(), output: output.to_owned(), by, resources }
}

/// What a deployed stack takes and gives by name.
fn named(stack: &DeployedStack) -> Taken {
    match &stack.template {
        Some(template) if takes_or_gives(&stack.text) => {
            taken(template, &values(&stack.stack), &surroundings(&stack.stack))
        }
        _ => Taken::default(),
    }
}

/// The values of a deployed stack's parameters.
fn values(stack: &Stack) -> IndexMap<String, Effective> {
    stack.parameters.iter().map(|(name, given)| (name.clone(), Effective::text(&given.value))).collect()
}

/// Where a stack stands, from its ARN.
fn surroundings(stack: &Stack) -> Surroundings {
    let mut parts = stack.id.split(':').skip(3).map(str::to_owned);
    Surroundings {
        region: parts.next().unwrap_or_default(),
        account: parts.next().unwrap_or_default(),
        stack_name: stack.name.clone(),
        stack_id: stack.id.clone(),
        ..Surroundings::default()
    }
}

/// What resources give by outputs, by value.
fn given<'a>(stacks: &[&'a DeployedStack]) -> BTreeMap<&'a str, Vec<(&'a DeployedStack, &'a str)>> {
    let mut given: BTreeMap<&str, Vec<(&DeployedStack, &str)>> = BTreeMap::new();
    for stack in stacks {
        for (output, value) in &stack.stack.outputs {
            let made = stack.template.is_none() || !resources_of(stack, output).is_empty();
            for part in parts(value).filter(|_| made) {
                given.entry(part).or_default().push((stack, output));
            }
        }
    }
    given
}

/// A value and, where it is a list, each of its items; numbers and short words are the same by chance.
pub(super) fn parts(value: &str) -> impl Iterator<Item = &str> {
    let items = value.contains(',').then(|| value.split(',').map(str::trim));
    let says = |part: &&str| part.len() > 5 && part.contains(|c: char| c.is_ascii_alphabetic());
    std::iter::once(value).chain(items.into_iter().flatten()).filter(says)
}

/// The resources that an output's value is made of.
fn resources_of(stack: &DeployedStack, output: &str) -> BTreeSet<String> {
    let Some(template) = &stack.template else { return BTreeSet::new() };
    let mut found = BTreeSet::new();
    if let Some(output) = template.outputs.get(output) {
        gather(&output.value, template, &mut found);
    }
    found
}

fn gather(value: &Value, template: &Template, found: &mut BTreeSet<String>) {
    let each = |items: &[Value], found: &mut BTreeSet<String>| {
        items.iter().for_each(|value| gather(value, template, found));
    };
    let Value::Object(map) = value else {
        return each(value.as_array().map_or(&[], Vec::as_slice), found);
    };
    for (key, value) in map {
        match (key.as_str(), value) {
            ("Ref" | "Fn::GetAtt", Value::String(text)) => note(text, template, found),
            ("Fn::GetAtt", Value::Array(items)) => {
                note(items.first().and_then(Value::as_str).unwrap_or_default(), template, found);
            }
            ("Fn::Sub", Value::String(text)) => names_in(text).for_each(|name| note(name, template, found)),
            ("Fn::Sub", Value::Array(items)) => {
                let text = items.first().and_then(Value::as_str).unwrap_or_default();
                names_in(text).for_each(|name| note(name, template, found));
                each(items.get(1..).unwrap_or_default(), found);
            }
            (_, value) => gather(value, template, found),
        }
    }
}

/// `Group` or `Group.Arn`, where that is a resource.
fn note(name: &str, template: &Template, found: &mut BTreeSet<String>) {
    let id = name.split('.').next().unwrap_or(name);
    if template.resources.contains_key(id) {
        found.insert(id.to_owned());
    }
}
