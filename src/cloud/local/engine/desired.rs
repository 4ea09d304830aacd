//! What a template wants, evaluated against what is deployed so far.

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};

use indexmap::IndexMap;
use serde_json::{Map, Value};

use super::lookups::written;
use super::record::{ResourceRecord, StackRecord};
use super::stage::{Asking, Deployed, Novelty, arguments, place, surroundings};
use super::value::known;
use crate::cfn::{
    DeletionPolicy, Effective, Evaluator, Resource, ResourceStatus, StackParameter, Surroundings, Template,
};
use crate::cloud::local::world::World;
use crate::cloud::{CloudError, Result};

/// What is not known of resources before a change set is executed.
pub(crate) type Novelties = BTreeMap<String, Novelty>;

/// A template with its values, seen from a stack; its loops are what they make.
pub(crate) struct View<'a> {
    world: &'a World,
    exports: &'a BTreeMap<String, String>,
    record: &'a StackRecord,
    template: Cow<'a, Template>,
    parameters: IndexMap<String, Effective>,
    surroundings: Surroundings,
}

/// What a template wants of a resource; values may be open.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Wanted {
    pub(crate) kind: String,
    pub(crate) properties: IndexMap<String, Effective>,
    pub(crate) needs: BTreeSet<String>,
    pub(crate) metadata: Value,
    pub(crate) creation_policy: Value,
    pub(crate) update_policy: Value,
    pub(crate) deletion_policy: Option<DeletionPolicy>,
    pub(crate) update_replace_policy: Option<DeletionPolicy>,
}

/// Templates as they were read before: each step of an operation needs its own, and reading one costs more than all
/// the rest of a step.
#[derive(Debug, Clone, Default)]
pub(crate) struct Templates(Arc<Mutex<BTreeMap<String, Arc<Template>>>>);

impl Templates {
    /// A template read for deployment: secrets count with their values, SSM parameter types are resolved already.
    ///
    /// # Errors
    /// It is no template.
    pub(crate) fn readable(&self, text: &str) -> Result<Arc<Template>> {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(template) = known.get(text) {
            return Ok(Arc::clone(template));
        }
        let template = Arc::new(readable(text)?);
        known.insert(text.to_owned(), Arc::clone(&template));
        Ok(template)
    }
}

fn readable(text: &str) -> Result<Template> {
    let template = Template::parse(text);
    let mut template =
        template.map_err(|error| CloudError::Validation(format!("Template format error: {error}")))?;
    // No macro runs here: what only they could make is left out.
    if template.rewritten {
        template.resources.retain(|_, resource| {
            super::checks::is_known(&resource.kind) || resource.kind == Resource::FOR_EACH
        });
    }
    for declaration in template.parameters.values_mut() {
        declaration.no_echo = false;
        let inner = declaration.kind.strip_prefix("AWS::SSM::Parameter::Value<");
        if let Some(inner) = inner.and_then(|kind| kind.strip_suffix('>')) {
            declaration.kind = inner.to_owned();
        }
    }
    Ok(template)
}

impl<'a> View<'a> {
    pub(crate) fn new(
        world: &'a World,
        exports: &'a BTreeMap<String, String>,
        record: &'a StackRecord,
        template: &'a Template,
        parameters: &IndexMap<String, StackParameter>,
    ) -> Self {
        let (parameters, surroundings) = (arguments(parameters), surroundings(world, record));
        let mut view =
            Self { world, exports, record, template: Cow::Borrowed(template), parameters, surroundings };
        if template.has_loops() {
            let unrolled = view.asking(&Novelties::new(), |evaluator| evaluator.unrolled().into_owned());
            view.template = Cow::Owned(unrolled);
        }
        view
    }

    /// The template, its loops unrolled.
    pub(crate) fn template(&self) -> &Template {
        &self.template
    }

    /// Names of exports that it imports.
    pub(crate) fn imports(&self) -> BTreeSet<String> {
        let none = Novelties::new();
        let asking = Asking { inner: self.lookup(&none), asked: RefCell::default() };
        Evaluator::new(&self.template, &self.parameters, &self.surroundings, &asking).evaluate();
        asking.asked.take()
    }

    fn lookup<'b>(&'b self, novelties: &'b Novelties) -> Deployed<'b> {
        Deployed {
            world: self.world,
            exports: self.exports,
            place: place(self.world, self.record),
            resources: &self.record.deployed.resources,
            novelties,
        }
    }

    fn asking<T>(&self, novelties: &Novelties, ask: impl FnOnce(&Evaluator<'_>) -> T) -> T {
        let lookup = self.lookup(novelties);
        ask(&Evaluator::new(&self.template, &self.parameters, &self.surroundings, &lookup))
    }

    /// What is wanted of a resource; `None` when there is no such, or its condition is false.
    pub(crate) fn wanted(&self, id: &str, novelties: &Novelties) -> Option<Wanted> {
        let evaluated = self.asking(novelties, |evaluator| evaluator.resource(id))?;
        let referred = evaluated.references.into_iter().map(|reference| reference.logical_id);
        let plain = |value: &Effective| value.to_json();
        Some(Wanted {
            needs: referred.chain(evaluated.depends_on).filter(|needed| needed != id).collect(),
            kind: evaluated.kind,
            properties: evaluated.properties,
            metadata: plain(&evaluated.metadata),
            creation_policy: plain(&evaluated.creation_policy),
            update_policy: plain(&evaluated.update_policy),
            deletion_policy: evaluated.deletion_policy,
            update_replace_policy: evaluated.update_replace_policy,
        })
    }

    /// The resources that exist, each with what it needs of them, every one after all that it needs.
    ///
    /// # Errors
    /// The template refers to what is not there, or in a circle.
    pub(crate) fn order(&self) -> Result<IndexMap<String, BTreeSet<String>>> {
        let none = Novelties::new();
        let problems = self.asking(&none, |evaluator| evaluator.evaluate().problems);
        if let Some(problem) = problems.first() {
            return Err(CloudError::Validation(format!(
                "Template format error: {} ({})",
                problem.message, problem.pointer
            )));
        }
        let ids = self.template.resources.keys();
        let mut left: IndexMap<String, BTreeSet<String>> =
            ids.filter_map(|id| Some((id.clone(), self.wanted(id, &none)?.needs))).collect();
        let active: BTreeSet<String> = left.keys().cloned().collect();
        left.values_mut().for_each(|needs| needs.retain(|needed| active.contains(needed)));
        sorted(left)
    }

    /// Parameters that a property takes values from, also by way of conditions.
    pub(crate) fn parameters_of(&self, id: &str, property: &str) -> BTreeSet<String> {
        let declared = self.template.resources.get(id).and_then(|resource| resource.properties.get(property));
        let none = Novelties::new();
        let trace = declared.map(|value| self.asking(&none, |evaluator| evaluator.traced(value).1));
        trace.map(|trace| trace.parameters).unwrap_or_default()
    }

    /// Outputs and exports, open ones left out.
    pub(crate) fn outputs(&self, novelties: &Novelties) -> [IndexMap<String, String>; 2] {
        let [mut outputs, mut exports] = [IndexMap::new(), IndexMap::new()];
        for (name, declared) in &self.template.outputs {
            let (value, export) = self.asking(novelties, |evaluator| {
                (evaluator.output(name), declared.export.as_ref().map(|export| evaluator.value(export)))
            });
            let Some(value) = value.as_ref().and_then(|value| known(self.world, value).ok()) else {
                continue;
            };
            let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            if let Some(export) = export.and_then(|export| export.as_text()) {
                exports.insert(export, value.clone());
            }
            outputs.insert(name.clone(), value);
        }
        [outputs, exports]
    }
}

/// Every one after all that it needs, else as written.
fn sorted(mut left: IndexMap<String, BTreeSet<String>>) -> Result<IndexMap<String, BTreeSet<String>>> {
    let mut done: IndexMap<String, BTreeSet<String>> = IndexMap::new();
    while !left.is_empty() {
        let ready = |needs: &BTreeSet<String>| needs.iter().all(|needed| done.contains_key(needed));
        let Some(next) = left.iter().find(|(_, needs)| ready(needs)).map(|(id, _)| id.clone()) else {
            let circle: Vec<&str> = left.keys().map(String::as_str).collect();
            return Err(CloudError::Validation(format!(
                "Circular dependency between resources: [{}]",
                circle.join(", ")
            )));
        };
        let needs = left.shift_remove(&next).unwrap_or_default();
        done.insert(next, needs);
    }
    Ok(done)
}

impl Wanted {
    /// As a resource that is not there yet.
    ///
    /// # Errors
    /// A value is still open, and which.
    pub(crate) fn into_record(self, world: &World, logical_id: &str) -> Result<ResourceRecord, String> {
        let properties = self.properties.iter().map(|(name, value)| match known(world, value) {
            Ok(value) => Ok((name.clone(), value)),
            Err(unknown) => Err(match lost_import(&unknown.text) {
                Some(export) => format!("No export named {export} found"),
                None => format!("Unable to resolve {} of property {name}", unknown.text),
            }),
        });
        let written =
            self.properties.iter().filter_map(|(name, value)| Some((name.clone(), written(value)?)));
        Ok(ResourceRecord {
            written: written.collect(),
            logical_id: logical_id.to_owned(),
            physical_id: None,
            status: ResourceStatus::CreateInProgress,
            properties: properties.collect::<Result<Map<String, Value>, String>>()?,
            kind: self.kind,
            metadata: self.metadata,
            creation_policy: self.creation_policy,
            update_policy: self.update_policy,
            deletion_policy: self.deletion_policy,
            update_replace_policy: self.update_replace_policy,
            needs: self.needs,
            generation: 0,
        })
    }
}

/// The name of an export that is not there.
fn lost_import(text: &str) -> Option<&str> {
    let (_, rest) = text.split_once("${ImportValue ")?;
    Some(rest.split_once('}')?.0)
}
