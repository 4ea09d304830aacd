//! What a rule is.

use crate::diagnostics::{Code, Findings};

use super::Subject;

/// One thing that is looked for, with its documentation.
#[derive(Debug, Clone, Copy)]
pub struct Rule {
    /// Its code; a rule reports under no other.
    pub code: Code,
    /// One line, a lower-case phrase.
    pub title: &'static str,
    /// Why it matters, and where its numbers come from.
    pub docs: &'static str,
    /// A part of a spec in which it finds something.
    pub fails: &'static str,
    /// The same, mended.
    pub mended: &'static str,
    /// Looks.
    pub check: fn(&Subject<'_>, &mut Findings),
}
