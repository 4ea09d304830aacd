//! Checking: everything that is wrong with specs, offline.

use std::path::Path;

use super::load::{self, Read};
use crate::diagnostics::{Baseline, Report};
use crate::source::limits;
use crate::workspace::{Privacy, Workspace, WorkspaceError, read_file};

/// What was found, environment by environment, and what was known before.
#[derive(Debug, Default)]
pub struct CheckReport {
    reads: Vec<Read>,
    baseline: Option<Baseline>,
}

impl CheckReport {
    /// The findings of all environments, in the order of their files.
    pub fn report(&self) -> Report<'_> {
        Report::of(self.reads.iter().map(Read::examined), self.baseline.as_ref())
    }

    /// With findings that are known before.
    #[must_use]
    pub fn against(self, baseline: Option<Baseline>) -> Self {
        Self { baseline, ..self }
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
    Ok(CheckReport { reads, baseline: None })
}

/// Why there is no baseline.
#[derive(Debug, thiserror::Error)]
pub enum BaselineError {
    /// The file could not be read or written.
    #[error(transparent)]
    Workspace(#[from] WorkspaceError),
    /// It is something else.
    #[error("`{path}` is {problem}")]
    Other {
        /// The file.
        path: String,
        /// What is wrong with it.
        problem: String,
    },
}

/// The baseline in that file.
///
/// # Errors
///
/// There is none.
pub fn read_baseline(path: &Path) -> Result<Baseline, BaselineError> {
    let other = |problem| BaselineError::Other { path: path.display().to_string(), problem };
    Baseline::parse(&read_file(path, limits::BASELINE)?).map_err(other)
}

/// Writes what was found as the baseline of the next checks; how many findings it holds. What stands there may be an
/// older baseline and nothing else.
///
/// # Errors
///
/// Something else stands there, or the file cannot be written.
pub fn write_baseline(
    workspace: &Workspace,
    path: &Path,
    report: &Report<'_>,
) -> Result<usize, BaselineError> {
    match read_baseline(path) {
        Ok(_) => {}
        Err(BaselineError::Workspace(error)) if error.is_absent() => {}
        Err(error) => return Err(error),
    }
    let baseline = Baseline::of(&report.found);
    workspace.write_file(path, baseline.to_text().as_bytes(), Privacy::Shared)?;
    Ok(baseline.len())
}
