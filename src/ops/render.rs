//! Rendering: what the output folder should hold for those environments.

use std::collections::BTreeMap;

use super::load::Loaded;
use crate::artifact::{self, ArtifactError, MANIFEST, Manifest};
use crate::source::sha256;
use crate::workspace::{FileSet, Output, WorkspaceError};

/// Where files go when nothing else is said, below the root.
pub const FOLDER: &str = "rendered";

/// Which environments are rendered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// All there are: what was rendered for others of the same projects is no longer wanted.
    All,
    /// Some: what was rendered for others stays.
    Named,
}

/// Why nothing was rendered.
#[derive(Debug, thiserror::Error)]
pub enum RenderError {
    /// A file could not be read.
    #[error(transparent)]
    Workspace(#[from] WorkspaceError),
    /// A mistake in one of asagi's own templates.
    #[error(transparent)]
    Artifact(#[from] ArtifactError),
}

/// What the output should hold, and what was written there the time before. Nothing is written yet.
///
/// # Errors
///
/// A manifest that cannot be read.
pub fn set(loaded: &[Loaded], scope: Scope, output: &Output) -> Result<FileSet, RenderError> {
    let mut set = FileSet { last: MANIFEST.to_owned(), ..FileSet::default() };
    for Loaded { environment, graph, spec_digest, .. } in loaded {
        let files = artifact::files(environment, graph, spec_digest)?;
        set.files.extend(files.into_iter().map(|file| (file.path, file.bytes)));
        set.previous.extend(previous(output, &artifact::folder(environment))?);
    }
    if scope == Scope::All {
        let ours = |folder: &&str| {
            loaded.iter().any(|one| folder.split('/').next() == Some(&one.environment.project))
        };
        let manifests = output.manifests(MANIFEST);
        let folders = manifests.iter().filter_map(|path| path.strip_suffix(MANIFEST)?.strip_suffix('/'));
        for folder in folders.filter(ours) {
            set.previous.extend(previous(output, folder)?);
        }
    }
    Ok(set)
}

/// Digests of what was written to that folder the time before, the manifest among it; nothing without a manifest.
fn previous(output: &Output, folder: &str) -> Result<BTreeMap<String, String>, WorkspaceError> {
    let path = format!("{folder}/{MANIFEST}");
    let Some(bytes) = output.read(&path)? else { return Ok(BTreeMap::new()) };
    let Some(manifest) = Manifest::parse(&bytes) else { return Ok(BTreeMap::new()) };
    let mut files: BTreeMap<String, String> =
        manifest.files.into_iter().map(|(path, digest)| (format!("{folder}/{path}"), digest)).collect();
    files.insert(path, sha256(&bytes));
    Ok(files)
}
