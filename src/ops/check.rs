//! Checking: everything that is wrong with specs, offline.

use super::load::{self, Read};
use crate::diagnostics::Severity;
use crate::workspace::{Workspace, WorkspaceError};

/// What was found, environment by environment.
#[derive(Debug, Default)]
pub struct CheckReport(Vec<Read>);

impl CheckReport {
    /// In the order of their files.
    pub fn environments(&self) -> impl Iterator<Item = &Read> {
        self.0.iter()
    }

    /// How many findings of that severity, in all environments.
    pub fn count(&self, severity: Severity) -> usize {
        self.0.iter().map(|read| read.findings.count(severity)).sum()
    }
}

/// Checks those environments, or all, as far as their stacks.
///
/// # Errors
///
/// A file could not be found or read; findings are no error here.
pub fn check(workspace: &Workspace, names: &[String]) -> Result<CheckReport, WorkspaceError> {
    let reads =
        load::each(workspace, names, |outcome| outcome.map_or_else(|read| read, |loaded| loaded.read))?;
    Ok(CheckReport(reads))
}
