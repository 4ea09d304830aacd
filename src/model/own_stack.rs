//! A team's own template among asagi's.

use indexmap::IndexMap;

use super::Input;

/// A team's own template, in the same graph, diff and plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnStack {
    /// Its key under `stacks:`, such as `database`.
    pub name: String,
    /// The template's text as the team wrote it, YAML or JSON.
    pub template: String,
    /// Where the text came from, for messages.
    pub path: String,
    /// Values for its parameters; a list is joined with commas.
    pub parameters: IndexMap<String, Input>,
}
