//! Where two verdicts on one pair differ.

use std::collections::BTreeSet;
use std::fmt;

use super::verdict::{Said, Verdict};

/// One thing that asagi and somebody else say differently.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Difference {
    /// Logical id.
    pub(super) resource: String,
    /// Its type.
    pub(super) resource_type: String,
    /// What it is about.
    pub(super) aspect: Aspect,
    /// What asagi says; empty for nothing.
    pub(super) asagi: String,
    /// What the other says; empty for nothing.
    pub(super) other: String,
}

/// What a difference is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Aspect {
    /// Whether the resource changes, and with which action.
    Action,
    /// Whether it is replaced.
    Replacement,
    /// What becomes of the old one.
    Policy,
    /// Whether this part of it changes, and recreates it.
    Part(String),
    /// What moves this part.
    Causes(String),
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { resource, resource_type, aspect, asagi, other } = self;
        write!(f, "{resource_type} {resource} {aspect:?}: asagi `{asagi}`, other `{other}`")
    }
}

/// Everything in which they differ.
pub(super) fn differences(asagi: &Verdict, other: &Verdict) -> Vec<Difference> {
    let names: BTreeSet<&String> = asagi.keys().chain(other.keys()).collect();
    names.into_iter().flat_map(|name| of_resource(name, asagi.get(name), other.get(name))).collect()
}

fn of_resource(resource: &str, asagi: Option<&Said>, other: Option<&Said>) -> Vec<Difference> {
    let either = asagi.or(other).map(|said| said.resource_type.clone()).unwrap_or_default();
    let difference = |aspect: Aspect, asagi: &str, other: &str| {
        let (resource, resource_type) = (resource.to_owned(), either.clone());
        let (asagi, other) = (asagi.to_owned(), other.to_owned());
        (asagi != other).then_some(Difference { resource, resource_type, aspect, asagi, other })
    };
    let action = |said: Option<&Said>| said.map(|said| said.action.clone()).unwrap_or_default();
    let (Some(asagi), Some(other)) = (asagi, other) else {
        return difference(Aspect::Action, &action(asagi), &action(other)).into_iter().collect();
    };
    let mut found: Vec<_> = [
        difference(Aspect::Action, &asagi.action, &other.action),
        difference(Aspect::Replacement, &asagi.replacement, &other.replacement),
        difference(Aspect::Policy, &asagi.policy, &other.policy),
    ]
    .into_iter()
    .flatten()
    .collect();
    let parts: BTreeSet<&String> = asagi.parts.keys().chain(other.parts.keys()).collect();
    for name in parts {
        let recreation = |said: &Said| said.parts.get(name).map(|part| part.recreation.clone());
        let [ours, theirs] = [asagi, other].map(|said| recreation(said).unwrap_or_default());
        found.extend(difference(Aspect::Part(name.clone()), &ours, &theirs));
        let causes = |said: &Said| said.parts.get(name).map(|part| joined(&part.causes));
        if let (Some(ours), Some(theirs)) = (causes(asagi), causes(other)) {
            found.extend(difference(Aspect::Causes(name.clone()), &ours, &theirs));
        }
    }
    found
}

fn joined(causes: &BTreeSet<String>) -> String {
    causes.iter().cloned().collect::<Vec<_>>().join(" ")
}
