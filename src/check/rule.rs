//! What a rule is.

use crate::diagnostics::{Code, Findings, Severity};
use crate::stacks::StackGraph;

use super::Subject;

/// One thing that is looked for, with its documentation.
#[derive(Debug, Clone, Copy)]
pub struct Rule {
    /// Its code; a rule reports under no other.
    pub code: Code,
    /// One line, a lower-case phrase.
    pub title: &'static str,
    /// What its findings can be, the worst first. An environment's policy may set another one.
    pub severity: &'static [Severity],
    /// Why it matters, and where its numbers come from.
    pub docs: &'static str,
    /// A part of a spec in which it finds something.
    pub fails: &'static str,
    /// The same, mended.
    pub mended: &'static str,
    /// Looks.
    pub check: Check,
}

impl Rule {
    /// What its findings can be, in words: `error`, or `error or warning`.
    pub fn severities(&self) -> String {
        self.severity.iter().map(|severity| severity.word()).collect::<Vec<_>>().join(" or ")
    }
}

/// What a rule looks at.
#[derive(Debug, Clone, Copy)]
pub enum Check {
    /// The resolved environment, and a team's own templates as they were parsed.
    Spec(fn(&Subject<'_>, &mut Findings)),
    /// The stacks that were made of it, once there is no error in it.
    Stacks(fn(&Subject<'_>, &StackGraph, &mut Findings)),
    /// Found while the text was read, where no model was there yet: only its page is here.
    Reading,
}
