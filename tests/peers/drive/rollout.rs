//! One environment on one target, moved by asagi's own plan and apply, with everything written down that CloudFormation
//! was seen to do.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Mutex;

use asagi::cfn::ResourceChange;
use asagi::cloud::Cloud;
use asagi::model::{Period, Release, Zone};
use asagi::ops::{ApplyOptions, Consent, End, Loaded, Surroundings, apply, load, plan};
use asagi::plan::{Loss, Plan, losses};
use asagi::rollout::{Built, Cancellation, NoJournal, Observer, Progress, Unobserved, observe};
use asagi::workspace::Workspace;
use indexmap::IndexMap;
use tokio::runtime::{Builder, Runtime};

use crate::support::repository;

/// What one run of `apply` did.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Step {
    /// What the rollout record says after it.
    pub(crate) phase: String,
    /// What the listener rules give blue and green after it.
    pub(crate) weights: (u32, u32),
    /// Every change set that was executed: its stack, and what it listed.
    pub(crate) change_sets: ChangeSets,
}

/// Change sets in the order in which they were executed: the stack, and what was listed.
pub(crate) type ChangeSets = Vec<(String, Vec<String>)>;

/// A stack as it is in the end.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Deployed {
    /// Its status.
    pub(crate) status: String,
    /// The names of its outputs, sorted.
    pub(crate) outputs: Vec<String>,
    /// Its resources by logical id, with their types.
    pub(crate) resources: BTreeMap<String, String>,
}

/// An environment on a target.
pub(crate) struct Rollout<'a> {
    cloud: &'a dyn Cloud,
    loaded: Loaded,
    runtime: Runtime,
}

impl<'a> Rollout<'a> {
    /// The repository's own environment of that name.
    pub(crate) fn new(cloud: &'a dyn Cloud, environment: &str) -> Self {
        Self::of(cloud, &repository(""), environment)
    }

    /// The environment of that name whose spec is below another root.
    pub(crate) fn of(cloud: &'a dyn Cloud, root: &Path, environment: &str) -> Self {
        let loaded = load(&Workspace::open(root).unwrap(), environment).unwrap();
        Self { cloud, loaded, runtime: Builder::new_current_thread().enable_all().build().unwrap() }
    }

    /// What was read of it.
    pub(crate) fn loaded(&self) -> &Loaded {
        &self.loaded
    }

    /// The plan as of now.
    pub(crate) fn plan(&self) -> Plan {
        self.runtime.block_on(plan(self.cloud, &self.loaded)).unwrap()
    }

    /// The web role runs that release from now on.
    pub(crate) fn release(self, name: &str, ami: &str) -> Self {
        let [name, build, ami] = [name, "2026-11-18", ami].map(str::to_owned);
        let releases = IndexMap::from([("web".to_owned(), Release { name, build, ami })]);
        Self { loaded: self.loaded.with_releases(&releases).unwrap(), ..self }
    }

    /// Plans and runs what was planned until there is nothing left to do, as a person does who is told to run it again.
    ///
    /// # Errors
    /// The first one.
    #[cfg_attr(not(feature = "aws"), expect(dead_code, reason = "only the AWS target is asked"))]
    pub(crate) fn finish(&self, next_only: bool) -> Result<(), String> {
        for _ in 0..40 {
            let told = |error: &dyn std::fmt::Display| error.to_string();
            let around = Surroundings {
                cloud: self.cloud,
                observer: &Unobserved,
                journal: &NoJournal,
                origin: None,
                cancelled: &Cancellation::default(),
                zone: &Zone::from(jiff::tz::TimeZone::UTC),
            };
            let environment = &self.loaded.environment;
            let roles = ["web".to_owned()];
            let owner = asagi::stacks::Owner::of(environment);
            let unfinished = asagi::ops::finish(&around, &owner, &environment.account, &roles);
            self.runtime.block_on(unfinished).map_err(|error| told(&error))?;
            let plan = self.runtime.block_on(plan(self.cloud, &self.loaded)).map_err(|error| told(&error))?;
            if plan.is_empty() {
                return Ok(());
            }
            let options = ApplyOptions {
                consent: Consent::Yes,
                next_only,
                role: None,
                outside_window: None,
                again: None,
                unpromoted: plan.promote_from.is_some().then(|| "a test has one account".to_owned()),
                allow_loss: Vec::new(),
                unforeseen: Vec::new(),
                patience: Period::minutes(180),
            };
            let report =
                self.runtime.block_on(apply(&around, &plan, &options)).map_err(|error| told(&error))?;
            let bad = |end: &End| !matches!(end, End::Complete | End::Stopped { .. } | End::Waiting { .. });
            if !matches!(report.built, Built::Done(_)) || report.roles.iter().any(|role| bad(&role.end)) {
                return Err(format!("{report:?}"));
            }
        }
        Err("it does not end".to_owned())
    }

    /// Runs a plan, all of it or up to the end of the next phase.
    pub(crate) fn apply(&self, plan: &Plan, next_only: bool) -> Step {
        let change_sets = self.run(plan, next_only);
        let prefix = format!("{}-{}", plan.project, plan.environment);
        let state = self.runtime.block_on(observe(self.cloud, &prefix, "web")).unwrap().state;
        assert_eq!(state.drift, Vec::<String>::new());
        Step { phase: state.record.phase, weights: (state.blue.weight, state.green.weight), change_sets }
    }

    /// Runs a plan and answers the change sets that were executed.
    pub(crate) fn run(&self, plan: &Plan, next_only: bool) -> ChangeSets {
        let seen = Seen::default();
        let around = Surroundings {
            cloud: self.cloud,
            observer: &seen,
            journal: &NoJournal,
            origin: None,
            cancelled: &Cancellation::default(),
            zone: &Zone::from(jiff::tz::TimeZone::UTC),
        };
        let options = ApplyOptions { next_only, ..agreed(plan) };
        let report = self.runtime.block_on(apply(&around, plan, &options)).unwrap();
        assert!(matches!(report.built, Built::Done(_)), "{report:#?}");
        let went_well = |end: &End| matches!(end, End::Complete | End::Stopped { .. } | End::Waiting { .. });
        assert!(report.roles.iter().all(|role| went_well(&role.end)), "{report:#?}");
        seen.0.into_inner().unwrap()
    }

    /// Brings the stacks of a plan up, where a person has agreed to these changes that no plan could show.
    pub(crate) fn build(&self, plan: &Plan, unforeseen: &[String]) -> Built {
        let around = Surroundings {
            cloud: self.cloud,
            observer: &Unobserved,
            journal: &NoJournal,
            origin: None,
            cancelled: &Cancellation::default(),
            zone: &Zone::from(jiff::tz::TimeZone::UTC),
        };
        let options = ApplyOptions { unforeseen: unforeseen.to_vec(), ..agreed(plan) };
        self.runtime.block_on(apply(&around, plan, &options)).unwrap().built
    }

    /// Every stack of the environment that is there.
    pub(crate) fn deployed(&self) -> BTreeMap<String, Deployed> {
        let stacks = self.loaded.graph.stacks.values();
        stacks.filter_map(|stack| Some((stack.key.clone(), self.stack(&stack.name)?))).collect()
    }

    fn stack(&self, name: &str) -> Option<Deployed> {
        let found = self.runtime.block_on(self.cloud.describe_stack(name)).unwrap()?;
        let resources = self.runtime.block_on(self.cloud.describe_stack_resources(name)).unwrap();
        let mut outputs: Vec<String> = found.outputs.into_keys().collect();
        outputs.sort();
        let resources =
            resources.into_iter().map(|resource| (resource.logical_id, resource.resource_type)).collect();
        Some(Deployed { status: found.status.to_string(), outputs, resources })
    }
}

/// A person has agreed to that plan, at any hour.
fn agreed(plan: &Plan) -> ApplyOptions {
    ApplyOptions {
        consent: Consent::Digest(plan.digest()),
        next_only: false,
        role: None,
        outside_window: plan.window.is_some().then(|| "a test has no hours".to_owned()),
        again: None,
        unpromoted: plan.promote_from.is_some().then(|| "a test has one account".to_owned()),
        allow_loss: losses(plan.levels.iter().flatten()).iter().map(Loss::name).collect(),
        unforeseen: Vec::new(),
        patience: Period::minutes(180),
    }
}

/// Writes down every change set that is executed.
#[derive(Default)]
struct Seen(Mutex<ChangeSets>);

impl Observer for Seen {
    fn tell(&self, progress: &Progress<'_>) {
        if let Progress::ChangeSet { stack, changes } = progress {
            let mut lines: Vec<String> = changes.iter().map(line).collect();
            lines.sort();
            self.0.lock().unwrap().push(((*stack).to_owned(), lines));
        }
    }
}

fn line(change: &ResourceChange) -> String {
    let ResourceChange { action, logical_id, resource_type, replacement, .. } = change;
    format!("{action} {logical_id} {resource_type}, replacement {replacement}")
}

/// The stacks that an environment of the repository is made of, sorted.
pub(crate) fn stack_keys(environment: &str) -> Vec<String> {
    let workspace = Workspace::open(&repository("")).unwrap();
    let mut keys: Vec<String> = load(&workspace, environment).unwrap().graph.stacks.into_keys().collect();
    keys.sort();
    keys
}
