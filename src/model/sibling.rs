//! What one environment knows of the others beside it.

use super::Route;

/// Another environment in the same folder, as far as its file can be read; that file's own check tells its faults.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sibling {
    /// Its file.
    pub path: String,
    /// Its project.
    pub project: String,
    /// Its name.
    pub name: String,
    /// Its account.
    pub account: String,
    /// Its Region.
    pub region: Option<String>,
    /// The listener of others that it adds rules to.
    pub listener: Option<String>,
    /// Its roles.
    pub roles: Vec<SiblingRole>,
    /// The paths of its own templates as it writes them, by the names of their stacks.
    pub templates: Vec<(String, String)>,
    /// Where its releases come from.
    pub promote_from: Option<String>,
}

/// A role of another environment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SiblingRole {
    /// Its name.
    pub name: String,
    /// Its routes, as far as they can be read.
    pub routes: Vec<Route>,
    /// GiB of its root volume, where they are written.
    pub root_volume: Option<u32>,
}
