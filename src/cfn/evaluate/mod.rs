//! Evaluation: a template, parameter values and surroundings in; every property's effective value out.
//!
//! Nothing here fails: what is unknown stays [`Effective::Unknown`] with a text to show, and what is malformed is
//! unknown too, with a [`Problem`] recorded beside it.

mod budget;
mod cidr;
mod condition;
mod function;
mod list;
mod lookup;
mod parameter;
mod reference;
mod rule;
mod surroundings;
mod text;
mod trace;

#[cfg(test)]
mod budget_tests;
#[cfg(test)]
mod function_tests;
#[cfg(test)]
mod tests;

pub use lookup::{Lookup, NothingKnown};
pub use parameter::ssm_parameter_name;
pub use rule::Broken;
pub use surroundings::Surroundings;
pub use trace::{Problem, Trace};

use std::borrow::Cow;
use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};

use indexmap::IndexMap;
use serde_json::Value;

use super::{DeletionPolicy, Effective, Reference, Template};
use crate::words::beginning;
use budget::{Budget, Over};

/// No message is longer than a person reads, whatever names of the template it holds.
const LONGEST_PROBLEM: usize = 300;

/// Evaluates parts of one template. Problems gather as parts are asked for.
pub struct Evaluator<'a> {
    template: &'a Template,
    parameters: IndexMap<String, Effective>,
    surroundings: &'a Surroundings,
    lookup: &'a dyn Lookup,
    conditions: RefCell<BTreeMap<String, (Option<bool>, Trace)>>,
    /// How unknown conditions are written, as digests.
    choices: RefCell<BTreeMap<String, String>>,
    /// Conditions being evaluated, the innermost last.
    open: RefCell<Vec<String>>,
    trace: RefCell<Trace>,
    pointer: RefCell<String>,
    problems: RefCell<BTreeSet<Problem>>,
    /// Where evaluation stopped because it came to too much.
    stops: RefCell<BTreeSet<Problem>>,
    /// Inside a condition secrets count with their values: only the outcome is seen.
    revealing: Cell<bool>,
    budget: Budget,
}

/// A resource with its values.
#[derive(Debug, Clone, PartialEq)]
pub struct EvaluatedResource {
    /// Such as `AWS::EC2::VPC`.
    pub kind: String,
    /// In the order written.
    pub properties: IndexMap<String, Effective>,
    /// `UpdatePolicy`, null when absent.
    pub update_policy: Effective,
    /// `CreationPolicy`, null when absent.
    pub creation_policy: Effective,
    /// `Metadata`, null when absent.
    pub metadata: Effective,
    /// `DeletionPolicy`.
    pub deletion_policy: Option<DeletionPolicy>,
    /// `UpdateReplacePolicy`.
    pub update_replace_policy: Option<DeletionPolicy>,
    /// Every resource and attribute its parts take a value from.
    pub references: BTreeSet<Reference>,
    /// `DependsOn`.
    pub depends_on: Vec<String>,
}

/// A whole template with its values; what a false condition leaves out is not in it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Evaluation {
    /// `None` is unknown.
    pub conditions: IndexMap<String, Option<bool>>,
    /// By logical id.
    pub resources: IndexMap<String, EvaluatedResource>,
    /// By name; the name that another stack imports it by as `Name.Export`.
    pub outputs: IndexMap<String, Effective>,
    /// What is wrong with the template.
    pub problems: Vec<Problem>,
}

impl<'a> Evaluator<'a> {
    /// `parameters` are values as given, lists as text with commas or as lists; a missing one takes its default.
    pub fn new(
        template: &'a Template,
        parameters: &IndexMap<String, Effective>,
        surroundings: &'a Surroundings,
        lookup: &'a dyn Lookup,
    ) -> Self {
        let evaluator = Self {
            template,
            parameters: parameter::typed(template, parameters, lookup),
            surroundings,
            lookup,
            conditions: RefCell::default(),
            choices: RefCell::default(),
            open: RefCell::default(),
            trace: RefCell::default(),
            pointer: RefCell::default(),
            problems: RefCell::default(),
            stops: RefCell::default(),
            revealing: Cell::new(false),
            budget: Budget::default(),
        };
        for name in template.parameters.keys().filter(|name| !evaluator.parameters.contains_key(*name)) {
            evaluator
                .at("Parameters", name, || evaluator.problem(&format!("parameter `{name}` has no value")));
        }
        evaluator
    }

    /// The template with its loops unrolled, where these values say how often they repeat.
    pub fn unrolled(&self) -> Cow<'a, Template> {
        if !self.template.has_loops() {
            return Cow::Borrowed(self.template);
        }
        Cow::Owned(self.template.unrolled(self))
    }

    /// This evaluator with NoEcho values as they are, for comparing: what it gives must not be shown.
    #[must_use]
    pub fn revealing(self) -> Self {
        self.revealing.set(true);
        self
    }

    /// The value; what `AWS::NoValue` leaves nothing of is null.
    pub fn value(&self, value: &Value) -> Effective {
        self.eval(value).unwrap_or(Effective::Null)
    }

    /// The value, and what it took values from.
    pub fn traced(&self, value: &Value) -> (Effective, Trace) {
        self.tracing(|| self.value(value))
    }

    /// Whether the resource exists: its condition's value, `None` when that is unknown.
    pub fn is_active(&self, logical_id: &str) -> Option<bool> {
        match self.template.resources.get(logical_id) {
            None => Some(false),
            Some(resource) => resource.condition.as_ref().map_or(Some(true), |name| {
                self.at("Resources", logical_id, || self.below("Condition", || self.condition(name)))
            }),
        }
    }

    /// The resource; `None` when there is no such, or its condition is false.
    pub fn resource(&self, logical_id: &str) -> Option<EvaluatedResource> {
        let declared = self.template.resources.get(logical_id)?;
        if self.is_active(logical_id) == Some(false) {
            return None;
        }
        let (mut evaluated, trace) = self.at("Resources", logical_id, || {
            self.tracing(|| EvaluatedResource {
                kind: declared.kind.clone(),
                properties: self.below("Properties", || self.entries(&declared.properties)),
                update_policy: self.below("UpdatePolicy", || self.value(&declared.update_policy)),
                creation_policy: self.below("CreationPolicy", || self.value(&declared.creation_policy)),
                metadata: self.below("Metadata", || self.value(&declared.metadata)),
                deletion_policy: declared.deletion_policy.clone(),
                update_replace_policy: declared.update_replace_policy.clone(),
                references: BTreeSet::new(),
                depends_on: declared.depends_on.clone(),
            })
        });
        evaluated.references = trace.references;
        Some(evaluated)
    }

    /// The output's value; `None` when there is no such, or its condition is false.
    pub fn output(&self, name: &str) -> Option<Effective> {
        let declared = self.template.outputs.get(name)?;
        let active = declared.condition.as_ref().map_or(Some(true), |condition| {
            self.at("Outputs", name, || self.below("Condition", || self.condition(condition)))
        });
        (active != Some(false))
            .then(|| self.at("Outputs", name, || self.below("Value", || self.value(&declared.value))))
    }

    fn output_and_export(&self, name: &str) -> Vec<(String, Effective)> {
        let Some(value) = self.output(name) else { return Vec::new() };
        let export = self.template.outputs.get(name).and_then(|declared| declared.export.as_ref());
        let export = export.map(|export| self.at("Outputs", name, || self.value(export)));
        let mut made = vec![(name.to_owned(), value)];
        made.extend(export.map(|export| (format!("{name}.Export"), export)));
        made
    }

    /// Everything.
    pub fn evaluate(&self) -> Evaluation {
        let Template { conditions, resources, outputs, .. } = self.template;
        let conditions = conditions.keys().map(|name| (name.clone(), self.condition(name))).collect();
        let resources = resources.keys().filter_map(|id| Some((id.clone(), self.resource(id)?))).collect();
        let outputs = outputs.keys().flat_map(|name| self.output_and_export(name)).collect();
        Evaluation { conditions, resources, outputs, problems: self.problems() }
    }

    /// What was found wrong so far, in the order of pointers.
    pub fn problems(&self) -> Vec<Problem> {
        let (problems, stops) = (self.problems.borrow(), self.stops.borrow());
        problems.union(&stops).cloned().collect()
    }

    /// Those of them that kept a part from being evaluated to its end, because it comes to too much.
    pub fn stops(&self) -> Vec<Problem> {
        self.stops.borrow().iter().cloned().collect()
    }

    fn problem(&self, message: &str) {
        if self.problems.borrow().len() < budget::PROBLEMS {
            self.problems.borrow_mut().insert(self.here(message));
        }
    }

    /// What is not evaluated to its end is always told, where it was so first.
    fn over(&self, over: &Over) {
        let stop = self.here(&over.to_string());
        let mut stops = self.stops.borrow_mut();
        if !stops.iter().any(|known| known.message == stop.message) {
            stops.insert(stop);
        }
    }

    fn here(&self, message: &str) -> Problem {
        Problem {
            pointer: self.pointer.borrow().clone(),
            message: beginning(message, LONGEST_PROBLEM).into_owned(),
        }
    }

    /// Problems inside belong to this entry of this section.
    fn at<T>(&self, section: &str, name: &str, inner: impl FnOnce() -> T) -> T {
        let pointer = crate::source::pointer([section, name]);
        let outer = self.pointer.replace(pointer);
        let result = inner();
        self.pointer.replace(outer);
        result
    }

    /// Problems inside belong to this part of the entry.
    fn below<T>(&self, key: &str, inner: impl FnOnce() -> T) -> T {
        let outer = self.pointer.borrow().len();
        self.pointer.borrow_mut().extend(["/", &crate::source::escape(key)]);
        let result = inner();
        self.pointer.borrow_mut().truncate(outer);
        result
    }

    fn tracing<T>(&self, inner: impl FnOnce() -> T) -> (T, Trace) {
        let outer = self.trace.take();
        let result = inner();
        let trace = self.trace.replace(outer);
        self.trace.borrow_mut().extend(trace.clone());
        (result, trace)
    }
}
