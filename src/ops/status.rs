//! The first screen: what is live, what is on the way, what runs, whether there is a way back, and the one next command. It
//! works from deployed stacks alone; the spec, where it can be read, makes it better informed.

use futures_util::future::join_all;
use indexmap::IndexMap;
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;

use crate::cfn::{Stack, StackStatus};
use crate::cloud::{AlarmState, AlarmValue, Cloud, CloudError};
use crate::model::{Environment, Period, Slot, Zone};
use crate::plan::{Gate, RoleState, Way, promise};
use crate::rollout::{ObservedRole, RoleStacks, observe_stacks};
use crate::stacks::{Owner, names};
use crate::words::Foreign;

use super::advice::{Advice, Seen, advise, alarm_names, back_asks};
use super::elsewhere::{ReadError, check_place};
use super::history::history_of;
use super::identify::Identity;
use super::load::Loaded;
use super::mend::{Mend, Running, StuckStack, running, stuck_among};

/// What is looked at.
#[derive(Debug, Clone, Copy)]
pub struct Look<'a> {
    /// Which environment.
    pub identity: &'a Identity,
    /// Its spec, where it could be read.
    pub loaded: Option<&'a Loaded>,
    /// There is a spec, and it has errors.
    pub broken: bool,
    /// As a person names it in a command: `prod`, or flags.
    pub typed: &'a str,
    /// Where the operator is.
    pub zone: &'a Zone,
}

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
    /// The account that was read.
    pub account: String,
    /// The region that was read.
    pub region: String,
    /// As the target's clock has it.
    pub now: Timestamp,
    /// Some stack of the environment is there.
    pub deployed: bool,
    /// Stacks that have a name of this environment and are not its own, a sentence each.
    pub strangers: Vec<String>,
    /// Stacks that are being changed.
    pub running: Vec<Running>,
    /// Stacks that nothing can be deployed to.
    pub stuck: Vec<StuckStack>,
    /// Stacks whose termination protection is not as the spec says, a sentence each.
    pub protection: Vec<String>,
    /// In the spec's order.
    pub roles: Vec<RoleStatus>,
}

/// One role on the first screen.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RoleStatus {
    /// Its traffic stack is there.
    pub deployed: bool,
    /// As it is seen.
    pub state: RoleState,
    /// The slot users are on.
    pub live: Option<Slot>,
    /// Name of the release on it, where the lock or the record knows its image.
    pub release: Option<String>,
    /// When the current phase lets go, where that is known.
    pub until: Option<Timestamp>,
    /// Cohorts that are on another slot than everyone: their names, and the slot's share.
    pub cohorts: Vec<CohortStatus>,
    /// Composite alarms of slots with instances that are not off.
    pub alarms: Vec<SlotAlarm>,
    /// Whether everything can be given back.
    pub rollback: RollbackReady,
    /// The one next command.
    pub next: String,
    /// What that command waits for or does, where it is not plain.
    pub note: Option<String>,
}

/// A cohort that is routed by itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CohortStatus {
    /// Its name.
    pub name: String,
    /// Its share on blue, of a hundred.
    pub blue: u32,
    /// Its share on green.
    pub green: u32,
}

/// A slot's alarm that tells of something, or cannot.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SlotAlarm {
    /// The slot.
    pub slot: Slot,
    /// Name of the composite alarm.
    pub name: String,
    /// Where it stands; `None` when there is no such alarm.
    pub value: Option<AlarmValue>,
    /// Since when.
    pub since: Option<Timestamp>,
    /// Why, in the service's words.
    pub reason: Option<Foreign>,
}

/// Whether everything can be given back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RollbackReady {
    /// At once, by one change set.
    pub ready: bool,
    /// About how long it takes.
    pub minutes: Option<u64>,
    /// Until when it stays so, where that is known.
    pub until: Option<Timestamp>,
    /// Why not, or why it takes longer.
    pub reason: Option<String>,
}

/// Reads the first screen.
///
/// # Errors
/// When the account is not the one that was meant, or a call does not succeed.
pub async fn status(cloud: &dyn Cloud, look: Look<'_>) -> Result<StatusReport, ReadError> {
    let Look { identity, loaded, .. } = look;
    let owner = identity.owner();
    let found = stacks(cloud, identity, loaded).await?;
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
        stuck_among(cloud, loaded.map(|loaded| &loaded.graph), &own, |stack| !stack.status.is_busy()),
    );
    let (alarms, stuck) = (alarms?, stuck?);
    let running: Vec<Running> = runs.into_iter().collect::<Result<_, _>>()?;
    let mut roles = Vec::new();
    for (role, seen) in names.iter().zip(seen) {
        let around = Around { look, owner: &owner, alarms: &alarms, running: &running, stuck: &stuck };
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
        protection: loaded.map(|loaded| protection(loaded, &own)).unwrap_or_default(),
        roles,
    })
}

/// By the spec's names; without a spec, whatever has such a name.
async fn stacks(
    cloud: &dyn Cloud,
    identity: &Identity,
    loaded: Option<&Loaded>,
) -> Result<IndexMap<String, Stack>, CloudError> {
    match loaded {
        Some(loaded) => {
            let names: Vec<String> = loaded.graph.stacks.values().map(|stack| stack.name.clone()).collect();
            cloud.describe_stacks(&names).await
        }
        None => {
            let stacks = cloud.stacks_named(&format!("{}-", identity.prefix())).await?;
            Ok(stacks.into_iter().map(|stack| (stack.name.clone(), stack)).collect())
        }
    }
}

fn roles_among(own: &IndexMap<String, Stack>, owner: &Owner) -> Vec<String> {
    let prefix = format!("{}-", owner.prefix());
    let roles = own.keys().filter_map(|name| name.strip_prefix(&prefix)?.strip_suffix("-traffic"));
    roles.map(str::to_owned).collect()
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

/// Stacks whose termination protection somebody switched: apply switches it back.
pub(super) fn protection(loaded: &Loaded, found: &IndexMap<String, Stack>) -> Vec<String> {
    let word = |on: bool| if on { "on" } else { "off" };
    let planned = loaded.graph.stacks.values();
    let differs = planned.filter_map(|planned| {
        let stack = found.get(&planned.name).filter(|stack| !stack.status.is_absent())?;
        let (is, wanted) = (stack.termination_protection, planned.termination_protection);
        (is != wanted).then(|| {
            let (name, is, wanted) = (&planned.name, word(is), word(wanted));
            format!("termination protection of {name} is {is}; the spec says {wanted}, and apply switches it {wanted}")
        })
    });
    differs.collect()
}

/// What every role is judged with.
struct Around<'a> {
    look: Look<'a>,
    owner: &'a Owner,
    alarms: &'a [AlarmState],
    running: &'a [Running],
    stuck: &'a [StuckStack],
}

impl Around<'_> {
    async fn role(
        &self,
        cloud: &dyn Cloud,
        role: &str,
        seen: ObservedRole,
    ) -> Result<RoleStatus, CloudError> {
        let spec = self.look.loaded.map(|loaded| &loaded.environment);
        let names = alarm_names(&self.owner.prefix(), role);
        let alarms = names.map(|name| self.alarms.iter().find(|alarm| alarm.name == name));
        let now = cloud.now();
        let live = seen.state.live();
        let release = release_name(cloud, spec, &seen, live).await?;
        let until = spec.and_then(|spec| phase_end(spec, &seen.state)).filter(|until| *until > now);
        let facts = Seen {
            name: self.look.typed,
            spec,
            broken: self.look.broken,
            zone: self.look.zone,
            state: &seen.state,
            alarms: alarms.map(|alarm| alarm.map(|alarm| alarm.value)),
            stuck: self.in_the_way(role),
            running: self.running.iter().find(|it| self.is_of(&it.stack, role)).map(|it| it.stack.as_str()),
            now,
        };
        let Advice { command, note } = match seen.traffic {
            Some(_) => advise(&facts),
            None => Advice { command: format!("asagi plan {}", self.look.typed), note: None },
        };
        Ok(RoleStatus {
            deployed: seen.traffic.is_some(),
            live,
            release,
            until,
            cohorts: cohorts(spec, role, &seen),
            alarms: telling(&self.owner.prefix(), role, &seen.state, alarms),
            rollback: rollback_ready(&facts, &seen, until),
            next: command,
            note,
            state: seen.state,
        })
    }

    fn is_of(&self, stack: &str, role: &str) -> bool {
        RoleStacks::names(&self.owner.prefix(), role).iter().any(|name| name == stack)
    }

    /// What gets a stuck stack on its way: one of the role's own, or one of the environment's.
    fn in_the_way(&self, role: &str) -> Option<&str> {
        let own = format!("{}-", self.owner.prefix());
        let key = |stack: &StuckStack| stack.stack.strip_prefix(&own).unwrap_or_default().to_owned();
        let others = |key: &str| {
            let roles = &self.look.identity.roles;
            roles.iter().any(|other| other != role && key.starts_with(&format!("{other}-")))
        };
        let found = self.stuck.iter().find(|stack| stack.mend.is_a_call() && !others(&key(stack)))?;
        Some(match found.mend {
            Mend::Delete => "a stack was never made whole: deletes it, then apply makes it anew",
            Mend::ContinueRollback => "continues the rollback of a stack",
            _ => "rolls a stack back to how it was before its failed update",
        })
    }
}

/// Cohorts whose weights are not everyone's.
fn cohorts(spec: Option<&Environment>, role: &str, seen: &ObservedRole) -> Vec<CohortStatus> {
    let Some(traffic) = &seen.traffic else { return Vec::new() };
    let [blue, green] = Slot::ALL.map(names::weight);
    let number = |name: &str| traffic.parameter(name).and_then(|value| value.parse::<u32>().ok());
    let everyone = (number(&blue), number(&green));
    let known = spec.and_then(|spec| spec.role(role)).map(|role| role.cohorts.as_slice()).unwrap_or_default();
    let of = |name: &String| {
        let logical = name.strip_suffix(&blue).filter(|logical| !logical.is_empty())?;
        let weights = (number(name), number(&format!("{logical}{green}")));
        let named = known.iter().find(|cohort| names::cohort_weight(cohort, Slot::Blue) == *name);
        let name = named.map_or_else(|| logical.to_owned(), |cohort| cohort.name.clone());
        let status = CohortStatus { name, blue: weights.0?, green: weights.1? };
        (weights != everyone).then_some(status)
    };
    traffic.parameters.keys().filter_map(of).collect()
}

/// Of slots that run instances: alarms that are on, cannot be evaluated, or do not exist.
fn telling(prefix: &str, role: &str, state: &RoleState, alarms: [Option<&AlarmState>; 2]) -> Vec<SlotAlarm> {
    let names = alarm_names(prefix, role);
    let of = |(slot, alarm): (Slot, Option<&AlarmState>)| {
        let quiet = alarm.is_some_and(|alarm| alarm.value == AlarmValue::Ok);
        (!quiet && state.slot(slot).is_occupied()).then(|| SlotAlarm {
            slot,
            name: slot.of(&names).clone(),
            value: alarm.map(|alarm| alarm.value),
            since: alarm.map(|alarm| alarm.since),
            reason: alarm.map(|alarm| alarm.reason.clone()).filter(|reason| !reason.is_empty()),
        })
    };
    Slot::ALL.into_iter().zip(alarms).filter_map(of).collect()
}

/// Name of the release whose image is live: the spec's, the record's, or one that the record named before.
async fn release_name(
    cloud: &dyn Cloud,
    spec: Option<&Environment>,
    seen: &ObservedRole,
    live: Option<Slot>,
) -> Result<Option<String>, CloudError> {
    let state = &seen.state;
    let Some(image) = live.and_then(|live| state.slot(live).image.as_deref()) else { return Ok(None) };
    let wanted = spec.and_then(|spec| spec.role(&state.role)).and_then(|role| role.release.as_ref());
    let known = [state.record.release.as_ref(), wanted].into_iter().flatten();
    if let Some(release) = known.into_iter().find(|release| release.ami == image) {
        return Ok(Some(release.name.clone()));
    }
    let Some(traffic) = &seen.traffic else { return Ok(None) };
    let lines = history_of(cloud, &state.role, traffic).await?;
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

/// What plan and a rollout promise too, unless a rollback would ask a person first.
fn rollback_ready(facts: &Seen<'_>, seen: &ObservedRole, until: Option<Timestamp>) -> RollbackReady {
    let no =
        |reason: String| RollbackReady { ready: false, minutes: None, until: None, reason: Some(reason) };
    let promised = match promise(&seen.state, &seen.facts) {
        Ok(promised) => promised,
        Err(why) => return no(why.to_string()),
    };
    if let (false, Ok(Some(figures))) = (promised.way == Way::There, back_asks(facts)) {
        return no(format!("users would be worse off, so it asks first: {figures}"));
    }
    let stands = |stack: &Stack| stack.status == StackStatus::UpdateRollbackFailed;
    if seen.traffic.as_ref().is_some_and(stands) {
        return no("the traffic stack's own rollback failed: it is continued first".to_owned());
    }
    let to = promised.to;
    let (ready, reason) = match promised.way {
        Way::There => (true, Some(format!("{to} has everything already"))),
        Way::AtOnce => (true, None),
        Way::Filled { healthy, wanted } => (
            false,
            Some(format!("{to} has {healthy} of {wanted} healthy instances and would be filled again first")),
        ),
        Way::InPlace { instances } => (
            false,
            Some(format!("{instances} instances of {to} would be replaced by those of the image before")),
        ),
    };
    let holding = promised.way == Way::AtOnce && seen.state.slot(to).weight == 0;
    RollbackReady {
        ready,
        minutes: Some(promised.time.as_minutes_up()),
        until: until.filter(|_| holding),
        reason,
    }
}
