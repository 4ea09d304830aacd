//! A team's own template among asagi's.

use indexmap::IndexMap;

use super::Input;
use crate::cfn::Template;

/// A team's own template, in the same graph, diff and plan.
#[derive(Debug, Clone, PartialEq)]
pub struct OwnStack {
    /// Its key under `stacks:`, such as `database`.
    pub name: String,
    /// The Region it stands in, where that is another than the environment's.
    pub region: Option<String>,
    /// The template's text as the team wrote it, YAML or JSON.
    pub template: String,
    /// The same, parsed once.
    pub parsed: Template,
    /// Where the text came from, for messages.
    pub path: String,
    /// Values for its parameters; a list is joined with commas.
    pub parameters: IndexMap<String, Input>,
}
