//! Reading environments: a file in `environments/` and all it names become a model and a stack graph, or findings.

use std::collections::BTreeMap;

use indexmap::IndexMap;
use rayon::prelude::*;

use crate::check::{Settled, Subject, check, check_stacks, settle, stack_error};
use crate::diagnostics::{Examined, Findings, Severity};
use crate::model::{Environment, Lock, Release};
use crate::resolve::{self, Folder};
use crate::source::{Files, SourceMap, sha256};
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
    /// What the environment's own policy did to them.
    pub policy: Settled,
}

impl Read {
    /// The environment's name, `prod`: its file's stem.
    pub fn name(&self) -> &str {
        stem(&self.path)
    }

    /// The same for a report.
    pub fn examined(&self) -> Examined<'_> {
        Examined {
            name: self.name(),
            path: &self.path,
            sources: &self.sources,
            findings: &self.findings,
            ignored: &self.policy.ignored,
            policy: &self.policy.set,
        }
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
    let path = spec(workspace, name)?;
    from_files(workspace, &path).map_err(|read| LoadError::Findings(Box::new(read)))
}

/// The environment in that file, from wherever files come: the disk, or a git reference.
///
/// # Errors
///
/// What was found, when there are errors among it.
pub fn from_files(files: &dyn Files, path: &str) -> Result<Loaded, Read> {
    from_resolution(resolve::resolve(files, path), path)
}

fn from_folder(folder: &Folder, files: &dyn Files, path: &str) -> Result<Loaded, Read> {
    from_resolution(resolve::resolve_in(folder, files, path), path)
}

fn from_resolution(resolution: resolve::Resolution, path: &str) -> Result<Loaded, Read> {
    let resolve::Resolution { sources, environment, mut findings, origins, siblings, lock } = resolution;
    let (Some(environment), Some(origins)) = (environment, origins) else {
        return Err(Read { path: path.to_owned(), sources, findings, policy: Settled::default() });
    };
    let subject = Subject {
        environment: &environment,
        origins: &origins,
        siblings: &siblings,
        lock: &lock,
        sources: &sources,
    };
    check(&subject, &mut findings);
    let graph = if can_be_lowered(&findings) {
        findings.keep(lower(&environment).map_err(|error| stack_error(&error, &environment, Some(&origins))))
    } else {
        None
    };
    if let Some(graph) = &graph {
        check_stacks(&subject, graph, &mut findings);
    }
    let policy = settle(&subject, &mut findings);
    let read = Read { path: path.to_owned(), sources, findings, policy };
    match graph.filter(|_| !read.findings.has_errors()) {
        Some(graph) => Ok(Loaded { read, environment, graph, lock }),
        None => Err(read),
    }
}

/// Whether nothing was found that stacks could not be made of. What a policy forbids it may also allow, and that is
/// known only once everything was found.
fn can_be_lowered(findings: &Findings) -> bool {
    let policy = |code: &str| code.starts_with("ASG04");
    findings.iter().all(|found| found.severity != Severity::Error || policy(found.code.as_str()))
}

impl Loaded {
    /// Digest of what the spec means: the model. Comments, order of keys and how files are laid out do not change it.
    pub fn spec_digest(&self) -> String {
        sha256(format!("{:?}", self.environment).as_bytes())
    }

    /// The same environment where nothing else is: what its own stacks take from elsewhere is made up.
    ///
    /// # Errors
    ///
    /// What was found, when its stacks cannot be made.
    pub fn by_itself(mut self) -> Result<Self, Read> {
        let stacks = std::mem::take(&mut self.environment.stacks);
        self.environment.stacks = stacks.into_iter().map(crate::model::OwnStack::by_itself).collect();
        self.with_releases(&IndexMap::new())
    }

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
        let mut read = self.read;
        match lower(&environment) {
            Ok(graph) => Ok(Loaded { read, environment, graph, lock: self.lock }),
            Err(error) => {
                read.findings.push(stack_error(&error, &environment, None));
                Err(read)
            }
        }
    }
}

/// What becomes of each of those environments, or of all, in the order of their files. They are made side by side and
/// only what `then` keeps of them stays, so that a thousand need no more memory than a few.
///
/// # Errors
///
/// A file could not be found or read.
pub fn each<T: Send>(
    workspace: &Workspace,
    names: &[String],
    then: impl Fn(Result<Loaded, Read>) -> T + Sync,
) -> Result<Vec<T>, WorkspaceError> {
    let paths = paths(workspace, names)?;
    let mut folders: BTreeMap<&str, Folder> = BTreeMap::new();
    for path in &paths {
        folders.entry(parent(path)).or_insert_with(|| Folder::of(workspace, path));
    }
    let nothing = Folder::default();
    let make = |path: &String| {
        let folder = folders.get(parent(path)).unwrap_or(&nothing);
        then(from_folder(folder, workspace, path))
    };
    Ok(paths.par_iter().map(make).collect())
}

fn parent(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// Files of those environments, or of all: those that have an `environment:` key, or cannot be read as YAML.
///
/// # Errors
///
/// There is none of that name, or none at all.
pub fn paths(workspace: &Workspace, names: &[String]) -> Result<Vec<String>, WorkspaceError> {
    if !names.is_empty() {
        return names.iter().map(|name| spec(workspace, name)).collect();
    }
    let specs = workspace.specs()?.into_par_iter();
    let paths: Vec<String> = specs.filter(|path| !resolve::is_part(workspace, path)).collect();
    if paths.is_empty() {
        return Err(WorkspaceError::NoEnvironments(workspace.root().to_owned()));
    }
    Ok(paths)
}

/// The file of an environment. Where there is none of that name, those that are no environments are not offered.
fn spec(workspace: &Workspace, name: &str) -> Result<String, WorkspaceError> {
    workspace.spec(name).map_err(|error| match error {
        WorkspaceError::NoEnvironment { name, known } => {
            let all = paths(workspace, &[]).unwrap_or_default();
            let is_one = |stem: &String| all.iter().any(|path| crate::workspace::stem(path) == stem);
            WorkspaceError::NoEnvironment { name, known: known.into_iter().filter(is_one).collect() }
        }
        error => error,
    })
}
