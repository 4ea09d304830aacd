//! Reading environments: a file in `environments/` and all it names become a model and a stack graph, or findings.

use indexmap::IndexMap;

use crate::check::{Subject, check, check_stacks, stack_error};
use crate::diagnostics::Findings;
use crate::model::{Environment, Lock, Origins, Release};
use crate::resolve;
use crate::source::{Files, SourceMap, parse, sha256};
use crate::stacks::{StackGraph, lower};
use crate::workspace::{Workspace, WorkspaceError, stem};

/// What reading an environment found.
#[derive(Debug)]
pub struct Read {
    /// The file, below the root.
    pub path: String,
    /// Every file that was read for it.
    pub sources: SourceMap,
    /// Everything that was found.
    pub findings: Findings,
}

impl Read {
    /// The environment's name, `prod`: its file's stem.
    pub fn name(&self) -> &str {
        stem(&self.path)
    }
}

/// An environment without errors; it may have warnings.
#[derive(Debug)]
pub struct Loaded {
    /// What reading it found.
    pub read: Read,
    /// The model.
    pub environment: Environment,
    /// Its stacks.
    pub graph: StackGraph,
    /// The images lock beside it.
    pub lock: Lock,
    /// Digest of what the spec means: the model. Comments, order of keys and how files are laid out do not change it.
    pub spec_digest: String,
}

/// Why an environment could not be loaded.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// A file could not be found or read.
    #[error(transparent)]
    Workspace(#[from] WorkspaceError),
    /// The spec has errors.
    #[error("`{}` has errors", .0.path)]
    Findings(Box<Read>),
}

/// The environment that a person means by `prod` or a path, from the repository on the disk.
///
/// # Errors
///
/// There is none, or it has errors.
pub fn load(workspace: &Workspace, name: &str) -> Result<Loaded, LoadError> {
    let path = workspace.spec(name)?;
    from_files(workspace, &path).map_err(|read| LoadError::Findings(Box::new(read)))
}

/// The environment in that file, from wherever files come: the disk, or a git reference.
///
/// # Errors
///
/// What was found, when there are errors among it.
pub fn from_files(files: &dyn Files, path: &str) -> Result<Loaded, Read> {
    let resolution = resolve::resolve(files, path);
    let resolve::Resolution { sources, environment, mut findings, origins, siblings, lock } = resolution;
    if let (Some(environment), Some(origins)) = (&environment, &origins) {
        check(&Subject { environment, origins, siblings: &siblings, lock: &lock }, &mut findings);
    }
    let environment = environment.filter(|_| !findings.has_errors());
    let read = Read { path: path.to_owned(), sources, findings };
    let (Some(environment), Some(origins)) = (environment, origins) else { return Err(read) };
    let mut loaded = lowered(read, environment, lock, Some(&origins))?;
    let subject =
        Subject { environment: &loaded.environment, origins: &origins, siblings: &siblings, lock: &loaded.lock };
    check_stacks(&subject, &loaded.graph, &mut loaded.read.findings);
    if loaded.read.findings.has_errors() { Err(loaded.read) } else { Ok(loaded) }
}

fn lowered(
    mut read: Read,
    environment: Environment,
    lock: Lock,
    origins: Option<&Origins>,
) -> Result<Loaded, Read> {
    let graph = match lower(&environment) {
        Ok(graph) => graph,
        Err(error) => {
            read.findings.push(stack_error(&error, origins));
            return Err(read);
        }
    };
    let spec_digest = sha256(format!("{environment:?}").as_bytes());
    Ok(Loaded { read, environment, graph, lock, spec_digest })
}

impl Loaded {
    /// The same environment, running other releases: by role.
    ///
    /// # Errors
    ///
    /// What was found, when its stacks cannot be made.
    pub fn with_releases(self, releases: &IndexMap<String, Release>) -> Result<Self, Read> {
        let mut environment = self.environment;
        for role in &mut environment.roles {
            if let Some(release) = releases.get(&role.name) {
                role.wanted_release = Some(release.name.clone());
                role.release = Some(release.clone());
            }
        }
        lowered(self.read, environment, self.lock, None)
    }
}

/// Those environments, or all. Inner error: those that have errors.
///
/// # Errors
///
/// A file could not be found or read.
pub fn all(
    workspace: &Workspace,
    names: &[String],
) -> Result<Result<Vec<Loaded>, Vec<Read>>, WorkspaceError> {
    let (mut loaded, mut broken) = (Vec::new(), Vec::new());
    for path in paths(workspace, names)? {
        match from_files(workspace, &path) {
            Ok(environment) => loaded.push(environment),
            Err(read) => broken.push(read),
        }
    }
    Ok(if broken.is_empty() { Ok(loaded) } else { Err(broken) })
}

/// Files of those environments, or of all: those that have an `environment:` key, or cannot be read as YAML.
pub(super) fn paths(workspace: &Workspace, names: &[String]) -> Result<Vec<String>, WorkspaceError> {
    if !names.is_empty() {
        return names.iter().map(|name| workspace.spec(name)).collect();
    }
    let mut paths = Vec::new();
    for path in workspace.specs()? {
        if !is_base(workspace, &path) {
            paths.push(path);
        }
    }
    if paths.is_empty() {
        return Err(WorkspaceError::NoEnvironments(workspace.root().to_owned()));
    }
    Ok(paths)
}

/// Whether a file can be read and describes no environment of its own.
fn is_base(workspace: &Workspace, path: &str) -> bool {
    let mut sources = SourceMap::new();
    let Ok(text) = workspace.read_text(path) else { return false };
    let id = sources.add(path, text);
    parse(&sources, id).is_ok_and(|document| document.root.get("/environment").is_none())
}
