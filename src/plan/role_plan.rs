//! What is to happen to one role: a release, the rest of a running rollout, a change of size, or nothing.

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

use crate::cfn::ResourceChange;
use crate::model::{Environment, Period, Release, Role, Slot};
use crate::stacks::names;

use super::phase::{Gate, Move, Moved, Phase};
use super::phases::{Route, phases};
use super::window::PlannedWindow;
use super::{Record, RoleState};

/// What a phase and the way back from it take besides its bake: the requirement's three minutes for going back, and
/// as much again for the change itself.
const WAY_BACK: Period = Period::minutes(6);

/// What is to happen to one role.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RolePlan {
    /// The role.
    pub role: String,
    /// What kind of change.
    pub kind: RoleChange,
    /// What rolls out.
    pub release: Option<Release>,
    /// By which strategy.
    pub strategy: String,
    /// The slot users are on.
    pub from: Option<Slot>,
    /// The slot the release goes to.
    pub to: Slot,
    /// All its phases, those done included.
    pub phases: Vec<Phase>,
    /// Index of the first that is to do.
    pub start: usize,
    /// By phase and move: what its change set may contain.
    pub predicted: Vec<Vec<Vec<ResourceChange>>>,
    /// What a person should know, each a sentence.
    pub notes: Vec<String>,
    /// The role as it was seen.
    pub seen: RoleState,
}

/// What kind of change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RoleChange {
    /// A release, from its first phase.
    Release,
    /// The rest of a rollout that runs.
    Resume,
    /// The live slot gets the spec's own size.
    Resize,
}

/// Why nothing can be planned for a role.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Another release is half way.
    #[error(
        "role {role}: release {running} is at phase `{phase}`, and the spec now asks for {wanted}; \
         finish it with the spec it began with, or `asagi rollback` it first"
    )]
    OtherReleaseRuns {
        /// The role.
        role: String,
        /// What rolls.
        running: String,
        /// Where it is.
        phase: String,
        /// What the spec asks for.
        wanted: String,
    },
    /// The listener rules are not what the stack says.
    #[error("role {role}: {drift}; only `asagi rollback` may proceed")]
    Drift {
        /// The role.
        role: String,
        /// How they disagree.
        drift: String,
    },
    /// A listener rule would take a number that another one has.
    #[error(
        "stack {stack}: {rule} would take priority {priority}, which {holder} has until the update is over; \
         apply a spec with another, free priority first, and this one after it"
    )]
    PriorityTaken {
        /// The stack's key.
        stack: String,
        /// The rule's logical id.
        rule: String,
        /// The number.
        priority: u64,
        /// Logical id of the rule that has it.
        holder: String,
    },
    /// The record names a phase that the strategy does not have.
    #[error(
        "role {role}: the rollout is at phase `{phase}`, which strategy `{strategy}` does not have; `asagi rollback` it first"
    )]
    UnknownPhase {
        /// The role.
        role: String,
        /// Where it is.
        phase: String,
        /// What the spec says.
        strategy: String,
    },
}

/// What is to happen to a role, seen as it is; `launch_changed` when what the live slot launches is held back.
///
/// # Errors
/// When nothing can be planned for it as it is.
pub fn role_plan(
    environment: &Environment,
    role: &Role,
    seen: &RoleState,
    launch_changed: bool,
) -> Result<Option<RolePlan>, Refusal> {
    if let Some(drift) = seen.drift.first() {
        return Err(Refusal::Drift { role: role.name.clone(), drift: drift.clone() });
    }
    let Some(release) = &role.release else { return Ok(None) };
    let mut plan = unguarded(environment, role, seen, release, launch_changed)?;
    if let (Some(plan), Some(window)) = (&mut plan, &environment.protection.window) {
        guard(&mut plan.phases, &window.into());
    }
    Ok(plan)
}

/// Every phase that moves something may only start inside the window.
fn guard(phases: &mut [Phase], window: &PlannedWindow) {
    for phase in phases.iter_mut().filter(|phase| !phase.moves.is_empty()) {
        let watched = phase.moves.iter().filter_map(|step| step.bake.as_ref()).map(|bake| bake.time);
        let needs = watched.fold(WAY_BACK, Period::plus);
        phase.gates.insert(0, Gate::Window { window: window.clone(), needs });
    }
}

fn unguarded(
    environment: &Environment,
    role: &Role,
    seen: &RoleState,
    release: &Release,
    launch_changed: bool,
) -> Result<Option<RolePlan>, Refusal> {
    if seen.record.in_progress() {
        return resume(role, seen, release).map(Some);
    }
    let live = seen.live();
    let image_changed = live.is_none_or(|live| seen.slot(live).image.as_deref() != Some(&release.ami));
    if image_changed || launch_changed {
        let mut plan = begin(role, seen, release);
        if !image_changed {
            plan.notes.push(
                "the image stays; what instances are launched as changes, which is a release".to_owned(),
            );
        }
        if environment.protection.promote_from.is_some() {
            plan.notes.extend(promotion_note(environment, release));
        }
        return Ok(Some(plan));
    }
    Ok(live.and_then(|live| resize(role, seen, live)))
}

fn promotion_note(environment: &Environment, release: &Release) -> Option<String> {
    let from = environment.protection.promote_from.as_ref()?;
    Some(format!("release {} must be live in {from} before it may come here", release.name))
}

fn begin(role: &Role, seen: &RoleState, release: &Release) -> RolePlan {
    let from = seen.live();
    let rolling =
        role.rollout.strategy.steps.iter().any(|step| matches!(step, crate::model::Step::Refresh { .. }));
    let to = if rolling { from.unwrap_or(Slot::Blue) } else { seen.candidate() };
    let route = Route { from, to, image: release.ami.clone() };
    let mut plan = empty(role, seen, RoleChange::Release, to);
    plan.phases = phases(role, &route);
    plan.release = Some(release.clone());
    if seen.record.phase == Record::ROLLED_BACK && seen.record.release.as_ref() == Some(release) {
        let reason = seen.record.reason.as_deref().unwrap_or("no reason recorded");
        plan.notes.push(format!("release {} was taken back before: {reason}", release.name));
    }
    plan
}

fn resume(role: &Role, seen: &RoleState, wanted: &Release) -> Result<RolePlan, Refusal> {
    let record = &seen.record;
    let running = record.release.clone().unwrap_or_else(|| wanted.clone());
    let (Some(from), Some(to)) = (record.from, record.to) else {
        return Err(unknown_phase(role, record));
    };
    if running.ami != wanted.ami {
        return Err(Refusal::OtherReleaseRuns {
            role: role.name.clone(),
            running: running.name,
            phase: record.phase.clone(),
            wanted: wanted.name.clone(),
        });
    }
    let route = Route { from: Some(from), to, image: running.ami.clone() };
    let mut plan = empty(role, seen, RoleChange::Resume, to);
    plan.phases = phases(role, &route);
    let at = plan.phases.iter().position(|phase| phase.name == record.phase);
    plan.start = at.ok_or_else(|| unknown_phase(role, record))? + 1;
    plan.from = Some(from);
    plan.release = Some(running);
    Ok(plan)
}

fn unknown_phase(role: &Role, record: &Record) -> Refusal {
    Refusal::UnknownPhase {
        role: role.name.clone(),
        phase: record.phase.clone(),
        strategy: role.rollout.strategy.name.clone(),
    }
}

fn resize(role: &Role, seen: &RoleState, live: Slot) -> Option<RolePlan> {
    let capacity = role.instances.capacity;
    let slot = seen.slot(live);
    if (slot.min, slot.max) == (capacity.min, capacity.max) {
        return None;
    }
    let sizes = [(names::MIN_SIZE, capacity.min), (names::MAX_SIZE, capacity.max)];
    let parameters: IndexMap<String, Moved> =
        sizes.map(|(name, size)| (name.to_owned(), Moved::To(size.to_string()))).into();
    let mut plan = empty(role, seen, RoleChange::Resize, live);
    plan.from = Some(live);
    plan.phases = vec![Phase {
        name: "resize".to_owned(),
        title: format!("{live} scales between {} and {}", capacity.min, capacity.max),
        gates: Vec::new(),
        moves: vec![Move { stack: role.slot_stack(live), parameters, bake: None }],
        proofs: Vec::new(),
        back: "the spec's old capacity".to_owned(),
    }];
    Some(plan)
}

fn empty(role: &Role, seen: &RoleState, kind: RoleChange, to: Slot) -> RolePlan {
    RolePlan {
        role: role.name.clone(),
        kind,
        release: None,
        strategy: role.rollout.strategy.name.clone(),
        from: seen.live(),
        to,
        phases: Vec::new(),
        start: 0,
        predicted: Vec::new(),
        notes: Vec::new(),
        seen: seen.clone(),
    }
}
