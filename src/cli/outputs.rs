//! `asagi explain stacks`: what stacks give to others, of all that asagi makes or of one environment.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::Context;
use super::failure::Failure;
use crate::stacks::StackGraph;

/// Every stack that asagi makes, with its outputs.
const PAGE: &str = include_str!("../../templates/manual/stacks.txt");

/// The page, or the outputs of an environment's stacks, as text.
pub(super) fn page(environment: Option<&str>, context: &mut Context) -> Result<String, Failure> {
    match environment {
        None => Ok(PAGE.to_owned()),
        Some(name) => Ok(text(&context.load(name)?.graph)),
    }
}

/// `{"version": 1, "stacks": [{stack, name, outputs: [{name, description}]}]}`
pub(super) fn document(environment: &str, context: &mut Context) -> Result<Value, Failure> {
    let graph = context.load(environment)?.graph;
    let stacks = graph.stacks.values().map(|stack| {
        let outputs = stack.template.outputs.iter();
        let outputs = outputs.map(|(name, it)| json!({ "name": name, "description": it.description }));
        json!({ "stack": stack.key, "name": stack.name, "outputs": outputs.collect::<Vec<_>>() })
    });
    Ok(json!({ "version": 1, "stacks": stacks.collect::<Vec<_>>() }))
}

/// Every stack that gives something, in the order in which they are made.
fn text(graph: &StackGraph) -> String {
    let mut text = String::new();
    let stacks = graph.stacks.values().filter(|stack| !stack.template.outputs.is_empty());
    for stack in stacks {
        let _ = writeln!(text, "{}{}", if text.is_empty() { "" } else { "\n" }, stack.key);
        let widest = stack.template.outputs.keys().map(String::len).max().unwrap_or_default();
        for (name, output) in &stack.template.outputs {
            let described = output.description.as_deref().unwrap_or_default();
            let _ = writeln!(text, "{}", format!("    {name:<widest$}  {described}").trim_end());
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::model::example;
    use crate::stacks::lower;

    /// Outputs of the page, each behind the stacks that have it.
    fn documented() -> BTreeSet<(String, String)> {
        let mut stacks: Vec<String> = Vec::new();
        let mut found = BTreeSet::new();
        for line in PAGE.lines().skip_while(|line| *line != "foundation") {
            match line.strip_prefix("    ") {
                Some(output) => {
                    let name = output.split_whitespace().next().unwrap();
                    found.extend(stacks.iter().map(|stack| (stack.clone(), name.to_owned())));
                }
                None => {
                    let names = line.split(" (").next().unwrap_or_default();
                    stacks = names.split(", ").map(str::to_owned).collect();
                }
            }
        }
        found
    }

    #[test]
    fn the_page_has_every_output_of_every_stack_that_asagi_makes_and_no_other() {
        let mut made = BTreeSet::new();
        for environment in [example::poc(), example::prod()] {
            let graph = lower(&environment).unwrap();
            for stack in graph.stacks.values().filter(|stack| stack.kind != crate::stacks::StackKind::Own) {
                let role = stack.kind.role().unwrap_or_default();
                let key = match role {
                    "" => stack.key.clone(),
                    role => stack.key.replacen(role, "ROLE", 1),
                };
                for output in stack.template.outputs.keys() {
                    made.insert((key.clone(), placeholders(output, &environment)));
                }
            }
        }
        let page = documented();
        let both =
            |one: &BTreeSet<_>, other: &BTreeSet<_>| one.difference(other).cloned().collect::<Vec<_>>();
        assert_eq!((both(&made, &page), both(&page, &made)), (Vec::new(), Vec::new()));
    }

    /// With ROLE for a role and SLOT for a slot.
    fn placeholders(output: &str, environment: &crate::model::Environment) -> String {
        let words = |name: &str| -> String {
            let capital = |part: &str| {
                let mut letters = part.chars();
                letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect::<String>()
            };
            name.split('-').map(capital).collect()
        };
        let roles = environment.roles.iter().map(|role| words(&role.name));
        let output = roles.fold(output.to_owned(), |output, role| match output.strip_prefix(&role) {
            Some(rest) if rest.starts_with("Blue") || rest.starts_with("Green") => format!("ROLE{rest}"),
            _ => output,
        });
        output.replacen("Blue", "SLOT", 1).replacen("Green", "SLOT", 1)
    }
}
