//! What a command is given besides its own arguments.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Mutex};

use jiff::tz::TimeZone;

use super::sabotage::Saboteur;
use super::target::{self, OpenTarget};
use super::watch::Watch;
use super::{Console, ExitCode, Failure, Options, Target, findings};
use crate::diagnostics::nearest;
use crate::model::{Environment, Zone};
use crate::ops::{self, LoadError, Loaded, Surroundings};
use crate::plan::{NoPlan, Plan, PlanFile, asks_for_promotion};
use crate::rollout;
use crate::shown;
use crate::source::limits;
use crate::words::Secret;
use crate::workspace::{Journal, Workspace};

/// What a command is given besides its own arguments.
pub struct Context {
    /// Options that every command has.
    pub options: Options,
    /// What it talks through.
    pub console: Console,
}

impl Context {
    /// The repository: `--root`, or the nearest folder above that holds `environments/`.
    pub fn workspace(&self) -> Result<Workspace, Failure> {
        let workspace = match &self.options.root {
            Some(root) => Workspace::open(root)?,
            None => Workspace::find()?,
        };
        Ok(workspace)
    }

    /// The environment of that name or path. Its errors are shown and end the command; its warnings are counted.
    pub(super) fn load(&mut self, name: &str) -> Result<Loaded, Failure> {
        let workspace = self.workspace()?;
        match ops::load(&workspace, name) {
            Ok(loaded) => {
                if let Some(hint) = findings::hint(&loaded.read.findings, loaded.read.name()) {
                    self.console.progress(hint);
                }
                Ok(loaded)
            }
            Err(LoadError::Workspace(error)) => Err(error.into()),
            Err(LoadError::Findings(read)) => Err(findings::fail(&[*read], &mut self.console)),
        }
    }

    /// The target for an environment.
    pub(super) fn target(&self, environment: &Environment) -> Result<OpenTarget, Failure> {
        let home = self.target_for(&environment.account, &environment.region)?;
        let mut others = BTreeMap::new();
        for region in environment.other_regions() {
            let buckets = Some(environment.region.as_str());
            let there = self.target_in(&environment.account, &region, buckets)?;
            others.insert(region, there);
        }
        Ok(home.with(&environment.region, others, environment.elsewhere()))
    }

    /// The target for an account and region.
    pub(super) fn target_for(&self, account: &str, region: &str) -> Result<OpenTarget, Failure> {
        self.target_in(account, region, None)
    }

    /// The same; templates go through buckets of another Region where one is given.
    fn target_in(&self, account: &str, region: &str, buckets: Option<&str>) -> Result<OpenTarget, Failure> {
        // A way back is asked for from anywhere: without a repository this folder is the place.
        let workspace = match self.workspace() {
            Err(_) if self.options.root.is_none() => Workspace::open(Path::new("."))?,
            workspace => workspace?,
        };
        target::open(&self.options, &workspace, (account, region, buckets), self.console.is_live())
    }

    /// Where a plan's releases come from, where that is another account or Region of the target and can be reached.
    pub(super) fn origin(&self, plan: &Plan, profile: Option<&str>) -> Result<Option<OpenTarget>, Failure> {
        let origin = plan.promote_from.as_ref();
        let Some((account, region)) = origin.and_then(|it| Some((it.account.as_ref()?, it.region.as_ref()?)))
        else {
            return Ok(None);
        };
        let elsewhere = *account != plan.account;
        let asked = plan.roles.iter().any(|role| asks_for_promotion(plan, role));
        let reached = self.options.target == Target::Local || profile.is_some() || !elsewhere;
        if !asked || !reached || !elsewhere && *region == plan.region {
            return Ok(None);
        }
        let profile = profile.map(str::to_owned).or_else(|| self.options.profile.clone());
        let role = self.options.assume_role.clone().filter(|_| !elsewhere);
        let options = Options { profile, assume_role: role, advance: None, ..self.options.clone() };
        Ok(Some(target::open(&options, &self.workspace()?, (account, region, None), false)?))
    }

    /// The plan file at a path.
    pub(super) fn plan_file(&self, path: &Path) -> Result<PlanFile, Failure> {
        let shown = path.display();
        let text = match crate::workspace::read_file(path, limits::PLAN) {
            Err(error) if error.is_absent() => {
                let missing = Failure::new(format!("there is no plan file `{shown}`"));
                return Err(missing.help("make one with `asagi plan ENV --out FILE`"));
            }
            read => read?,
        };
        PlanFile::parse(&text).map_err(|why| {
            let code =
                if matches!(why, NoPlan::Unreadable(_)) { ExitCode::Error } else { ExitCode::StalePlan };
            let help = "make it again with `asagi plan ENV --out FILE`, and review that";
            Failure::new(format!("`{shown}`: {why}")).help(help).code(code)
        })
    }

    /// The write-ahead journal of an environment, on this machine; nothing is written where there is no repository.
    pub(super) fn journal(&self, project: &str, environment: &str) -> Result<Diary, Failure> {
        match self.workspace() {
            Err(_) if self.options.root.is_none() => Ok(Diary::default()),
            workspace => Ok(Diary(Mutex::new(Some(workspace?.journal(project, environment)?)))),
        }
    }

    /// The same for a way back, which goes on without a journal where there can be none, and says so.
    pub(super) fn journal_if_any(&mut self, project: &str, environment: &str) -> Diary {
        self.journal(project, environment).unwrap_or_else(|failure| {
            self.console.progress(shown!("the journal is not kept: {}", failure.message));
            Diary::default()
        })
    }

    /// Runs what changes stacks, shown to the person and noted in the diary. Ctrl-C ends the following, not the change.
    pub(super) fn follow<T, E>(
        &mut self,
        target: &OpenTarget,
        diary: &Diary,
        zone: &Zone,
        work: impl AsyncFnOnce(&Surroundings<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let cancelled = Arc::new(rollout::Cancellation::default());
        let watch = Watch::new(&mut self.console, zone.clone());
        let around = Surroundings {
            cloud: target.cloud(),
            observer: &Saboteur { watch: &watch, plot: target.plot() },
            journal: diary,
            origin: None,
            cancelled: &cancelled,
            zone,
        };
        target.follow(Arc::clone(&cancelled), work(&around))
    }
}

/// The time zone that times are told in: the spec's, where it names one.
pub(super) fn zone(environment: &Environment) -> Zone {
    environment.protection.zone().unwrap_or_else(|| TimeZone::system().into())
}

/// A role that was asked for by name must be one of those that there are.
pub(super) fn known_role(wanted: Option<&str>, known: &[String]) -> Result<(), Failure> {
    match wanted {
        Some(name) if !known.iter().any(|role| role == name) => {
            let first = nearest(name, known.iter().map(String::as_str));
            let others = known.iter().map(String::as_str).filter(|role| Some(*role) != first);
            let roles: Vec<&str> = first.into_iter().chain(others).collect();
            Err(Failure::new(format!("there is no role `{name}`"))
                .help(format!("one of: {}", roles.join(", "))))
        }
        _ => Ok(()),
    }
}

/// The environment that asagi itself runs in.
#[derive(Debug)]
pub(super) struct OfProcess;

impl ops::Variables for OfProcess {
    fn variable(&self, name: &str) -> Result<Option<Secret>, String> {
        crate::workspace::variable(name)
    }
}

/// The journal on the disk, as a rollout writes it: until it cannot be written, which is told once.
#[derive(Default)]
pub(super) struct Diary(Mutex<Option<Journal>>);

impl rollout::Journal for Diary {
    fn write(&self, entry: &rollout::Entry) -> Result<(), String> {
        let mut kept = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let Some(journal) = kept.as_mut() else { return Ok(()) };
        journal.append(entry).map_err(|error| {
            *kept = None;
            error.to_string()
        })
    }
}
