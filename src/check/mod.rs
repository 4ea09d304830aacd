//! The checks: one rule a file, a sorted registry.
//!
//! A rule looks at a resolved environment and reports what AWS would refuse or what would not work, at the places it
//! comes from. What is wrong with the *text* of a spec (its shape, files it names) was reported before there was a
//! model; this is about what the spec means.

mod policy;
pub mod reference;
mod registry;
mod rule;
mod rules;
mod subject;

#[cfg(test)]
mod tests;

pub use policy::{NOT_LOWERED, Settled, UNKNOWN_RULE, settle};
pub use registry::{RULES, explain};
pub use rule::Rule;
pub use subject::Subject;

use crate::diagnostics::Findings;

/// Runs every rule and adds what they find.
pub fn check(subject: &Subject<'_>, findings: &mut Findings) {
    for rule in RULES {
        (rule.check)(subject, findings);
    }
}
