//! What a stack sees while it is worked on: the account, its own deployed resources, the exports of other stacks.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use indexmap::IndexMap;

use super::desired::Templates;
use super::record::{ResourceRecord, StackRecord};
use crate::cfn::{Effective, Lookup, StackParameter, StackStatus, Surroundings};
use crate::cloud::local::resources::{Place, attribute};
use crate::cloud::local::state::State;
use crate::cloud::local::world::World;

/// The account, and what other stacks export.
#[derive(Debug)]
pub(crate) struct Stage<'a> {
    pub(crate) world: &'a mut World,
    pub(crate) templates: &'a Templates,
    pub(crate) exports: BTreeMap<String, String>,
    pub(crate) neighbours: Neighbours,
}

/// Which other stacks export and import what, by the export's name.
#[derive(Debug, Default)]
pub(crate) struct Neighbours {
    pub(crate) exporters: BTreeMap<String, String>,
    pub(crate) users: BTreeMap<String, String>,
}

impl Neighbours {
    /// Of the stack with that id.
    pub(crate) fn of(state: &State, id: &str) -> Self {
        let there = |record: &&StackRecord| record.id != id && record.status != StackStatus::DeleteComplete;
        let others: Vec<&StackRecord> = state.stacks().map(|(_, record)| record).filter(there).collect();
        let by = |names: &dyn Fn(&StackRecord) -> Vec<String>| {
            let all = others
                .iter()
                .flat_map(|other| names(other).into_iter().map(|name| (name, other.name.clone())));
            all.collect()
        };
        Self {
            exporters: by(&|other| other.deployed.exports.keys().cloned().collect()),
            users: by(&|other| other.deployed.imports.iter().cloned().collect()),
        }
    }
}

/// The same look-up, remembering which exports it was asked for.
#[derive(Debug)]
pub(crate) struct Asking<'a> {
    pub(crate) inner: Deployed<'a>,
    pub(crate) asked: RefCell<BTreeSet<String>>,
}

impl Lookup for Asking<'_> {
    fn reference(&self, logical_id: &str) -> Option<Effective> {
        self.inner.reference(logical_id)
    }

    fn attribute(&self, logical_id: &str, name: &str) -> Option<Effective> {
        self.inner.attribute(logical_id, name)
    }

    fn import(&self, export: &str) -> Option<Effective> {
        self.asked.borrow_mut().insert(export.to_owned());
        self.inner.import(export)
    }

    fn stack_output(&self, stack: &str, output: &str) -> Option<Effective> {
        self.inner.stack_output(stack, output)
    }

    fn dynamic(&self, reference: &str) -> Option<Effective> {
        self.inner.dynamic(reference)
    }
}

/// What is not known of a resource before a change set is executed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Novelty {
    /// It will be another resource: its name and everything about it.
    Replaced,
    /// It is updated in place: its attributes.
    Updated,
}

/// Look-up into what is deployed.
#[derive(Debug)]
pub(crate) struct Deployed<'a> {
    pub(crate) world: &'a World,
    pub(crate) exports: &'a BTreeMap<String, String>,
    pub(crate) place: Place<'a>,
    pub(crate) resources: &'a IndexMap<String, ResourceRecord>,
    pub(crate) novelties: &'a BTreeMap<String, Novelty>,
}

impl Lookup for Deployed<'_> {
    fn reference(&self, logical_id: &str) -> Option<Effective> {
        if self.novelties.get(logical_id) == Some(&Novelty::Replaced) {
            return None;
        }
        let physical_id = self.resources.get(logical_id)?.physical_id.clone()?;
        Some(Effective::String(physical_id))
    }

    fn attribute(&self, logical_id: &str, name: &str) -> Option<Effective> {
        if self.novelties.contains_key(logical_id) {
            return None;
        }
        let resource = self.resources.get(logical_id)?;
        let physical_id = resource.physical_id.as_deref()?;
        let value =
            attribute(self.world, &self.place, &resource.kind, physical_id, &resource.properties, name);
        Some(Effective::from(&value))
    }

    fn import(&self, export: &str) -> Option<Effective> {
        self.exports.get(export).cloned().map(Effective::String)
    }

    fn stack_output(&self, stack: &str, output: &str) -> Option<Effective> {
        self.exports.get(&super::output_name(stack, output)).cloned().map(Effective::String)
    }

    fn dynamic(&self, reference: &str) -> Option<Effective> {
        let name = reference.strip_prefix("resolve:ssm:")?;
        self.world.parameter_at(name).map(Effective::String)
    }
}

/// Where a stack is, for the evaluator.
pub(crate) fn surroundings(world: &World, record: &StackRecord) -> Surroundings {
    Surroundings {
        account: world.account.clone(),
        region: world.region.clone(),
        stack_name: record.name.clone(),
        stack_id: record.id.clone(),
        zones: zones(&world.region),
        notification_arns: Vec::new(),
    }
}

/// Where a stack is, for physical ids.
pub(crate) fn place<'a>(world: &'a World, record: &'a StackRecord) -> Place<'a> {
    Place { account: &world.account, region: &world.region, stack: &record.name, stack_id: &record.id }
}

/// Tokyo has `a`, `c` and `d` for most accounts; other regions are taken to start with `a`.
fn zones(region: &str) -> Vec<String> {
    let letters = if region == "ap-northeast-1" { ["a", "c", "d"] } else { ["a", "b", "c"] };
    letters.iter().map(|letter| format!("{region}{letter}")).collect()
}

/// Parameter values as the evaluator wants them, SSM types resolved.
pub(crate) fn arguments(parameters: &IndexMap<String, StackParameter>) -> IndexMap<String, Effective> {
    let values = parameters.iter().map(|(name, parameter)| {
        let value = parameter.resolved.as_ref().unwrap_or(&parameter.value);
        (name.clone(), Effective::text(value))
    });
    values.collect()
}
