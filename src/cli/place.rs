//! Which environment a command is about that works from deployed stacks alone: its spec, as much of it as can be read, flags,
//! or what the account has.

use std::path::Path;

use clap::Args;
use jiff::tz::TimeZone;

use crate::model::Zone;
use crate::ops::{self, Identity, LoadError, Loaded, Look};
use crate::stacks::Owner;
use crate::workspace::{Workspace, WorkspaceError, stem};

use super::findings::{hint, plural};
use super::options::Target;
use super::target::OpenTarget;
use super::{Context, Failure};

/// Which environment.
#[derive(Debug, Args)]
pub(super) struct PlaceArguments {
    /// The environment: its file's stem or path; its name where there is no file
    #[arg(required_unless_present = "project")]
    environment: Option<String>,
    /// The project, where there is no spec to read
    #[arg(long, requires = "name", conflicts_with = "environment")]
    project: Option<String>,
    /// The environment's name, where there is no spec to read
    #[arg(long, requires = "project")]
    name: Option<String>,
    /// The account, where there is no spec to read [default: that of the credentials]
    #[arg(long)]
    account: Option<String>,
    /// The region, where there is no spec to read
    #[arg(long, default_value = "ap-northeast-1")]
    region: String,
}

/// The environment, and as much as is known of it.
pub(super) struct Place {
    /// Which it is.
    pub(super) identity: Identity,
    /// Its spec, where it could be read.
    pub(super) loaded: Option<Loaded>,
    /// There is a spec, and it has errors.
    broken: bool,
    /// As a person names it in a command.
    pub(super) typed: String,
}

impl Place {
    /// For a look at it.
    pub(super) fn look<'a>(&'a self, zone: &'a Zone) -> Look<'a> {
        Look {
            identity: &self.identity,
            loaded: self.loaded.as_ref(),
            broken: self.broken,
            typed: &self.typed,
            zone,
        }
    }

    /// The time zone that times are told in: the spec's, where one can be read and names one.
    pub(super) fn zone(&self) -> Zone {
        let spec = self.loaded.as_ref().map(|loaded| &loaded.environment);
        spec.map_or_else(|| TimeZone::system().into(), super::context::zone)
    }

    /// Its roles: the spec's, or those that are deployed.
    pub(super) fn roles(&self, target: &OpenTarget) -> Result<Vec<String>, Failure> {
        match self.identity.roles.as_slice() {
            [] => target.wait(ops::deployed_roles(target.cloud(), &self.identity.owner())),
            roles => Ok(roles.to_vec()),
        }
    }
}

impl Context {
    /// The environment that a person means, and its target.
    pub(super) fn place(&mut self, arguments: &PlaceArguments) -> Result<(Place, OpenTarget), Failure> {
        let (account, region) = (arguments.account.as_deref(), arguments.region.as_str());
        if let (Some(project), Some(name)) = (&arguments.project, &arguments.name) {
            let owner = Owner { project: project.clone(), environment: name.clone() };
            let place = named(&owner, account, region);
            let target = self.target_at(account, region)?;
            return Ok((place, target));
        }
        let name = arguments.environment.as_deref().unwrap_or_default();
        let missing = match self.workspace() {
            Ok(workspace) => match self.spec(&workspace, name)? {
                Ok(place) => {
                    let target = match &place.loaded {
                        Some(loaded) => self.target(&loaded.environment)?,
                        None => self.target_at(place.identity.account.as_deref(), &place.identity.region)?,
                    };
                    return Ok((place, target));
                }
                Err(missing) => missing,
            },
            Err(failure) if self.options.root.is_none() => failure,
            Err(failure) => return Err(failure),
        };
        self.found(stem(name), account, region, missing)
    }

    /// By its spec, or by as much of it as can be read; the inner error is that there is nothing to go by.
    fn spec(&mut self, workspace: &Workspace, name: &str) -> Result<Result<Place, Failure>, Failure> {
        let read = match ops::load(workspace, name) {
            Ok(loaded) => {
                if let Some(hint) = hint(&loaded.read.findings, loaded.read.name()) {
                    self.console.progress(hint);
                }
                let identity = Identity::of(&loaded.environment);
                let (loaded, typed) = (Some(loaded), name.to_owned());
                return Ok(Ok(Place { identity, loaded, broken: false, typed }));
            }
            Err(LoadError::Workspace(error @ WorkspaceError::NoEnvironment { .. })) => {
                return Ok(Err(error.into()));
            }
            Err(LoadError::Workspace(error)) => return Err(error.into()),
            Err(LoadError::Findings(read)) => read,
        };
        let errors = plural(read.findings.count(crate::diagnostics::Severity::Error), "error");
        self.console.say(format!(
            "the spec has {errors}, see `asagi check {name}`: what follows is from deployed stacks alone, without when \
             phases let go, what the spec asks for, windows and approvals"
        ));
        Ok(ops::identify(workspace, &read.path)
            .map(|identity| Place { identity, loaded: None, broken: true, typed: name.to_owned() })
            .map_err(|missing| {
                Failure::new(format!("{} does not say `{missing}`", read.path))
                    .help("name it without a spec: `--project` and `--name`")
            }))
    }

    /// The one environment of that name that the account has.
    fn found(
        &mut self,
        name: &str,
        account: Option<&str>,
        region: &str,
        missing: Failure,
    ) -> Result<(Place, OpenTarget), Failure> {
        let target = self.target_at(account, region)?;
        let owners = match target.wait(ops::deployed_owners(target.cloud(), name)) {
            Ok(owners) => owners,
            Err(_) if self.options.target == Target::Local => Vec::new(),
            Err(failure) => return Err(failure),
        };
        match owners.as_slice() {
            [] => Err(missing),
            [owner] => {
                let Owner { project, environment } = owner;
                self.console.progress(format!(
                    "no spec is read: the account has environment {environment} of project {project}"
                ));
                let place = named(owner, account, region);
                Ok((place, target))
            }
            owners => {
                let projects: Vec<&str> = owners.iter().map(|owner| owner.project.as_str()).collect();
                Err(Failure::new(format!("several projects have an environment `{name}`")).help(format!(
                    "give `--name {name}` and `--project` with one of: {}",
                    projects.join(", ")
                )))
            }
        }
    }

    /// The target, also where nobody said which account: that of the credentials, or the only one of the embedded target.
    fn target_at(&self, account: Option<&str>, region: &str) -> Result<OpenTarget, Failure> {
        match (account, self.options.target) {
            (Some(account), _) => self.target_for(account, region),
            (None, Target::Aws) => self.target_for("", region),
            (None, Target::Local) => match self.local_accounts().as_slice() {
                [account] => self.target_for(account, region),
                [] => {
                    Err(Failure::new("nothing was ever deployed on the embedded target here").help(format!(
                        "it is kept in `{}` of the folder that asagi runs in: go there, or give `--root`",
                        local_folder()
                    )))
                }
                accounts => Err(Failure::new("which account of the embedded target?")
                    .help(format!("give `--account` with one of: {}", accounts.join(", ")))),
            },
        }
    }

    /// Accounts that the embedded target has in this folder or repository.
    fn local_accounts(&self) -> Vec<String> {
        let workspace = match self.workspace() {
            Err(_) if self.options.root.is_none() => Workspace::open(Path::new(".")).map_err(Failure::from),
            workspace => workspace,
        };
        let names = workspace.ok().and_then(|it| it.door().names(&local_folder()).ok()?).unwrap_or_default();
        names.into_iter().filter(|name| name.chars().all(|c| c.is_ascii_digit())).collect()
    }
}

/// Where the embedded target keeps its accounts.
fn local_folder() -> String {
    format!("{}/local", crate::workspace::private::FOLDER)
}

/// By name alone; commands that are advised name it the same way.
fn named(owner: &Owner, account: Option<&str>, region: &str) -> Place {
    let Owner { project, environment } = owner;
    let account_flag = account.map_or_else(String::new, |account| format!(" --account {account}"));
    Place {
        typed: format!("--project {project} --name {environment}{account_flag} --region {region}"),
        identity: Identity {
            project: project.clone(),
            environment: environment.clone(),
            account: account.map(str::to_owned),
            region: region.to_owned(),
            roles: Vec::new(),
        },
        loaded: None,
        broken: false,
    }
}
