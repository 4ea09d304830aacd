//! What a person lets go wrong on the embedded target, made to happen: each once, when its phase begins.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use futures_util::FutureExt;
use jiff::{SignedDuration, Timestamp};

use crate::cloud::local::{AlarmSelector, Fault as Local, LocalCloud};
use crate::cloud::{Clock, CloudError, CloudFormation, Observe};
use crate::model::{Period, Slot};
use crate::plan::{Plan, Record, RoleState};
use crate::rollout::{Observer, Progress};
use crate::stacks::names;

use super::faults::{Fault, Place, Trouble};
use super::watch::Watch;

/// What is to go wrong in a run, and what has.
pub(super) struct Plot {
    sabotage: Sabotage,
    wrong: Vec<Fault>,
    /// Of each role: the slot that users are on when the rollout begins, and the one that the release goes to.
    slots: BTreeMap<String, [Slot; 2]>,
    happened: Mutex<Vec<usize>>,
}

impl Plot {
    /// In a run of that plan.
    pub(super) fn of_plan(sabotage: Sabotage, wrong: Vec<Fault>, plan: &Plan) -> Self {
        let of = |role: &crate::plan::RolePlan| [role.from.unwrap_or(role.to), role.to];
        let slots = plan.roles.iter().map(|role| (role.role.clone(), of(role))).collect();
        Self { sabotage, wrong, slots, happened: Mutex::default() }
    }

    /// On the way back of a role that stands so.
    pub(super) fn of_role(sabotage: Sabotage, wrong: Vec<Fault>, state: &RoleState) -> Self {
        let record = &state.record;
        let rolls = record.from.zip(record.to).filter(|_| record.in_progress());
        let candidate = state.candidate();
        let slots = rolls.map_or([state.live().unwrap_or(candidate), candidate], |(from, to)| [from, to]);
        let slots = BTreeMap::from([(state.role.clone(), slots)]);
        Self { sabotage, wrong, slots, happened: Mutex::default() }
    }

    fn begins(&self, role: &str, phase: &str, watch: &Watch<'_>) {
        let Some(slots) = self.slots.get(role) else { return };
        let mut happened = self.happened.lock().unwrap_or_else(PoisonError::into_inner);
        for (index, fault) in self.wrong.iter().enumerate() {
            if happened.contains(&index) || !fault.is_for(role, phase) {
                continue;
            }
            happened.push(index);
            let done = self.sabotage.let_fail(fault, *slots);
            watch.wrong(&fault.to_string(), done.err().map(|error| error.to_string()).as_deref());
        }
    }
}

/// Tells a person, and lets go wrong what is to.
pub(super) struct Saboteur<'a> {
    /// Who shows it.
    pub(super) watch: &'a Watch<'a>,
    /// What is to go wrong, if anything.
    pub(super) plot: Option<&'a Plot>,
}

impl Observer for Saboteur<'_> {
    fn tell(&self, progress: &Progress<'_>) {
        self.watch.tell(progress);
        if let (Some(plot), Progress::Phase { role, phase, .. }) = (self.plot, progress) {
            plot.begins(role, &phase.name, self.watch);
        }
    }
}

/// By which things go wrong on an embedded target, for the environment whose stacks begin so.
#[derive(Clone)]
pub(super) struct Sabotage {
    local: Arc<LocalCloud>,
    prefix: String,
    region: String,
}

impl Sabotage {
    /// There.
    pub(super) fn new(local: Arc<LocalCloud>, prefix: &str, region: &str) -> Self {
        Self { local, prefix: prefix.to_owned(), region: region.to_owned() }
    }

    /// Makes something go wrong in a phase that begins now, of a role whose live slot and candidate these are.
    ///
    /// # Errors
    /// What is to be changed by hand is not there.
    fn let_fail(&self, fault: &Fault, [live, candidate]: [Slot; 2]) -> Result<(), CloudError> {
        let from = self.in_a_while(fault.when.after);
        let until = fault.when.until.map(|until| self.in_a_while(until));
        let slot = |place: Place| match place {
            Place::Slot(slot) => slot,
            Place::Live => live,
            Place::Candidate => candidate,
        };
        let alarm = |name: &str, metric: &str| AlarmSelector::Metric {
            role: name.to_owned(),
            metric: metric.to_owned(),
            slot: Some(slot(Place::Candidate).to_string()),
        };
        let stack = |role: &str, place: Place| format!("{}-{role}-{}", self.prefix, slot(place));
        let injected = match &fault.trouble {
            Trouble::Alarm { role, metric } => Local::Alarm { alarm: alarm(role, metric), from, until },
            Trouble::NoData { role, metric } => Local::NoData { alarm: alarm(role, metric), from, until },
            Trouble::Unhealthy { role, slot, healthy, of } => {
                let (healthy, of) = (*healthy, *of);
                Local::Unhealthy { targets: stack(role, *slot), healthy, of, from, until }
            }
            Trouble::LaunchFails { role, slot } => {
                Local::LaunchFails { group: stack(role, *slot), from: Some(from), until }
            }
            Trouble::ZoneDown { zone } => Local::ZoneDown { zone: self.zone(zone), from, until },
            Trouble::ZonalShift { zone } => Local::ZonalShift { zone: self.zone(zone), from, until },
            Trouble::Fails { stack } => Local::ResourceFails {
                stack: format!("{}-{stack}", self.prefix),
                logical_id: String::new(),
                reason: "asked for by the person who tries it".to_owned(),
                times: 1,
            },
            Trouble::Kill => Local::Crash { from },
            Trouble::Weights { role, blue, green } => self.weights(role, [*blue, *green])?,
            Trouble::Record { role } => return self.record(role),
            Trouble::Sizes { role, slot, min, max } => {
                Local::GroupSized { group: stack(role, *slot), min: *min, max: *max }
            }
        };
        self.local.inject(injected)
    }

    fn in_a_while(&self, time: Period) -> Timestamp {
        let seconds = i64::try_from(time.as_seconds()).unwrap_or(i64::MAX);
        self.local.now().checked_add(SignedDuration::from_secs(seconds)).unwrap_or(Timestamp::MAX)
    }

    /// `a` is the Region's.
    fn zone(&self, name: &str) -> String {
        if name.len() == 1 { format!("{}{name}", self.region) } else { name.to_owned() }
    }

    fn traffic(&self, role: &str) -> Result<crate::cfn::Stack, CloudError> {
        let name = format!("{}-{role}-traffic", self.prefix);
        // The embedded target answers at once.
        let found = self.local.describe_stack(&name).now_or_never().unwrap_or(Ok(None))?;
        found.ok_or_else(|| CloudError::NotFound(format!("stack {name} does not exist")))
    }

    /// Everyone's rule as somebody moves it past CloudFormation.
    fn weights(&self, role: &str, weights: [u32; 2]) -> Result<Local, CloudError> {
        let traffic = self.traffic(role)?;
        let resources = self.local.describe_stack_resources(&traffic.name).now_or_never();
        let resources = resources.unwrap_or_else(|| Ok(Vec::new()))?;
        let groups = Slot::ALL.map(|slot| traffic.outputs.get(&names::target_group_arn(slot)).cloned());
        let weights: BTreeMap<String, u32> =
            groups.into_iter().zip(weights).filter_map(|(group, weight)| Some((group?, weight))).collect();
        let rules = resources.into_iter().filter(|it| it.resource_type.ends_with("::ListenerRule"));
        let arns: Vec<String> = rules.filter_map(|rule| rule.physical_id).collect();
        let rules = self.local.listener_rules(&arns).now_or_never().unwrap_or_else(|| Ok(Vec::new()))?;
        // Those of cohorts are asked before everyone's.
        let rule = rules.into_iter().max_by_key(|rule| rule.priority);
        let rule = rule.ok_or_else(|| CloudError::NotFound(format!("{role} has no listener rule")))?;
        Ok(Local::WeightsMoved { rule: rule.arn, weights })
    }

    /// The record as somebody writes it past CloudFormation: everything is done, and nothing was.
    fn record(&self, role: &str) -> Result<(), CloudError> {
        let traffic = self.traffic(role)?;
        let name = traffic.outputs.get(names::RECORD_PARAMETER_NAME);
        let name = name.ok_or_else(|| CloudError::NotFound(format!("{role} has no record")))?;
        self.local.put_parameter(name, Record::BOOTSTRAP)
    }
}
