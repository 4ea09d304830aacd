//! What can be made to go wrong on purpose. Faults are kept with the world, so they outlive the process.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::world::World;
use crate::cloud::{CloudError, Result};

/// Something to go wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum Fault {
    /// A resource cannot be created, updated or deleted, so many times.
    ResourceFails {
        /// Name of its stack.
        stack: String,
        /// Its name in the template; empty is whichever comes first.
        logical_id: String,
        /// In the service's words.
        reason: String,
        /// How often.
        times: u32,
    },
    /// A resource cannot be put back while its stack rolls back, so many times.
    RollbackFails {
        /// Name of its stack.
        stack: String,
        /// Its name in the template; empty is whichever comes first.
        logical_id: String,
        /// In the service's words.
        reason: String,
        /// How often.
        times: u32,
    },
    /// No instance of the group starts.
    LaunchFails {
        /// Name of the Auto Scaling group, or how it begins: the name of the slot's stack.
        group: String,
        /// From then on; `None` is at once.
        #[serde(default)]
        from: Option<Timestamp>,
        /// Until then; `None` is for good.
        #[serde(default)]
        until: Option<Timestamp>,
    },
    /// Alarms go off and stay so for a time.
    Alarm {
        /// Which.
        alarm: AlarmSelector,
        /// From then on.
        from: Timestamp,
        /// Until then; `None` is for good.
        until: Option<Timestamp>,
    },
    /// Alarms have no data for a time: `INSUFFICIENT_DATA`.
    NoData {
        /// Which.
        alarm: AlarmSelector,
        /// From then on.
        from: Timestamp,
        /// Until then; `None` is for good.
        until: Option<Timestamp>,
    },
    /// Targets fail their health checks.
    Unhealthy {
        /// ARN of a target group, or the group of instances by name or how it begins: the name of the slot's stack.
        targets: String,
        /// So many of each group stay healthy all the same, those that were launched first.
        #[serde(default)]
        healthy: u32,
        /// Of so many, whatever the group's size is; 0 takes `healthy` for a number.
        #[serde(default)]
        of: u32,
        /// From then on.
        from: Timestamp,
        /// Until then; `None` is for good.
        until: Option<Timestamp>,
    },
    /// Instances of an Availability Zone fail their health checks, and none starts there.
    ZoneDown {
        /// Such as `ap-northeast-1a`.
        zone: String,
        /// From then on.
        from: Timestamp,
        /// Until then; `None` is for good.
        until: Option<Timestamp>,
    },
    /// A zonal shift: the load balancer sends nothing to an Availability Zone.
    ZonalShift {
        /// Such as `ap-northeast-1a`.
        zone: String,
        /// From then on.
        from: Timestamp,
        /// Until then; `None` is for good.
        until: Option<Timestamp>,
    },
    /// So many calls are answered with `Rate exceeded`.
    Throttle {
        /// How many.
        calls: u32,
    },
    /// Somebody moved a rule's weights past CloudFormation. Happens at once and is not kept.
    WeightsMoved {
        /// ARN of the listener rule.
        rule: String,
        /// Target group ARN to weight.
        weights: BTreeMap<String, u32>,
    },
    /// Somebody changed an Auto Scaling group's sizes past CloudFormation. Happens at once and is not kept.
    GroupSized {
        /// Name of the group, or how it begins: the name of the slot's stack.
        group: String,
        /// At least.
        min: u32,
        /// At most.
        max: u32,
    },
    /// The changing call after so many others takes effect, but its caller is told that the process ended.
    CrashAfter {
        /// How many changing calls still succeed.
        calls: u32,
    },
    /// The process that drives the target ends with its first call from then on: every call of it fails, until
    /// [`super::LocalCloud::revive`] or in another process.
    Crash {
        /// From then on.
        from: Timestamp,
    },
}

/// Which alarms a fault is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum AlarmSelector {
    /// That one.
    Name(String),
    /// A role's metric, every level.
    Metric {
        /// Such as `web`.
        role: String,
        /// Such as `error-rate`.
        metric: String,
        /// Such as `green`; `None` is the slot whose group launched an instance last: the candidate.
        slot: Option<String>,
    },
}

impl Fault {
    /// From when until when it is at work; `None` where it has no time.
    fn times(&self) -> Option<(Option<Timestamp>, Option<Timestamp>)> {
        match self {
            Self::Alarm { from, until, .. }
            | Self::NoData { from, until, .. }
            | Self::Unhealthy { from, until, .. }
            | Self::ZoneDown { from, until, .. }
            | Self::ZonalShift { from, until, .. } => Some((Some(*from), *until)),
            Self::LaunchFails { from, until, .. } => Some((*from, *until)),
            _ => None,
        }
    }

    /// It is at work at that time; faults without a time always are.
    pub(crate) fn is_active(&self, at: Timestamp) -> bool {
        self.times().is_none_or(|(from, until)| {
            from.is_none_or(|from| from <= at) && until.is_none_or(|until| at < until)
        })
    }

    /// When it next begins or ends after that time.
    pub(crate) fn next_edge(&self, after: Timestamp) -> Option<Timestamp> {
        let (from, until) = self.times()?;
        [from, until].into_iter().flatten().filter(|edge| *edge > after).min()
    }
}

impl World {
    /// The next call is throttled.
    pub(crate) fn is_throttled(&self) -> bool {
        self.faults.iter().any(|fault| matches!(fault, Fault::Throttle { .. }))
    }

    /// One call is throttled.
    pub(crate) fn throttle(&mut self) {
        let throttles = self.faults.iter_mut().find_map(|fault| match fault {
            Fault::Throttle { calls } => Some(calls),
            _ => None,
        });
        if let Some(calls) = throttles {
            *calls = calls.saturating_sub(1);
        }
        self.faults.retain(|fault| !matches!(fault, Fault::Throttle { calls: 0 }));
    }

    /// One changing call was made: whether its process ends here.
    pub(crate) fn crashes(&mut self) -> bool {
        let mut ends = false;
        self.faults.retain_mut(|fault| match fault {
            Fault::CrashAfter { calls: 0 } => {
                ends = true;
                false
            }
            Fault::CrashAfter { calls } => {
                *calls -= 1;
                true
            }
            _ => true,
        });
        ends
    }

    /// The process was to end by now; it does so once.
    pub(crate) fn ends(&mut self) -> bool {
        let before = self.faults.len();
        let now = self.now;
        self.faults.retain(|fault| !matches!(fault, Fault::Crash { from } if *from <= now));
        self.faults.len() < before
    }

    /// The process is to end by now.
    pub(crate) fn is_to_end(&self) -> bool {
        self.faults.iter().any(|fault| matches!(fault, Fault::Crash { from } if *from <= self.now))
    }

    /// Moves a rule's weights past CloudFormation.
    ///
    /// # Errors
    /// There is no such rule.
    pub(crate) fn move_weights(&mut self, rule: &str, weights: &BTreeMap<String, u32>) -> Result<()> {
        let missing = || CloudError::NotFound(format!("One or more rules not found: {rule}"));
        let found = self.rules.get_mut(rule).ok_or_else(missing)?;
        for (target_group, weight) in &mut found.forwards {
            if let Some(moved) = weights.get(target_group) {
                *weight = u64::from(*moved);
            }
        }
        Ok(())
    }
}
