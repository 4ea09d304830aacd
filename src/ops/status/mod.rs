//! The first screen: what is live, what is on the way, what runs, whether there is a way back, and the one next command. It
//! works from deployed stacks alone; the spec, where it can be read, makes it better informed.

mod report;
mod role;

use futures_util::future::join_all;
use indexmap::IndexMap;

use crate::cfn::Stack;
use crate::cloud::{AlarmState, Cloud, CloudError};
use crate::rollout::{RoleStacks, observe_stacks};
use crate::stacks::Owner;

use super::advice::alarm_names;
use super::beside::protection;
use super::elsewhere::{ReadError, check_place};
use super::left::{self, Listed};
use super::load::Loaded;
use super::look::{Look, roles_among};
use super::mend::{running, stuck_among};
use role::Around;

pub use report::{CohortStatus, RoleStatus, RollbackReady, SlotAlarm, StatusReport};

/// Reads the first screen.
///
/// # Errors
/// When the account is not the one that was meant, or a call does not succeed.
pub async fn status(cloud: &dyn Cloud, look: Look<'_>) -> Result<StatusReport, ReadError> {
    let Look { identity, loaded, .. } = look;
    let owner = identity.owner();
    // without a spec no stack can have left it
    let listed = match loaded {
        Some(loaded) => Some((loaded, left::listed(cloud, &owner, &loaded.graph).await?)),
        None => None,
    };
    let found = match &listed {
        Some((_, listed)) => listed.planned.clone(),
        None => look.stacks(cloud).await?,
    };
    let account = check_place(cloud, identity.account.as_deref(), found.values().next()).await?;
    let (own, strangers): (IndexMap<_, _>, IndexMap<_, _>) =
        found.into_iter().partition(|(_, stack)| owner.check(stack).is_ok() || stack.status.is_absent());
    let names = if identity.roles.is_empty() { roles_among(&own, &owner) } else { identity.roles.clone() };
    let (seen, alarms, runs, stuck) = tokio::join!(
        join_all(
            names
                .iter()
                .map(|role| { observe_stacks(cloud, role, RoleStacks::among(&own, &owner.prefix(), role)) })
        ),
        alarms(cloud, &owner, &names, &own),
        join_all(own.values().filter(|stack| stack.status.is_busy()).map(|stack| running(cloud, stack))),
        stuck_among(cloud, look, &own, |stack| !stack.status.is_busy()),
    );
    let (alarms, stuck) = (alarms?, stuck?);
    let running = runs.into_iter().collect::<Result<Vec<_>, _>>()?;
    let mut roles = Vec::new();
    for (role, seen) in names.iter().zip(seen) {
        let around =
            Around { look, owner: &owner, own: &own, alarms: &alarms, running: &running, stuck: &stuck };
        roles.push(around.role(cloud, role, seen?).await?);
    }
    Ok(StatusReport {
        version: 1,
        project: identity.project.clone(),
        environment: identity.environment.clone(),
        account,
        region: identity.region.clone(),
        now: cloud.now(),
        deployed: own.values().any(|stack| !stack.status.is_absent()),
        strangers: strangers
            .values()
            .filter_map(|it| owner.check(it).err())
            .map(|it| it.to_string())
            .collect(),
        running,
        stuck,
        protection: loaded.into_iter().flat_map(|it| protection(it, &own)).map(|it| it.to_string()).collect(),
        leaving: match &listed {
            Some((loaded, listed)) => leaving(cloud, loaded, listed, look.typed).await?,
            None => Vec::new(),
        },
        roles,
    })
}

/// Stacks that are deployed and no longer in the spec.
async fn leaving(
    cloud: &dyn Cloud,
    loaded: &Loaded,
    listed: &Listed,
    typed: &str,
) -> Result<Vec<String>, CloudError> {
    let beside = listed.beside(cloud, &loaded.graph, &[]).await?.unwrap_or_default();
    Ok(beside.iter().map(|it| left::told(&it.stack.name, it.own, typed)).collect())
}

async fn alarms(
    cloud: &dyn Cloud,
    owner: &Owner,
    roles: &[String],
    own: &IndexMap<String, Stack>,
) -> Result<Vec<AlarmState>, CloudError> {
    let prefix = owner.prefix();
    let deployed = roles.iter().filter(|role| own.contains_key(&format!("{prefix}-{role}-traffic")));
    let names: Vec<String> = deployed.flat_map(|role| alarm_names(&prefix, role)).collect();
    if names.is_empty() { Ok(Vec::new()) } else { cloud.alarms(&names).await }
}
