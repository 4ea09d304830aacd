//! What one environment knows of the others beside it.

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
    /// Where its releases come from.
    pub promote_from: Option<String>,
}

/// A role of another environment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SiblingRole {
    /// Its name.
    pub name: String,
    /// Priorities of its routes.
    pub priorities: Vec<u32>,
    /// GiB of its root volume, where they are written.
    pub root_volume: Option<u32>,
}
