//! One role on the first screen: what is live, where its rollout stands, whether it can go back, what is next.

use indexmap::IndexMap;
use jiff::{SignedDuration, Timestamp};

use crate::cfn::{Stack, StackStatus};
use crate::cloud::{AlarmState, AlarmValue, Cloud, CloudError};
use crate::model::{Environment, Period, Slot};
use crate::plan::{Gate, RoleState, Way, account_gives, promise};
use crate::rollout::{ObservedRole, RoleStacks};
use crate::stacks::{Owner, names};

use super::super::advice::{Advice, Seen, advise, advise_first, alarm_names, back_asks};
use super::super::history::history_of;
use super::super::look::Look;
use super::super::mend::{Mend, Running, StuckStack};
use super::report::{CohortStatus, RoleStatus, RollbackReady, SlotAlarm};

/// What every role is judged with.
pub(super) struct Around<'a> {
    pub(super) look: Look<'a>,
    pub(super) owner: &'a Owner,
    pub(super) own: &'a IndexMap<String, Stack>,
    pub(super) alarms: &'a [AlarmState],
    pub(super) running: &'a [Running],
    pub(super) stuck: &'a [StuckStack],
}

impl Around<'_> {
    pub(super) async fn role(
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
            environment: &self.look.identity.environment,
            spec,
            broken: self.look.broken,
            zone: self.look.zone,
            state: &seen.state,
            alarms: alarms.map(|alarm| alarm.map(|alarm| alarm.value)),
            stuck: self.in_the_way(role, &seen.state),
            running: self.at_work(role, &seen.state),
            now,
        };
        let Advice { command, note } = match seen.traffic {
            Some(_) => advise(&facts),
            None => advise_first(&facts),
        };
        Ok(RoleStatus {
            deployed: seen.traffic.is_some(),
            live,
            release,
            until,
            cohorts: cohorts(spec, role, &seen),
            alarms: telling(&self.owner.prefix(), role, &seen.state, alarms),
            guard: self.guard(role, &seen.state),
            rollback: rollback_ready(&facts, &seen, until),
            next: command,
            note,
            state: seen.state,
        })
    }

    /// What the guard does, where its stack is there: it looks at rollouts that are on their way alone.
    fn guard(&self, role: &str, state: &RoleState) -> Option<String> {
        let deployed = self.own.get(&format!("{}-{role}-guard", self.owner.prefix()));
        deployed.filter(|stack| !stack.status.is_absent() && state.record.in_progress())?;
        let (from, to) = (state.record.from?, state.record.to?);
        (from != to).then(|| format!("an alarm of {to}: {}", account_gives(from)))
    }

    fn is_of(&self, stack: &str, role: &str) -> bool {
        RoleStacks::names(&self.owner.prefix(), role).iter().any(|name| name == stack)
    }

    /// A stack that is being changed: one of the role's own, or, while no rollout is on its way, one of the environment's.
    fn at_work(&self, role: &str, state: &RoleState) -> Option<&str> {
        let own = self.running.iter().find(|it| self.is_of(&it.stack, role));
        let shared = || self.running.iter().find(|it| !self.is_of_another(&it.stack, role));
        own.or_else(|| shared().filter(|_| !state.record.in_progress())).map(|it| it.stack.as_str())
    }

    fn is_of_another(&self, stack: &str, role: &str) -> bool {
        let key = stack.strip_prefix(&format!("{}-", self.owner.prefix())).unwrap_or_default();
        let roles = &self.look.identity.roles;
        roles.iter().any(|other| other != role && key.starts_with(&format!("{other}-")))
    }

    /// What gets a stuck stack on its way: one of the role's own, or one of the environment's. One that only a person gets
    /// on its way stops no rollout that is on its own.
    fn in_the_way(&self, role: &str, state: &RoleState) -> Option<&str> {
        let near = || self.stuck.iter().filter(|stack| !self.is_of_another(&stack.stack, role));
        let left = |stack: &&StuckStack| {
            stack.mend == Mend::Leave && (self.is_of(&stack.stack, role) || !state.record.in_progress())
        };
        let found = near().find(|stack| stack.mend.is_a_call()).or_else(|| near().find(left))?;
        Some(match found.mend {
            Mend::Leave => {
                "a stack is stuck where only a person gets it on its way: says why, and what to do"
            }
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
    let route = crate::plan::Route { from: Some(from), to, image: String::new(), guarded: false };
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
    if let (false, Ok(Some(why))) = (promised.way == Way::There, back_asks(facts)) {
        return no(why);
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
