//! The checks: one rule a file, a sorted registry.
//!
//! A rule looks at a resolved environment and reports what AWS would refuse or what would not work, at the places it
//! comes from. What is wrong with the *text* of a spec (its shape, files it names) was reported before there was a
//! model; this is about what the spec means.

mod effective;
mod judged;
mod policy;
mod reading;
pub mod reference;
mod registry;
mod requests;
mod rule;
mod rules;
mod stack_error;
mod subject;
mod texts;
mod written;

#[cfg(test)]
mod hostile_tests;
#[cfg(test)]
mod tests;

pub use policy::{NOT_LOWERED, Settled, UNKNOWN_RULE, settle};
pub use registry::{RULES, explain};
pub use rule::{Check, Rule};
pub use stack_error::stack_error;
pub use subject::Subject;

use crate::diagnostics::Findings;
use crate::stacks::StackGraph;

/// Runs every rule about what a spec means, and adds what they find.
pub fn check(subject: &Subject<'_>, findings: &mut Findings) {
    for rule in RULES {
        if let Check::Spec(check) = rule.check {
            check(subject, findings);
        }
    }
}

/// Runs every rule about the stacks that were made of a spec without errors, and adds what they find.
pub fn check_stacks(subject: &Subject<'_>, graph: &StackGraph, findings: &mut Findings) {
    for rule in RULES {
        if let Check::Stacks(check) = rule.check {
            check(subject, graph, findings);
        }
    }
}
