//! What is deployed against what is wanted: who lets go of what before whom, and what stacks that leave the spec hold up.

use indexmap::IndexMap;

use crate::cfn::{Effective, StackStatus, Template, name_property, taken, takes_or_gives};
use crate::diff::{Certainty, Change, Fate};
use crate::stacks::{Argument, StackGraph};

use super::DeployedStack;
use super::compare::Comparison;
use super::edges::{By, Edge, edges, parts};
use super::leaving::{Goes, Leaving, Left};
use super::order::{Before, Circle, Order, order};

/// All that the order of a plan's steps is made from.
pub(super) struct Ordering<'a> {
    pub(super) graph: &'a StackGraph,
    pub(super) deployed: &'a IndexMap<String, DeployedStack>,
    pub(super) compared: &'a IndexMap<String, Comparison<'a>>,
    pub(super) left: &'a [Left],
    /// Those that left are removed.
    pub(super) prune: bool,
    /// Whether a stack of the graph changes.
    pub(super) changes: &'a dyn Fn(&str) -> bool,
}

impl Ordering<'_> {
    /// The levels, and what becomes of the stacks that left.
    pub(super) fn made(&self) -> Result<(Vec<Vec<String>>, Vec<Leaving>), Circle> {
        let mut leaving: Vec<Leaving> = self.left.iter().map(Leaving::of).collect();
        let known = self.deployed.values().chain(self.left.iter().map(|left| &left.deployed));
        let mut before: Vec<Before> = Vec::new();
        for edge in edges(known) {
            before.extend(self.before(&edge, &mut leaving));
        }
        before.extend(self.takes_over());
        let own = |key: &str| leaving.iter().any(|it| it.key == key && it.own);
        let goes: Vec<&str> = self.left.iter().map(|it| it.key.as_str()).filter(|key| own(key)).collect();
        let goes = if self.prune { goes } else { Vec::new() };
        let Order { levels, goes } = order(self.graph, self.changes, &goes, &before)?;
        for it in &mut leaving {
            it.goes = goes.get(&it.key).map(|(after, turn)| Goes { after: *after, turn: *turn });
            let held = before.iter().filter(|before| before.must && before.first == it.key);
            let held = held.filter(|before| (self.changes)(&before.then));
            it.holds_up = held.map(|before| before.why.clone()).collect();
            it.holds_up.dedup();
        }
        Ok((levels, leaving))
    }

    /// What an edge of what is deployed says of the order; who goes on using what leaves is told.
    fn before(&self, edge: &Edge, leaving: &mut [Leaving]) -> Option<Before> {
        let (consumer, producer) = (self.key(&edge.consumer)?, self.key(&edge.producer)?);
        let is_left = |key: &str| self.left.iter().any(|it| it.key == key);
        let lets_go = is_left(consumer) || self.lets_go(consumer, producer, edge);
        if let (false, true, Some(leaves)) =
            (lets_go, is_left(producer), leaving.iter_mut().find(|it| it.key == *producer))
        {
            if !leaves.used_by.contains(&edge.consumer) {
                leaves.used_by.push(edge.consumer.clone());
            }
            return None;
        }
        let of = if edge.resources.is_empty() {
            format!("output {} of {}", edge.output, edge.producer)
        } else {
            let ids: Vec<&str> = edge.resources.iter().map(String::as_str).collect();
            format!("{} of {}", ids.join(", "), edge.producer)
        };
        let why = format!("{} uses {of} until it has changed", edge.consumer);
        let (must, why) = match (lets_go, is_left(consumer), is_left(producer)) {
            (false, ..) => return None,
            (true, false, true) => (true, why),
            (true, true, true) => (true, why),
            (true, left, false) => {
                let must = self.loses(producer, edge)?;
                (must, if left { format!("{} uses {of}, which goes", edge.consumer) } else { why })
            }
        };
        Some(Before { first: consumer.to_owned(), then: producer.to_owned(), must, why })
    }

    /// The key of a deployed stack.
    fn key(&self, name: &str) -> Option<&str> {
        let planned = self.deployed.iter().find(|(_, it)| it.stack.name == name).map(|(key, _)| key.as_str());
        planned
            .or_else(|| self.left.iter().find(|it| it.deployed.stack.name == name).map(|it| it.key.as_str()))
    }

    /// A stack of the graph changes, and takes this no longer once it has.
    fn lets_go(&self, consumer: &str, producer: &str, edge: &Edge) -> bool {
        let Some(after) = self.compared.get(consumer).filter(|_| (self.changes)(consumer)) else {
            return false;
        };
        if after.diff.text.is_some() {
            return false;
        }
        let by_argument = after.stack.arguments.iter().any(|(name, argument)| {
            let same = matches!(argument, Argument::Output { stack, output }
                if stack == producer && *output == edge.output);
            same && !after.kept_parameters.contains(name)
        });
        let by_value = |value: &str| {
            let given = after.side.parameters.values().filter_map(Effective::as_text);
            given.into_iter().any(|given| parts(&given).any(|part| part == value))
        };
        let names = || match takes_or_gives(&after.template) {
            true => taken(&after.side.template, &after.side.parameters, &after.side.surroundings),
            false => crate::cfn::Taken::default(),
        };
        !match &edge.by {
            By::Parameter(value) => by_argument || by_value(value),
            By::Import(export) => names().imports.contains(export),
            By::Output => names().outputs.contains(&(edge.producer.clone(), edge.output.clone())),
            By::Role => after.stack.kind.takes_service_role(),
        }
    }

    /// Whether a stack of the graph loses what somebody takes from it: surely, perhaps, or (`None`) not at all.
    fn loses(&self, producer: &str, edge: &Edge) -> Option<bool> {
        let diff = &self.compared.get(producer).filter(|_| (self.changes)(producer))?.diff;
        if diff.text.is_some() {
            return Some(false);
        }
        let resources = edge.resources.iter().filter_map(|id| diff.resource(id));
        let removed = |it: &crate::diff::ResourceDiff| {
            it.held.is_none() && it.change == Change::Remove && it.fate != Some(Fate::Kept)
        };
        let output = diff.outputs.iter().filter(|change| {
            change.name == edge.output || change.name.strip_suffix(".Export") == Some(edge.output.as_str())
        });
        let imported = matches!(edge.by, By::Import(_));
        let gone = output.clone().any(|change| imported && change.certainty == Certainty::Certain);
        let mut perhaps =
            resources.clone().any(|it| matches!(it.change, Change::Replace | Change::MayReplace));
        perhaps |= output.count() > 0 && !matches!(edge.by, By::Parameter(_));
        if gone || resources.clone().any(removed) {
            return Some(true);
        }
        perhaps.then_some(false)
    }

    /// What a stack makes under a name, or a number of a listener, that one which left has.
    fn takes_over(&self) -> Vec<Before> {
        let mut found = Vec::new();
        for left in self.left.iter().filter(|left| !left.deployed.stack.status.is_unmade()) {
            let Some(had) = left.deployed.template.as_ref() else { continue };
            let had = fixed(had);
            for (key, after) in self.compared.iter().filter(|(key, _)| (self.changes)(key)) {
                let before = self.deployed.get(key).and_then(|it| it.template.as_ref());
                let before = before.map(fixed).unwrap_or_default();
                let new = fixed(&after.side.template).into_iter().filter(|it| !before.contains(it));
                let taken = new.filter(|it| had.contains(it)).map(|it| it.told()).next();
                found.extend(taken.map(|what| Before {
                    first: left.key.clone(),
                    then: key.clone(),
                    must: left.deployed.stack.status != StackStatus::DeleteFailed,
                    why: format!("{} takes {what}, which {} has", after.stack.name, left.deployed.stack.name),
                }));
            }
        }
        found
    }
}

const LISTENER_RULE: &str = "AWS::ElasticLoadBalancingV2::ListenerRule";

/// What only one resource can have.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Fixed {
    Priority(u64, String),
    Name(String, String),
}

impl Fixed {
    fn told(&self) -> String {
        match self {
            Self::Priority(number, _) => format!("priority {number} of its listener"),
            Self::Name(kind, name) => format!("the name {name} of a {kind}"),
        }
    }
}

/// The names and numbers that a template writes itself.
fn fixed(template: &Template) -> Vec<Fixed> {
    let of = |resource: &crate::cfn::Resource| {
        if resource.kind == LISTENER_RULE {
            let listener =
                resource.properties.get("ListenerArn").map(ToString::to_string).unwrap_or_default();
            return Some(Fixed::Priority(resource.properties.get("Priority")?.as_u64()?, listener));
        }
        let name = resource.properties.get(name_property(&resource.kind)?)?.as_str()?;
        Some(Fixed::Name(resource.kind.clone(), name.to_owned()))
    };
    template.resources.values().filter_map(of).collect()
}
