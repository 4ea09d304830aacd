//! What is to happen to one role: a release, the rest of a running rollout, a change of size, or nothing.

use indexmap::IndexMap;
use serde::Serialize;

use crate::cfn::ResourceChange;
use crate::model::{Environment, Period, Release, Role, Slot};
use crate::stacks::{guards, names};

use super::phase::{Gate, Move, Moved, Phase};
use super::phases::{Route, phases};
use super::refusal::Refusal;
use super::stretch::{phase_needs, run_needs};
use super::window::PlannedWindow;
use super::{Protected, Record, RoleState};
use crate::words::Foreign;

/// What is to happen to one role.
#[derive(Debug, Clone, PartialEq, Serialize)]
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
    /// What a run must have left of the maintenance window, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub needs: Option<WindowNeeds>,
    /// What its record keeps of what stands between this plan and its run. The plan itself says each of it elsewhere.
    #[serde(skip)]
    pub protection: Option<Protected>,
    /// What a person should know, each a sentence.
    pub notes: Vec<String>,
    /// The role as it was seen.
    pub seen: RoleState,
}

/// What must be left of the maintenance window for a role's next phase to start.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct WindowNeeds {
    /// Where the run goes on from there: to where the rollout can stand after the first move of traffic.
    pub run: Period,
    /// Where only that phase is to run.
    pub next: Period,
}

impl WindowNeeds {
    /// What such a run needs.
    pub fn of(self, next_only: bool) -> Period {
        if next_only { self.next } else { self.run }
    }
}

/// What kind of change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum RoleChange {
    /// A release, from its first phase.
    Release,
    /// The rest of a rollout that runs.
    Resume,
    /// The live slot gets the spec's own size.
    Resize,
    /// The slot that the next release goes to is emptied, so that it can be changed.
    Empty,
    /// Nothing without a person's word; the notes say why.
    Withheld,
}

/// Which slots keep what their instances were launched as, though the spec now says otherwise.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Outdated {
    /// A person says that a release which was taken back is to roll out again.
    pub again: bool,
    /// The slot users are on: a release brings it.
    pub live: bool,
    /// The slot that the next release goes to: it runs what an earlier run filled it with.
    pub candidate: bool,
}

/// What is to happen to a role, seen as it is.
///
/// # Errors
/// When nothing can be planned for it as it is.
pub fn role_plan(
    environment: &Environment,
    role: &Role,
    seen: &RoleState,
    outdated: Outdated,
) -> Result<Option<RolePlan>, Refusal> {
    if let Some(drift) = seen.drift.first() {
        return Err(Refusal::Drift { role: role.name.clone(), drift: drift.clone() });
    }
    if let Some(why) = seen.must_go_back() {
        return Err(Refusal::GoesBack { role: role.name.clone(), why: why.to_owned() });
    }
    let Some(release) = &role.release else { return Ok(None) };
    let mut plan = unguarded(environment, role, seen, release, outdated)?;
    if let Some(plan) = &mut plan {
        plan.protection = Some(Protected::of(&environment.protection, &plan.phases));
    }
    if let (Some(plan), Some(window)) = (&mut plan, &environment.protection.window) {
        guard(role, plan, &window.into());
    }
    Ok(plan)
}

/// Every phase that moves something may only start inside the window, with enough of it left to come to where the rollout
/// can stand. That is looked at last: what stands before it may take longer than the window is open.
fn guard(role: &Role, plan: &mut RolePlan, window: &PlannedWindow) {
    let moves = plan.phases.get(plan.start).is_some_and(|phase| !phase.moves.is_empty());
    let run = |next_only| run_needs(role, &plan.phases, plan.start, next_only);
    plan.needs = moves.then(|| WindowNeeds { run: run(false), next: run(true) });
    let needs: Vec<Period> =
        (0..plan.phases.len()).map(|index| phase_needs(role, &plan.phases, index)).collect();
    for (phase, needs) in plan.phases.iter_mut().zip(needs).filter(|(phase, _)| !phase.moves.is_empty()) {
        phase.gates.push(Gate::Window { window: window.clone(), needs });
    }
}

fn unguarded(
    environment: &Environment,
    role: &Role,
    seen: &RoleState,
    release: &Release,
    outdated: Outdated,
) -> Result<Option<RolePlan>, Refusal> {
    if seen.record.in_progress() {
        return resume(environment, role, seen, release).map(Some);
    }
    let live = seen.live();
    let image_changed = live.is_none_or(|live| seen.slot(live).image.as_deref() != Some(&release.ami));
    // A refresh in place moves the image alone; what else instances are launched as stays held, as the diff says.
    if image_changed || outdated.live && !role.rollout.strategy.is_in_place() {
        if outdated.candidate && seen.slot(seen.candidate()).is_occupied() {
            return Ok(Some(emptied_first(role, seen)));
        }
        if let Some(why) =
            taken_back(environment, role, seen, release).filter(|_| !outdated.again && !outdated.candidate)
        {
            return Ok(Some(RolePlan::withheld(role, seen, why)));
        }
        let mut plan = begin(environment, role, seen, release);
        if !image_changed {
            plan.notes.push(
                "the image stays; what instances are launched as changes, which is a release".to_owned(),
            );
        }
        return Ok(Some(plan));
    }
    if seen.candidate_is_filling() || seen.record.is_preparing() && live.is_some() {
        return Ok(Some(emptied(role, seen)));
    }
    Ok(live.and_then(|live| resize(role, seen, live)))
}

/// This very image was taken back before, and nothing has changed since but time.
fn taken_back(environment: &Environment, role: &Role, seen: &RoleState, release: &Release) -> Option<String> {
    let record = &seen.record;
    let before = record.release.as_ref().filter(|before| before.ami == release.ami)?;
    if record.phase != Record::ROLLED_BACK {
        return None;
    }
    let reason = record.reason.as_ref().map_or_else(|| "no reason recorded".to_owned(), Foreign::visible);
    Some(format!(
        "release {} was taken back: {reason}; `asagi apply {} --role {} --again REASON` rolls it out again",
        before.name, environment.name, role.name
    ))
}

impl RolePlan {
    /// It goes on with a rollout whose traffic has moved.
    pub fn is_on_its_way(&self) -> bool {
        self.kind == RoleChange::Resume
    }

    /// Nothing is done to the role without a person's word.
    pub fn withheld(role: &Role, seen: &RoleState, why: String) -> Self {
        Self { notes: vec![why], ..empty(role, seen, RoleChange::Withheld, seen.candidate()) }
    }
}

fn begin(environment: &Environment, role: &Role, seen: &RoleState, release: &Release) -> RolePlan {
    let from = seen.live();
    let to = if role.rollout.strategy.is_in_place() { from.unwrap_or(Slot::Blue) } else { seen.candidate() };
    let route = Route { from, to, image: release.ami.clone(), guarded: guards(environment, role) };
    let mut plan = empty(role, seen, RoleChange::Release, to);
    plan.phases = phases(role, &route);
    plan.release = Some(release.clone());
    let filled = seen.slot(to);
    if plan.from != Some(to) && filled.is_occupied() && filled.image.as_deref() != Some(&release.ami) {
        // A group keeps the instances it has when its image changes: they would be what users get.
        plan.phases.insert(0, empty_candidate(role, seen, to));
    }
    plan.start = verified(role, seen, &plan).unwrap_or(0);
    plan
}

/// Index of the phase after `verify`, where an earlier run has come so far with this very release.
fn verified(role: &Role, seen: &RoleState, plan: &RolePlan) -> Option<usize> {
    let (record, filled) = (&seen.record, seen.slot(plan.to));
    let ami = plan.release.as_ref().map(|release| release.ami.as_str());
    let same = record.to == Some(plan.to)
        && record.release.as_ref().map(|release| release.ami.as_str()) == ami
        && filled.image.as_deref() == ami
        && filled.is_occupied();
    let at = plan.phases.iter().position(|phase| phase.name == Record::VERIFY)?;
    (same && record.phase == Record::VERIFY && !role.rollout.strategy.is_in_place()).then_some(at + 1)
}

/// The spec asks for what is live, and the other slot runs instances that nobody will reach.
fn emptied(role: &Role, seen: &RoleState) -> RolePlan {
    let to = seen.candidate();
    let mut plan = empty(role, seen, RoleChange::Empty, to);
    plan.release = seen.record.release.clone();
    plan.phases = vec![empty_candidate(role, seen, to)];
    let what = seen.record.release.as_ref().map_or("another release", |release| release.name.as_str());
    plan.notes.push(match seen.record.kept {
        true => format!("{to} keeps the instances of {what}, to be looked at: to apply this empties it"),
        false => {
            format!("{to} was filled for {what}, and the spec asks for what is live: its instances run for nothing")
        }
    });
    plan
}

/// What the candidate's instances are launched as is held while it runs any, so they go before the release can come.
fn emptied_first(role: &Role, seen: &RoleState) -> RolePlan {
    let to = seen.candidate();
    let mut plan = empty(role, seen, RoleChange::Empty, to);
    plan.phases = vec![empty_candidate(role, seen, to)];
    plan.notes.push(format!(
        "{to} runs what an earlier run launched, and what is launched has changed since: plan again once it is empty"
    ));
    plan
}

fn empty_candidate(role: &Role, seen: &RoleState, to: Slot) -> Phase {
    let live = seen.live();
    let sizes = [names::MIN_SIZE, names::MAX_SIZE].map(|name| (name.to_owned(), Moved::To("0".to_owned())));
    // Whoever has users must be able to carry them without it.
    let gates = live.map(|live| {
        let [blue, green] = if live == Slot::Blue { [100, 0] } else { [0, 100] };
        let carries = Gate::Healthy { slot: live, least: seen.carried().max(1), match_live: false };
        [Gate::Weights { blue, green }, carries]
    });
    Phase {
        name: "empty".to_owned(),
        title: format!("empty {to}: it runs what an earlier run launched"),
        gates: gates.into_iter().flatten().collect(),
        moves: vec![
            Move { stack: role.slot_stack(to), parameters: sizes.into(), bake: None },
            Move {
                stack: role.traffic_stack(),
                parameters: IndexMap::from([(names::ROLLOUT_RECORD.to_owned(), Moved::Record)]),
                bake: None,
            },
        ],
        ready: Vec::new(),
        proofs: vec![Gate::Empty { slot: to }],
        back: "no traffic has moved".to_owned(),
    }
}

fn resume(
    environment: &Environment,
    role: &Role,
    seen: &RoleState,
    wanted: &Release,
) -> Result<RolePlan, Refusal> {
    let record = &seen.record;
    let running = record.release.clone().unwrap_or_else(|| wanted.clone());
    let (Some(from), Some(to)) = (record.from, record.to) else {
        return Err(unknown_phase(role, record));
    };
    if running.ami != wanted.ami {
        return Err(Refusal::OtherReleaseRuns {
            role: role.name.clone(),
            running: running.name,
            phase: record.reached().to_owned(),
            wanted: wanted.name.clone(),
        });
    }
    let guarded = guards(environment, role);
    let route = Route { from: Some(from), to, image: running.ami.clone(), guarded };
    let mut plan = empty(role, seen, RoleChange::Resume, to);
    plan.phases = phases(role, &route);
    let at = plan.phases.iter().position(|phase| phase.name == record.reached());
    // In place the record goes before what it speaks of; everywhere else both are one update.
    let done = usize::from(record.in_place().is_none());
    plan.start = at.ok_or_else(|| unknown_phase(role, record))? + done;
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
        ready: Vec::new(),
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
        needs: None,
        protection: None,
        notes: Vec::new(),
        seen: seen.clone(),
    }
}
