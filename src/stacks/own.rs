//! A team's own template, as it stands, among asagi's stacks.

use std::collections::{BTreeMap, BTreeSet};

use indexmap::IndexMap;

use super::draft::Draft;
use crate::cfn::{Effective, Surroundings, Taken, taken, takes_or_gives};
use crate::model::{Environment, Input, OwnStack};

/// The stack as the team wrote it, fed as the spec says, after those of the environment whose exports or outputs it takes
/// by their names; `beside` are asagi's.
pub(super) fn drafts<'a>(environment: &'a Environment, beside: &[Draft]) -> impl Iterator<Item = Draft> + 'a {
    let mut imports = imports(environment);
    let known = beside.iter().map(|draft| draft.key.clone());
    let known: BTreeSet<String> = known.chain(environment.stacks.iter().map(|it| it.name.clone())).collect();
    environment.stacks.iter().map(move |stack| {
        let draft = Draft::own(&stack.name, &stack.template, &stack.parsed);
        let draft = stack.parameters.iter().fold(draft, |draft, (name, input)| draft.input(name, input));
        let from = imports.remove(&stack.name).unwrap_or_default();
        from.iter().filter(|from| known.contains(*from)).fold(draft, |draft, from| draft.after(from))
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
        region: environment.region_of(&stack.name).to_owned(),
        stack_name: environment.stack_name(&stack.name),
        ..Surroundings::default()
    }
}

/// Stacks of a team that take what other stacks of theirs export, or outputs of other stacks by their names, each with those.
pub fn imports(environment: &Environment) -> BTreeMap<String, BTreeSet<String>> {
    let says = environment.stacks.iter().filter(|stack| takes_or_gives(&stack.template));
    let of = |stack: &OwnStack| taken(&stack.parsed, &given(stack), &surroundings(environment, stack));
    let all: Vec<(&str, Taken)> = says.map(|stack| (stack.name.as_str(), of(stack))).collect();
    // exports are a Region's
    let exporter = |own: &str, export: &str| {
        let gives = |(key, it): &&(&str, Taken)| {
            it.exports.contains_key(export) && environment.region_of(key) == environment.region_of(own)
        };
        all.iter().find(gives).map(|(key, _)| (*key).to_owned())
    };
    let prefix = environment.stack_name("");
    let from = |own: &str, taken: &Taken| {
        let imported = taken.imports.iter().filter_map(|export| exporter(own, export));
        let asked = taken.outputs.iter().filter_map(|(stack, _)| stack.strip_prefix(&prefix));
        imported.chain(asked.map(str::to_owned)).filter(|from| from != own).collect::<BTreeSet<String>>()
    };
    let each = all.iter().map(|(own, taken)| ((*own).to_owned(), from(own, taken)));
    each.filter(|(_, from)| !from.is_empty()).collect()
}
