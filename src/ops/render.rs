//! Rendering: what the output folder should hold for those environments, written or compared.

use std::collections::{BTreeMap, BTreeSet};

use super::load::{self, Loaded, Read};
use crate::artifact::{self, ArtifactError, MANIFEST, Manifest};
use crate::source::sha256;
use crate::workspace::{Difference, FileSet, Output, Waits, Workspace, WorkspaceError, Written};

/// Where files go when nothing else is said, below the root.
pub const FOLDER: &str = "rendered";

/// What was done for those environments.
#[derive(Debug)]
pub struct Rendered<T> {
    /// What reading them found; there is no error among it.
    pub reads: Vec<Read>,
    /// What was done.
    pub done: T,
}

/// Why nothing was rendered.
#[derive(Debug, thiserror::Error)]
pub enum RenderError {
    /// A file could not be read or written.
    #[error(transparent)]
    Workspace(#[from] WorkspaceError),
    /// A mistake in one of asagi's own templates.
    #[error(transparent)]
    Artifact(#[from] ArtifactError),
    /// These environments have errors.
    #[error("the spec has errors")]
    Findings(Vec<Read>),
}

/// Writes the files of those environments, or of all there are: then what was rendered for others of the same projects
/// goes. Nothing is written where one of them has errors.
///
/// # Errors
///
/// See [`RenderError`].
pub fn write(
    workspace: &Workspace,
    names: &[String],
    output: &Output,
    waits: Waits<'_>,
) -> Result<Rendered<Written>, RenderError> {
    let writing = output.begin(waits)?;
    let Rendered { reads, done } = each(workspace, names, output, |set| writing.stage(set))?;
    Ok(Rendered { reads, done: writing.place(&done)? })
}

/// How the files on the disk differ from those of the environments, by path. Nothing is written.
///
/// # Errors
///
/// See [`RenderError`].
pub fn compare(
    workspace: &Workspace,
    names: &[String],
    output: &Output,
) -> Result<Rendered<Vec<Difference>>, RenderError> {
    let Rendered { reads, done } = each(workspace, names, output, |set| output.compare(set))?;
    let mut done: Vec<Difference> = done.into_iter().flatten().collect();
    done.sort_by(|a, b| a.path().cmp(b.path()));
    Ok(Rendered { reads, done })
}

/// Does it with the files of each environment, and with what is no longer wanted. Only one environment's files are held
/// at a time by each thread.
fn each<T: Send>(
    workspace: &Workspace,
    names: &[String],
    output: &Output,
    act: impl Fn(&FileSet) -> Result<T, WorkspaceError> + Sync,
) -> Result<Rendered<Vec<T>>, RenderError> {
    let one = |loaded: Loaded| -> Result<_, RenderError> {
        let folder = artifact::folder(&loaded.environment);
        let done = act(&wanted(&loaded, &folder, output)?)?;
        Ok((folder, loaded.read, done))
    };
    let made = load::each(workspace, names, |outcome| match outcome {
        Ok(loaded) => one(loaded),
        Err(read) => Err(RenderError::Findings(vec![read])),
    })?;
    let (mut folders, mut reads, mut done, mut broken) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for outcome in made {
        match outcome {
            Ok((folder, read, outcome)) => {
                folders.push(folder);
                reads.push(read);
                done.push(outcome);
            }
            Err(RenderError::Findings(reads)) => broken.extend(reads),
            Err(error) => return Err(error),
        }
    }
    if !broken.is_empty() {
        return Err(RenderError::Findings(broken));
    }
    if names.is_empty() {
        done.push(act(&unwanted(&folders, output)?)?);
    }
    Ok(Rendered { reads, done })
}

/// The files of one environment, and what was written for it the time before.
fn wanted(loaded: &Loaded, folder: &str, output: &Output) -> Result<FileSet, RenderError> {
    let files = artifact::files(&loaded.environment, &loaded.graph, &loaded.spec_digest())?;
    Ok(FileSet {
        files: files.into_iter().map(|file| (file.path, file.bytes)).collect(),
        previous: previous(output, folder)?,
        last: MANIFEST.to_owned(),
    })
}

/// What was written the time before for other environments of the same projects: they are gone.
fn unwanted(folders: &[String], output: &Output) -> Result<FileSet, WorkspaceError> {
    let project = |folder: &str| folder.split('/').next().unwrap_or_default().to_owned();
    let folders: BTreeSet<&str> = folders.iter().map(String::as_str).collect();
    let projects: BTreeSet<String> = folders.iter().copied().map(project).collect();
    let mut set = FileSet { last: MANIFEST.to_owned(), ..FileSet::default() };
    for manifest in output.manifests(MANIFEST) {
        let Some(folder) = manifest.strip_suffix(MANIFEST).and_then(|it| it.strip_suffix('/')) else {
            continue;
        };
        if projects.contains(&project(folder)) && !folders.contains(folder) {
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
