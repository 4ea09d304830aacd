//! Beginning a repository: files are made in memory, read as any spec is, and written where nothing stands yet.

use crate::artifact::{ArtifactError, Ci, File, Starter, example, starter};
use crate::diagnostics::{Findings, Severity};
use crate::resolve;
use crate::source::{MemoryFiles, SourceMap};
use crate::spec::schema;
use crate::workspace::{Privacy, Workspace, WorkspaceError};

use super::images::lock_text;
use super::load::{Read, from_files};

/// The images of the examples.
const LOCK: &str = include_str!("../../environments/images.lock.yaml");

/// What became of the files.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Begun {
    /// Written, below the root.
    pub written: Vec<String>,
    /// There already, with other content: left as they are.
    pub kept: Vec<String>,
}

/// Why nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum InitError {
    /// A mistake in one of asagi's own templates.
    #[error(transparent)]
    Artifact(#[from] ArtifactError),
    /// A file could not be looked at or written.
    #[error(transparent)]
    Workspace(#[from] WorkspaceError),
    /// The answers make an environment with errors.
    #[error("the answers make no environment")]
    Findings(Vec<Read>),
}

/// The files of a new repository, its schemas for editors among them.
///
/// # Errors
/// A mistake in one of asagi's own templates.
pub fn starter_files(answers: &Starter) -> Result<Vec<File>, ArtifactError> {
    Ok(with_schemas(starter(answers)?))
}

/// The files of the smallest example, with two releases in its lock.
///
/// # Errors
/// A mistake in one of asagi's own templates.
pub fn example_files(ci: &[Ci]) -> Result<Vec<File>, ArtifactError> {
    let (mut sources, mut findings) = (SourceMap::new(), Findings::new());
    let id = findings.keep(sources.add_bytes("images.lock.yaml", LOCK.as_bytes()));
    let mut lock = id.and_then(|id| resolve::lock(&sources, id, &mut findings)).unwrap_or_default();
    lock.projects.retain(|project, _| project == "poc");
    Ok(with_schemas(example(lock_text(&lock), ci)?))
}

fn with_schemas(mut files: Vec<File>) -> Vec<File> {
    for (path, value) in [
        ("schemas/environment.schema.json", schema::environment()),
        ("schemas/environment-part.schema.json", schema::part()),
    ] {
        files.push(File { path: path.to_owned(), bytes: format!("{value:#}\n").into_bytes() });
    }
    files
}

/// Reads what was made as `asagi check` would.
///
/// # Errors
/// What was found, where there are errors among it.
pub fn judge(files: &[File]) -> Result<(), InitError> {
    let memory =
        files.iter().fold(MemoryFiles::new(), |memory, file| memory.with(&file.path, file.bytes.clone()));
    let is_spec = |path: &str| {
        let name = path.strip_prefix("environments/");
        name.is_some_and(|name| !name.contains('/') && !name.starts_with("base-") && !name.contains(".lock."))
    };
    let specs = files.iter().map(|file| file.path.as_str()).filter(|path| is_spec(path));
    let broken: Vec<Read> = specs.filter_map(|path| from_files(&memory, path).err()).collect();
    let has_errors = |read: &Read| read.findings.iter().any(|found| found.severity == Severity::Error);
    if broken.iter().any(has_errors) { Err(InitError::Findings(broken)) } else { Ok(()) }
}

/// Writes what is not there. What is there stays as it is.
///
/// # Errors
/// A path leads out of the folder or through a link, or cannot be written.
pub fn begin(workspace: &Workspace, files: &[File]) -> Result<Begun, InitError> {
    let door = workspace.door();
    let mut begun = Begun::default();
    for File { path, bytes } in files {
        let limit = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        if door.look(path)?.is_none() {
            door.found(path, bytes, Privacy::Shared)?;
            begun.written.push(path.clone());
        } else if !matches!(door.read(path, limit), Ok(Some(there)) if there == *bytes) {
            begun.kept.push(path.clone());
        }
    }
    Ok(begun)
}
