//! Reading environments: a file in `environments/` and all it names become a model and a stack graph, or findings.

use std::collections::BTreeMap;

use indexmap::IndexMap;
use rayon::prelude::*;

use crate::check::{Settled, Subject, check, settle};
use crate::diagnostics::{Code, Diagnostic, Examined, Findings};
use crate::model::{Environment, Input, LoadBalancer, Lock, Network, Origins, Release};
use crate::resolve::{self, Folder};
use crate::source::{Files, SourceMap, parse, pointer, sha256};
use crate::stacks::{StackError, StackGraph, StackProblem, lower};
use crate::workspace::{Workspace, WorkspaceError, stem};

/// A stack could not be made from a spec that has no error.
pub const STACK: Code = Code::new("ASG0501");

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
    from_folder(&Folder::of(files, path), files, path)
}

fn from_folder(folder: &Folder, files: &dyn Files, path: &str) -> Result<Loaded, Read> {
    let resolution = resolve::resolve_in(folder, files, path);
    let resolve::Resolution { sources, environment, mut findings, origins, siblings, lock } = resolution;
    let mut policy = Settled::default();
    if let (Some(environment), Some(origins)) = (&environment, &origins) {
        let subject = Subject { environment, origins, siblings: &siblings, lock: &lock };
        check(&subject, &mut findings);
        policy = settle(&subject, &mut findings);
    }
    let environment = environment.filter(|_| !findings.has_errors());
    let read = Read { path: path.to_owned(), sources, findings, policy };
    match environment {
        Some(environment) => lowered(read, environment, lock, origins.as_ref()),
        None => Err(read),
    }
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
            read.findings.push(stack_finding(&error, &environment, origins));
            return Err(read);
        }
    };
    let spec_digest = sha256(format!("{environment:?}").as_bytes());
    Ok(Loaded { read, environment, graph, lock, spec_digest })
}

/// A stack that cannot be made; a team's own is pointed at where the spec names what is wrong, and one of asagi's that
/// takes an output where the spec asks for that.
fn stack_finding(error: &StackError, environment: &Environment, origins: Option<&Origins>) -> Diagnostic {
    let finding = Diagnostic::error(STACK, error.to_string());
    let Some(origins) = origins else { return finding };
    let own = pointer(["stacks", &error.stack]);
    if !origins.written(&own) {
        return match &error.problem {
            StackProblem::Dependency(from) | StackProblem::Output { from, .. } => {
                let mut asked = asked_outputs(environment).into_iter().filter(|(_, stack)| stack == from);
                match asked.next() {
                    Some((at, _)) => finding.primary(origins.place(at), ""),
                    None => finding,
                }
            }
            _ => finding,
        };
    }
    let place = match &error.problem {
        StackProblem::Argument(name) | StackProblem::Output { parameter: name, .. } => {
            format!("{own}/parameters{}", pointer([name]))
        }
        StackProblem::Parameter(_) | StackProblem::Dependency(_) => format!("{own}/parameters"),
        _ => format!("{own}/template"),
    };
    finding.primary(origins.place(&place), "")
}

/// Where the spec feeds asagi's own stacks with outputs, each with the key of the stack that it is taken from.
fn asked_outputs(environment: &Environment) -> Vec<(&'static str, &str)> {
    let mut asked = Vec::new();
    if let Network::Existing(network) = &environment.network {
        asked.push(("/network/vpc", network.vpc.output()));
        asked.push(("/network/subnets/public", network.public.output()));
        asked.push(("/network/subnets/private", network.private.output()));
    }
    if let LoadBalancer::Created(created) = &environment.load_balancer {
        asked.push(("/loadBalancer/certificate", created.certificate.as_ref().and_then(Input::output)));
        asked.push(("/loadBalancer/webAcl", created.web_acl.as_ref().and_then(Input::output)));
    }
    asked.into_iter().filter_map(|(at, output)| Some((at, output?.0))).collect()
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
        return names.iter().map(|name| workspace.spec(name)).collect();
    }
    let specs = workspace.specs()?.into_par_iter();
    let paths: Vec<String> = specs.filter(|path| !is_base(workspace, path)).collect();
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
