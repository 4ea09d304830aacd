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
    /// Where its releases come from.
    pub promote_from: Option<String>,
}
