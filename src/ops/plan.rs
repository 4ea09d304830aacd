//! Makes a plan: reads what is deployed, compares, predicts. Nothing is written.

use indexmap::IndexMap;
use jiff::tz::TimeZone;

use crate::cloud::{Cloud, CloudError};
use crate::model::{Environment, LayerKind, Role, Slot};
use crate::plan::{Inputs, Left, Misnamed, Plan, Refusal, RoleState, StackDeferral, build_plan};
use crate::rollout::ObservedRole;
use crate::stacks::{Owner, StackGraph, StackKind, Stranger};

use super::deployed::{Deployed, read_ids_of_changed, read_without_ids};
use super::elsewhere::ReadError;
use super::left;
use super::load::Loaded;
use super::mend::what_runs;
use super::readings::{Read, Unread, Variables};

/// Why no plan could be made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PlanError {
    /// Roles that cannot be planned as they are.
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
    Refused(Vec<Refusal>),
    /// A stack is busy or stuck, so what it will be is not known.
    #[error("stack {name} is {status}: {mend}")]
    Unsettled {
        /// The stack.
        name: String,
        /// Where it stands.
        status: String,
        /// Something is being done to it.
        busy: bool,
        /// What to do.
        mend: String,
    },
    /// Stacks of such names belong to somebody else.
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
    Strangers(Vec<Stranger>),
    /// Stacks that are to be taken over and are nobody's, or not there.
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
    Misnamed(Vec<Misnamed>),
    /// What parameters take from elsewhere is not there.
    #[error("{}", .0.iter().map(|unread| unread.why.as_str()).collect::<Vec<_>>().join("; "))]
    Unread(Vec<Unread>),
    /// Nobody can say which stacks left the spec.
    #[error("the caller may not list stacks, so nobody knows which left the spec")]
    Unlisted,
    /// The credentials are of another account.
    #[error("{0}")]
    Elsewhere(ReadError),
    /// A call did not succeed.
    #[error(transparent)]
    Cloud(#[from] CloudError),
}

impl From<ReadError> for PlanError {
    fn from(error: ReadError) -> Self {
        match error {
            ReadError::Cloud(error) => Self::Cloud(error),
            ReadError::Stranger(stranger) => Self::Strangers(vec![stranger]),
            error @ ReadError::Elsewhere { .. } => Self::Elsewhere(error),
        }
    }
}

/// What a person wants of a plan beyond the spec.
#[derive(Debug, Clone, Copy, Default)]
pub struct PlanOptions<'a> {
    /// Roll out a release that was taken back before.
    pub again: bool,
    /// Names of stacks that are taken over though they were not made for this environment.
    pub adopt: &'a [String],
    /// Environment variables that parameters take; without it none is looked at.
    pub variables: Option<&'a dyn Variables>,
    /// Remove stacks that are deployed and no longer in the spec.
    pub prune: bool,
}

/// Makes the plan for an environment as it is now.
///
/// # Errors
/// When a call does not succeed, a stack is stuck, or a role cannot be planned as it is.
pub async fn plan(cloud: &dyn Cloud, loaded: &Loaded) -> Result<Plan, PlanError> {
    plan_with(cloud, loaded, PlanOptions::default()).await
}

/// The same, as a person wants it.
///
/// # Errors
/// When a call does not succeed, a stack is stuck or somebody else's, or a role cannot be planned as it is.
pub async fn plan_with(
    cloud: &dyn Cloud,
    loaded: &Loaded,
    options: PlanOptions<'_>,
) -> Result<Plan, PlanError> {
    let (environment, graph) = (&loaded.environment, &loaded.graph);
    let (mut deployed, listed) = read_without_ids(cloud, environment, graph).await?;
    let mut strangers = deployed.strangers(environment);
    let owner = Owner::of(environment);
    let left = match listed.beside(cloud, graph, options.adopt).await? {
        None if options.prune => return Err(PlanError::Unlisted),
        None => Vec::new(),
        Some(beside) => left::read(cloud, &owner, beside).await?,
    };
    check_adopted(options.adopt, &strangers, &deployed, &left)?;
    strangers.retain(|stranger| !options.adopt.contains(&stranger.stack));
    if !strangers.is_empty() {
        return Err(PlanError::Strangers(strangers));
    }
    let mut apart = Vec::new();
    for (key, found) in &deployed.stacks {
        let status = &found.stack.status;
        if status.is_updatable() {
            continue;
        }
        let (name, status) = (found.stack.name.clone(), status.to_string());
        let busy = found.stack.status.is_busy();
        let mend = match busy {
            true => wait(cloud, &name, environment).await?,
            false => mend(&found.stack.status, environment),
        };
        match beside(environment, &deployed.roles, key) {
            true => apart.push(StackDeferral {
                stack: key.clone(),
                until: format!("{name} is no longer {status}: {mend}"),
            }),
            false => return Err(PlanError::Unsettled { name, status, busy, mend }),
        }
    }
    let Read { readings, missing } = super::readings::read(cloud, graph, options.variables).await?;
    let (later, missing): (Vec<Unread>, Vec<Unread>) =
        missing.into_iter().partition(|it| beside(environment, &deployed.roles, &it.stack));
    if !missing.is_empty() {
        return Err(PlanError::Unread(missing));
    }
    apart.extend(later.into_iter().map(|it| StackDeferral {
        until: format!("there is what it takes: {}; {}", it.why, it.help),
        stack: it.stack,
    }));
    deployed.readings = readings;
    let mut deferred = deferred(cloud, environment, graph, &deployed.stacks).await?;
    deferred.extend(apart);
    let roles: IndexMap<String, RoleState> =
        deployed.roles.iter().map(|(name, role)| (name.clone(), role.state.clone())).collect();
    read_ids_of_changed(cloud, environment, graph, &mut deployed, &roles).await?;
    let inputs = Inputs {
        environment,
        graph,
        spec_digest: &loaded.spec_digest(),
        deployed: &deployed.stacks,
        roles: &roles,
        readings: &deployed.readings,
        deferred: &deferred,
        left: &left,
        prune: options.prune,
        again: options.again,
        now: cloud.now(),
    };
    build_plan(&inputs).map_err(PlanError::Refused)
}

/// A stack that is this environment's already was taken over before; any other name must be a stranger's.
fn check_adopted(
    adopt: &[String],
    strangers: &[Stranger],
    deployed: &Deployed,
    left: &[Left],
) -> Result<(), PlanError> {
    let there = |name: &&String| {
        let left = left.iter().map(|left| &left.deployed);
        deployed.stacks.values().chain(left).any(|found| found.stack.name == **name)
    };
    let known = || strangers.iter().map(|stranger| stranger.stack.clone()).collect();
    let why = "no stack of this environment has that name and is somebody else's";
    let found: Vec<Misnamed> = adopt
        .iter()
        .filter(|name| !there(name))
        .map(|name| Misnamed::new("--adopt", name, why, known()))
        .collect();
    if found.is_empty() { Ok(()) } else { Err(PlanError::Misnamed(found)) }
}

/// A rollout is on its way, and the stack is not one of those that it goes through: it must not stand in the way.
fn beside(environment: &Environment, roles: &IndexMap<String, ObservedRole>, key: &str) -> bool {
    let on_its_way = |role: &&Role| roles.get(&role.name).is_some_and(|seen| seen.state.record.in_progress());
    let mut running = environment.roles.iter().filter(on_its_way).peekable();
    running.peek().is_some()
        && !running.any(|role| {
            let slots = Slot::ALL.map(|slot| role.slot_stack(slot));
            [role.traffic_stack(), role.alarms_stack()].iter().chain(&slots).any(|own| own == key)
        })
}

/// Whose work runs on a stack since when, and what can be done meanwhile.
async fn wait(cloud: &dyn Cloud, stack: &str, environment: &Environment) -> Result<String, CloudError> {
    let events = cloud.describe_stack_events(stack, None).await?;
    // A plan is the same whoever makes it: without a zone in the spec it is told in no machine's own.
    let zone = environment.protection.zone().unwrap_or_else(|| TimeZone::UTC.into());
    let (what, name) = (what_runs(&events, &zone), &environment.name);
    Ok(format!("{what}; wait for it, or `asagi rollback {name}` where a rollout is to be taken back"))
}

/// The one right thing to do about a stack that cannot be updated.
pub(super) fn mend(status: &crate::cfn::StackStatus, environment: &Environment) -> String {
    use crate::cfn::StackStatus;
    let name = &environment.name;
    match status {
        status if status.is_unmade() => {
            format!(
                "its creation failed; `asagi mend {name}` deletes it unless it is in use, then plan again"
            )
        }
        StackStatus::UpdateRollbackFailed => {
            format!("`asagi mend {name}` continues its rollback, then plan again")
        }
        StackStatus::UpdateFailed => {
            format!("`asagi mend {name}` rolls its failed update back, then plan again")
        }
        StackStatus::DeleteFailed => {
            format!("a delete of it failed; `asagi mend {name}` says what it holds, and what to do")
        }
        _ => format!("`asagi mend {name}` says what a person can do about it"),
    }
}

/// A layer's pipeline cannot be created before the layer below it was built once: its recipe names that image.
pub(super) async fn deferred<T: Sync>(
    cloud: &dyn Cloud,
    environment: &Environment,
    graph: &StackGraph,
    deployed: &IndexMap<String, T>,
) -> Result<Vec<StackDeferral>, CloudError> {
    let mut deferred = Vec::new();
    for stack in graph.stacks.values().filter(|stack| !deployed.contains_key(&stack.key)) {
        let StackKind::Images { role, layer } = &stack.kind else { continue };
        let below = match layer {
            LayerKind::Base => continue,
            LayerKind::Middleware => LayerKind::Base,
            LayerKind::Application => LayerKind::Middleware,
        };
        let images = environment.role(role).and_then(|role| role.images.as_ref());
        let Some(below) = images.map(|images| images.layer(below)) else { continue };
        let registry = crate::stacks::names::registry_parameter(&environment.project, role, below);
        if cloud.parameter(&registry).await?.is_none() {
            let until =
                format!("the {} layer {} of {role} was built once", below.kind.as_str(), below.version);
            deferred.push(StackDeferral { stack: stack.key.clone(), until });
        }
    }
    Ok(deferred)
}
