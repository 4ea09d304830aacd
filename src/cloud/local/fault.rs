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
        /// Its name in the template.
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
        /// Its name in the template.
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
    /// Targets fail their health checks.
    Unhealthy {
        /// ARN of a target group, or the group of instances by name or how it begins: the name of the slot's stack.
        targets: String,
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
    /// The changing call after so many others takes effect, but its caller is told that the process ended.
    CrashAfter {
        /// How many changing calls still succeed.
        calls: u32,
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
    /// It is at work at that time; faults without a time always are.
    pub(crate) fn is_active(&self, at: Timestamp) -> bool {
        match self {
            Self::Alarm { from, until, .. } | Self::Unhealthy { from, until, .. } => {
                *from <= at && until.is_none_or(|until| at < until)
            }
            _ => true,
        }
    }

    /// When it next begins or ends after that time.
    pub(crate) fn next_edge(&self, after: Timestamp) -> Option<Timestamp> {
        match self {
            Self::Alarm { from, until, .. } | Self::Unhealthy { from, until, .. } => {
                [Some(*from), *until].into_iter().flatten().filter(|edge| *edge > after).min()
            }
            _ => None,
        }
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
