//! An embedded target in memory, gone with the process, in which things can be made to go wrong.

use std::collections::BTreeMap;
use std::sync::Arc;

use futures_util::FutureExt;
use jiff::{SignedDuration, Timestamp};

use crate::cloud::local::{AlarmSelector, Fault as Local, LocalCloud};
use crate::cloud::{Clock, Cloud, CloudError, CloudFormation, Observe};
use crate::model::{Period, Slot};
use crate::plan::{Record, RolePlan};
use crate::stacks::names;

use super::Failure;
use super::faults::{Fault, Place, Trouble};
use super::target::{self, OpenTarget};

/// An embedded target in memory.
pub(super) struct Stage {
    /// What a rollout is driven through.
    pub(super) target: OpenTarget,
    local: Arc<LocalCloud>,
    prefix: String,
    region: String,
}

impl Stage {
    /// A new one for the environment whose stacks begin so; its clock starts then, or where that of the embedded target does.
    pub(super) fn new(
        prefix: &str,
        (account, region): (&str, &str),
        start: Option<Timestamp>,
        watched: bool,
    ) -> Result<Self, Failure> {
        let mut settings = target::settings(account, region)?;
        settings.start = start.unwrap_or(settings.start);
        let local = Arc::new(target::paced(LocalCloud::in_memory(settings), watched));
        let cloud: Arc<dyn Cloud> = local.clone();
        let (prefix, region) = (prefix.to_owned(), region.to_owned());
        Ok(Self { target: OpenTarget::of(cloud)?, local, prefix, region })
    }

    /// Another process takes the place of one that ended; gives whether one had.
    pub(super) fn revive(&self) -> bool {
        self.local.revive()
    }

    /// Lets that much time pass.
    pub(super) fn wait(&self, time: Period) {
        // A clock that cannot be moved fails the next call as well, which tells of it.
        drop(self.local.advance(time.as_duration()));
    }

    /// Makes something go wrong in a phase that begins now, for a role whose rollout that is.
    ///
    /// # Errors
    /// What is to be changed by hand is not there.
    pub(super) fn let_fail(&self, fault: &Fault, role: &RolePlan) -> Result<(), CloudError> {
        let from = self.in_a_while(fault.when.after);
        let until = fault.when.until.map(|until| self.in_a_while(until));
        let slot = |place: Place| match place {
            Place::Slot(slot) => slot,
            Place::Live => role.from.unwrap_or(role.to),
            Place::Candidate => role.to,
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
                reason: "asked for by the simulation".to_owned(),
                times: 1,
            },
            Trouble::Kill => Local::Crash { from },
            Trouble::Weights { role, blue, green } => self.weights(role, [*blue, *green])?,
            Trouble::Record { role } => return self.record(role),
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
