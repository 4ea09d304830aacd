//! What CloudFormation refuses because of another stack: an export that is in use, a name that another stack has, an output
//! that is left out.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use indexmap::IndexMap;

use crate::cfn::{Effective, Evaluation, Evaluator, Identity, Lookup, Problem, identity};
use crate::diff::{Certainty, Change, Side, StackDiff};
use crate::source::pointer;
use crate::stacks::Argument;

/// One stack as it is and as it is to be.
#[derive(Debug, Clone, Copy)]
pub struct Neighbour<'a> {
    /// Its key, as the spec names it.
    pub key: &'a str,
    /// As it is to be; `None` when it goes.
    pub wanted: Option<&'a Side>,
    /// As it is; `None` when it is not there.
    pub there: Option<&'a Side>,
    /// What its parameters are fed with.
    pub arguments: Option<&'a IndexMap<String, Argument>>,
    /// What would change.
    pub diff: &'a StackDiff,
}

/// What is refused of each stack, in the order in which they are applied, because of the others.
pub fn refused_between(stacks: &[Neighbour<'_>]) -> Vec<Vec<Problem>> {
    let seen: Vec<Seen> = stacks.iter().map(Seen::of).collect();
    let of = |(index, stack): (usize, &Neighbour<'_>)| {
        let look = Look { stacks, seen: &seen, index };
        match stack.diff.text {
            Some(_) => Vec::new(),
            None => {
                [look.exports(), look.exported_twice(), look.gone_imports(), look.outputs(), look.names()]
                    .concat()
            }
        }
    };
    stacks.iter().enumerate().map(of).collect()
}

/// One side of a stack with its values.
#[derive(Default)]
struct Values {
    evaluation: Evaluation,
    /// Export name to the output's name.
    exports: BTreeMap<String, String>,
    /// Names of exports that it imports.
    imports: BTreeSet<String>,
}

struct Seen {
    wanted: Option<Values>,
    there: Option<Values>,
}

impl Seen {
    fn of(stack: &Neighbour<'_>) -> Self {
        let readable = |side: &&Side| !side.template.rewritten;
        Self {
            wanted: stack.wanted.filter(readable).map(values),
            there: stack.there.filter(readable).map(values),
        }
    }
}

fn values(side: &Side) -> Values {
    let Side { template, parameters, surroundings, .. } = side;
    let asked = Asked::default();
    let unrolled = Evaluator::new(template, parameters, surroundings, &asked).unrolled().into_owned();
    let evaluation = Evaluator::new(&unrolled, parameters, surroundings, &asked).evaluate();
    let exports = evaluation
        .outputs
        .iter()
        .filter_map(|(name, value)| Some((value.as_text()?, name.strip_suffix(".Export")?.to_owned())));
    Values { exports: exports.collect(), imports: asked.0.take(), evaluation }
}

/// One stack among the others.
struct Look<'a> {
    stacks: &'a [Neighbour<'a>],
    seen: &'a [Seen],
    index: usize,
}

impl<'a> Look<'a> {
    fn stack(&self) -> Option<&'a Neighbour<'a>> {
        self.stacks.get(self.index)
    }

    fn own(&self) -> Option<&'a Seen> {
        self.seen.get(self.index)
    }

    /// The others, each with its place in the order.
    fn others(&self) -> impl Iterator<Item = (usize, &'a Neighbour<'a>, &'a Seen)> {
        let all =
            self.stacks.iter().zip(self.seen).enumerate().map(|(index, (stack, seen))| (index, stack, seen));
        let own = self.index;
        all.filter(move |(index, ..)| *index != own)
    }

    /// Those of the same account and Region: names are of one place.
    fn beside(&self) -> impl Iterator<Item = (usize, &'a Neighbour<'a>, &'a Seen)> {
        let own = self.stack().and_then(place);
        self.others().filter(move |(_, other, _)| place(other) == own)
    }

    /// Exports that change or go while another stack holds on to them.
    fn exports(&self) -> Vec<Problem> {
        let (Some(stack), Some(own)) = (self.stack(), self.own()) else { return Vec::new() };
        let Some(there) = &own.there else { return Vec::new() };
        let moved = there.exports.iter().filter_map(|(export, output)| {
            let what = self.moves(stack, own, export, output)?;
            let user = self.beside().find(|(_, _, seen)| seen.holds(export))?.1.key;
            let message = format!(
                "export `{export}` {what} while `{user}` imports it, which an update refuses: let `{user}` take the value as a \
                 parameter, `{{ output: {}.{output} }}`, and apply that first",
                stack.key
            );
            Some(Problem { pointer: pointer(["Outputs", output, "Export"]), message })
        });
        moved.collect()
    }

    fn moves(&self, stack: &Neighbour<'_>, own: &Seen, export: &str, output: &str) -> Option<&'static str> {
        let wanted = own.wanted.as_ref().map(|wanted| wanted.exports.get(export));
        match wanted {
            Some(Some(now)) if now != output => None,
            Some(Some(_)) => {
                let change = stack.diff.outputs.iter().find(|change| change.name == output)?;
                (change.certainty == Certainty::Certain).then_some("changes")
            }
            // A name that is not known any more may still be the same.
            Some(None) => {
                let name = format!("{output}.Export");
                let change = stack.diff.outputs.iter().find(|change| change.name == name)?;
                change.after.as_ref().is_none_or(Effective::is_known).then_some("goes")
            }
            None => stack.wanted.is_none().then_some("goes"),
        }
    }

    /// Names of exports that another stack has already.
    fn exported_twice(&self) -> Vec<Problem> {
        let Some(Seen { wanted: Some(wanted), there }) = self.own() else { return Vec::new() };
        let new = wanted
            .exports
            .iter()
            .filter(|(export, _)| there.as_ref().is_none_or(|there| !there.exports.contains_key(*export)));
        let taken = new.filter_map(|(export, output)| {
            let has =
                |values: &Option<Values>| values.as_ref().is_some_and(|it| it.exports.contains_key(export));
            let mut others = self.beside();
            let (_, holder, _) = others
                .find(|(index, _, seen)| has(&seen.wanted) && (has(&seen.there) || *index < self.index))?;
            let message = format!(
                "`{}` exports `{export}` already, which an update refuses: give this export another name",
                holder.key
            );
            Some(Problem { pointer: pointer(["Outputs", output, "Export"]), message })
        });
        taken.collect()
    }

    /// Imports of what another stack exports no longer.
    fn gone_imports(&self) -> Vec<Problem> {
        let Some(Seen { wanted: Some(wanted), there }) = self.own() else { return Vec::new() };
        let new = wanted
            .imports
            .iter()
            .filter(|export| there.as_ref().is_none_or(|there| !there.imports.contains(*export)));
        let gone = new.filter_map(|export| {
            let has = |values: &Option<Values>| values.as_ref().is_some_and(|it| it.exports.contains_key(export));
            if self.beside().any(|(_, _, seen)| has(&seen.wanted)) {
                return None;
            }
            let (_, from, _) = self.beside().find(|(_, stack, seen)| {
                has(&seen.there) && (stack.wanted.is_none() || seen.wanted.is_some())
            })?;
            let message = format!(
                "imports `{export}`, which `{}` exports no longer: name `{{ output: {}.… }}` as a parameter where the value is wanted",
                from.key, from.key
            );
            Some(Problem { pointer: String::new(), message })
        });
        gone.collect()
    }

    /// Parameters that take outputs which their stack leaves out.
    fn outputs(&self) -> Vec<Problem> {
        let Some(Neighbour { arguments: Some(arguments), .. }) = self.stack() else { return Vec::new() };
        let left_out = arguments.iter().filter_map(|(name, argument)| {
            let Argument::Output { stack, output } = argument else { return None };
            let (_, source, seen) = self.others().find(|(_, other, _)| other.key == stack)?;
            let wanted = seen.wanted.as_ref().filter(|_| source.diff.text.is_none())?;
            let message = format!(
                "parameter `{name}` takes `{stack}.{output}`, which `{stack}` leaves out by its condition: give it another value"
            );
            (!wanted.evaluation.outputs.contains_key(output))
                .then(|| Problem { pointer: pointer(["Parameters", name]), message })
        });
        left_out.collect()
    }

    /// Names of new resources that resources of other stacks have.
    fn names(&self) -> Vec<Problem> {
        let (Some(stack), Some(Seen { wanted: Some(wanted), .. })) = (self.stack(), self.own()) else {
            return Vec::new();
        };
        let made = stack.diff.resources.iter().filter(|it| {
            it.held.is_none()
                && (it.change == Change::Add
                    || it.change == Change::Replace && it.certainty == Certainty::Certain)
        });
        let taken = made.filter_map(|it| {
            let kind = it.resource_type.as_str();
            let identity = wanted.identity(kind, &it.logical_id)?;
            let (_, holder, holds) = self.beside().find_map(|(index, other, seen)| {
                let there = seen.there.as_ref().and_then(|values| values.holder(kind, &identity));
                let wanted = seen.wanted.as_ref().and_then(|values| values.holder(kind, &identity));
                let first = index < self.index;
                let holds = if first { wanted } else { there };
                holds.map(|id| (index, other, id))
            })?;
            let message = format!(
                "`{}` is made while `{holds}` of `{}` has {}, which an update refuses: {}, or let `{}` go of it first",
                it.logical_id,
                holder.key,
                identity.words(),
                identity.another(),
                holder.key
            );
            Some(Problem { pointer: pointer(["Resources", &it.logical_id]), message })
        });
        taken.collect()
    }
}

/// Account and Region.
fn place<'a>(stack: &Neighbour<'a>) -> Option<(&'a str, &'a str)> {
    let side = stack.wanted.or(stack.there)?;
    Some((&side.surroundings.account, &side.surroundings.region))
}

impl Seen {
    /// It holds on to an export: it imports it, and goes on with it where it stays.
    fn holds(&self, export: &str) -> bool {
        let imports = |values: &Values| values.imports.contains(export);
        self.there.as_ref().is_some_and(imports) && self.wanted.as_ref().is_none_or(imports)
    }
}

impl Values {
    fn identity(&self, kind: &str, id: &str) -> Option<Identity> {
        let resource = self.evaluation.resources.get(id).filter(|it| it.kind == kind)?;
        identity(kind, |property| resource.properties.get(property))
    }

    /// The resource that has that identity.
    fn holder(&self, kind: &str, wanted: &Identity) -> Option<&str> {
        let mut ids = self.evaluation.resources.keys();
        ids.find(|id| self.identity(kind, id).as_ref() == Some(wanted)).map(String::as_str)
    }
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
