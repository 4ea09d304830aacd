//! A team's own template, as it stands, among asagi's stacks.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use indexmap::IndexMap;

use super::draft::Draft;
use crate::cfn::{Effective, Evaluator, Lookup, Surroundings};
use crate::model::{Environment, Input, OwnStack};

/// The stack as the team wrote it, fed as the spec says, after those whose exports it imports.
pub(super) fn drafts(environment: &Environment) -> impl Iterator<Item = Draft> + '_ {
    let mut imports = imports(environment);
    environment.stacks.iter().map(move |stack| {
        let draft = Draft::own(&stack.name, &stack.template, &stack.parsed);
        let draft = stack.parameters.iter().fold(draft, |draft, (name, input)| draft.input(name, input));
        imports.remove(&stack.name).unwrap_or_default().iter().fold(draft, |draft, from| draft.after(from))
    })
}

/// Values that the spec writes; those that other stacks give are unknown.
pub fn given(stack: &OwnStack) -> IndexMap<String, Effective> {
    let value = |(name, input): (&String, &Input)| {
        let known = input.value().map(Effective::text);
        (name.clone(), known.unwrap_or_else(|| Effective::unknown(format!("${{{name}}}"))))
    };
    stack.parameters.iter().map(value).collect()
}

/// What pseudo parameters give in a team's own stack, as far as the spec says.
pub fn surroundings(environment: &Environment, stack: &OwnStack) -> Surroundings {
    Surroundings {
        account: environment.account.clone(),
        region: environment.region.clone(),
        stack_name: environment.stack_name(&stack.name),
        ..Surroundings::default()
    }
}

/// Stacks of a team that import what other stacks of theirs export, each with those.
pub fn imports(environment: &Environment) -> BTreeMap<String, BTreeSet<String>> {
    let has = |stack: &&OwnStack, word: &str| stack.template.contains(word);
    let exporting = environment.stacks.iter().filter(|stack| has(stack, "Export"));
    let mut exports: BTreeMap<String, &str> = BTreeMap::new();
    for stack in exporting {
        let names = evaluated(environment, stack, &Asked::default());
        exports.extend(names.into_iter().map(|name| (name, stack.name.as_str())));
    }
    if exports.is_empty() {
        return BTreeMap::new();
    }
    let importing = environment.stacks.iter().filter(|stack| has(stack, "ImportValue"));
    let of = |stack: &OwnStack| {
        let asked = Asked::default();
        evaluated(environment, stack, &asked);
        let from = asked.0.take().into_iter().filter_map(|name| exports.get(&name).copied());
        let from: BTreeSet<String> = from.filter(|from| *from != stack.name).map(str::to_owned).collect();
        (!from.is_empty()).then(|| (stack.name.clone(), from))
    };
    importing.filter_map(of).collect()
}

/// The names under which a stack exports, as far as they are known.
fn evaluated(environment: &Environment, stack: &OwnStack, asked: &Asked) -> Vec<String> {
    let (given, surroundings) = (given(stack), surroundings(environment, stack));
    let loops = Evaluator::new(&stack.parsed, &given, &surroundings, asked);
    let unrolled = loops.unrolled();
    let outputs = Evaluator::new(&unrolled, &given, &surroundings, asked).evaluate().outputs;
    let names = outputs.into_iter().filter(|(name, _)| name.ends_with(".Export"));
    names.filter_map(|(_, value)| value.as_text()).collect()
}

/// Names of exports that were asked for.
#[derive(Default)]
struct Asked(RefCell<BTreeSet<String>>);

impl Lookup for Asked {
    fn reference(&self, _: &str) -> Option<Effective> {
        None
    }

    fn attribute(&self, _: &str, _: &str) -> Option<Effective> {
        None
    }

    fn import(&self, export: &str) -> Option<Effective> {
        self.0.borrow_mut().insert(export.to_owned());
        None
    }

    fn dynamic(&self, _: &str) -> Option<Effective> {
        None
    }
}
