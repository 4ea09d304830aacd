//! The first screen: what is live, what is on the way, whether there is a way back, and the one next command.

use jiff::{SignedDuration, Timestamp};
use serde::Serialize;

use crate::cloud::{Cloud, CloudError};
use crate::model::{Environment, Period, Slot};
use crate::plan::{Gate, Record, RoleState, destination, takes_at_once};
use crate::rollout::observe;

use super::deployed::prefix;
use super::history::history;

/// Minutes that a weights-only change set takes with its proof; the requirement allows three.
const BACK_MINUTES: u32 = 2;
/// Minutes to fill an emptied slot first: two to three to start, up to one to register (requirements, section 5.1).
const REFILL_MINUTES: u32 = 6;

/// The first screen.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct StatusReport {
    /// Form of this report.
    pub version: u32,
    /// The project.
    pub project: String,
    /// The environment.
    pub environment: String,
    /// As the target's clock has it.
    pub now: Timestamp,
    /// In the spec's order.
    pub roles: Vec<RoleStatus>,
}

/// One role on the first screen.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RoleStatus {
    /// As it is seen.
    pub state: RoleState,
    /// The slot users are on.
    pub live: Option<Slot>,
    /// Name of the release on it, where the lock or the record knows its image.
    pub release: Option<String>,
    /// When the current phase lets go, where that is known.
    pub until: Option<Timestamp>,
    /// Whether everything can be given back.
    pub rollback: RollbackReady,
    /// The one next command.
    pub next: String,
}

/// Whether everything can be given back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RollbackReady {
    /// At once, by one change set.
    pub ready: bool,
    /// About how long it takes.
    pub minutes: Option<u32>,
    /// Until when it stays so, where that is known.
    pub until: Option<Timestamp>,
    /// Why not, or why it takes longer.
    pub reason: Option<String>,
}

/// Reads the first screen.
///
/// # Errors
/// When a call does not succeed.
pub async fn status(cloud: &dyn Cloud, environment: &Environment) -> Result<StatusReport, CloudError> {
    let mut roles = Vec::new();
    for role in &environment.roles {
        let seen = observe(cloud, &prefix(environment), &role.name).await?;
        let state = seen.state;
        let live = state.live();
        let until = phase_end(environment, &state);
        roles.push(RoleStatus {
            live,
            release: release_name(cloud, environment, &state, live).await?,
            until,
            rollback: rollback_ready(&state, until),
            next: next_command(environment, &state),
            state,
        });
    }
    Ok(StatusReport {
        version: 1,
        project: environment.project.clone(),
        environment: environment.name.clone(),
        now: cloud.now(),
        roles,
    })
}

/// Name of the release whose image is live: the spec's, the record's, or one that the record named before.
async fn release_name(
    cloud: &dyn Cloud,
    environment: &Environment,
    state: &RoleState,
    live: Option<Slot>,
) -> Result<Option<String>, CloudError> {
    let Some(image) = live.and_then(|live| state.slot(live).image.as_deref()) else { return Ok(None) };
    let wanted = environment.role(&state.role).and_then(|role| role.release.as_ref());
    let known = [state.record.release.as_ref(), wanted].into_iter().flatten();
    if let Some(release) = known.into_iter().find(|release| release.ami == image) {
        return Ok(Some(release.name.clone()));
    }
    let lines = history(cloud, &prefix(environment), std::slice::from_ref(&state.role)).await?;
    let before = lines.into_iter().rev().filter_map(|line| line.release).find(|release| release.ami == image);
    Ok(before.map(|release| release.name))
}

/// When the phase that the record names lets go: the wait of the phase after it.
fn phase_end(environment: &Environment, state: &RoleState) -> Option<Timestamp> {
    let role = environment.role(&state.role)?;
    let record = &state.record;
    let (from, to) = (record.from?, record.to?);
    let route = crate::plan::Route { from: Some(from), to, image: String::new() };
    let phases = crate::plan::phases(role, &route);
    let at = phases.iter().position(|phase| phase.name == record.phase)?;
    let own = phases.get(at)?.moves.iter().filter_map(|step| step.bake.as_ref()).map(|bake| bake.time);
    let mut waits: Vec<Period> = own.collect();
    let following =
        phases.iter().skip(at + 1).take_while(|phase| !phase.moves_traffic() || phase.name == "retire");
    for phase in following.chain(phases.get(at + 1)) {
        waits.extend(phase.gates.iter().filter_map(|gate| match gate {
            Gate::Baked { time, .. } | Gate::Held { time } => Some(*time),
            _ => None,
        }));
    }
    let longest = waits.into_iter().max()?;
    let seconds = i64::try_from(longest.as_seconds()).ok()?;
    record.at?.checked_add(SignedDuration::from_secs(seconds)).ok()
}

fn rollback_ready(state: &RoleState, until: Option<Timestamp>) -> RollbackReady {
    let no =
        |reason: String| RollbackReady { ready: false, minutes: None, until: None, reason: Some(reason) };
    let to = match destination(state) {
        Ok(to) => to,
        Err(why) => return no(why.to_string()),
    };
    let moved = state.record.in_progress() || state.candidate_is_filling();
    if state.slot(to).weight == 100 && !moved {
        return RollbackReady {
            ready: true,
            minutes: Some(0),
            until: None,
            reason: Some(format!("{to} has everything already")),
        };
    }
    let (wanted, healthy) = (state.slot(to.other()).desired.max(1), state.slot(to).healthy);
    if takes_at_once(state, to) {
        let holding = state.slot(to).weight == 0;
        let until = until.filter(|_| holding);
        return RollbackReady { ready: true, minutes: Some(BACK_MINUTES), until, reason: None };
    }
    RollbackReady {
        ready: false,
        minutes: Some(REFILL_MINUTES),
        until: None,
        reason: Some(format!(
            "{to} has {healthy} of {wanted} healthy instances and would be filled again first"
        )),
    }
}

fn next_command(environment: &Environment, state: &RoleState) -> String {
    let name = &environment.name;
    let role = &state.role;
    let back = || format!("asagi rollback {name} --role {role}");
    if !state.drift.is_empty() || state.must_go_back().is_some() && !state.busy {
        return back();
    }
    if state.busy {
        return format!("asagi apply {name}  (follows what is running; or: {})", back());
    }
    let wanted = environment.role(role).and_then(|role| role.release.as_ref());
    let running = state.record.release.as_ref();
    if state.record.in_progress()
        && let (Some(wanted), Some(running)) = (wanted, running)
        && wanted.ami != running.ami
    {
        // Given up in Git: there is nothing to go on with.
        return back();
    }
    if state.record.in_progress() {
        return format!("asagi apply {name} --phase next");
    }
    if state.record.phase == Record::ROLLED_BACK && state.candidate_is_filling() {
        return back();
    }
    format!("asagi plan {name}")
}
