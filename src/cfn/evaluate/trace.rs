//! What an evaluation touched, beside its result.

use std::collections::BTreeSet;

use crate::cfn::Reference;

/// What an evaluation touched: branches that were not taken leave no trace.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Trace {
    /// Resources and attributes.
    pub references: BTreeSet<Reference>,
    /// Parameters, also by way of conditions.
    pub parameters: BTreeSet<String>,
}

impl Trace {
    pub(super) fn extend(&mut self, other: Self) {
        self.references.extend(other.references);
        self.parameters.extend(other.parameters);
    }
}

/// What is wrong with a template where it was evaluated.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    /// JSON pointer to the resource, output or condition.
    pub pointer: String,
    /// A lower-case phrase.
    pub message: String,
}
