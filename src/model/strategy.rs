//! How a release reaches its users: an ordered list of steps.

use serde::{Deserialize, Serialize};

use super::Period;

/// The strategy a role rolls out by.
#[derive(Debug, Clone, PartialEq)]
pub struct Rollout {
    /// Its steps.
    pub strategy: Strategy,
    /// Fewest requests a minute for a rate to count, as their mean over an alarm's period; below it the rate is 0.
    pub min_requests: u32,
    /// Requests per minute that the role is expected to see, if the spec says.
    pub expected_requests: Option<f64>,
}

/// A named, ordered list of steps. Named ones ship as files; an environment can write its own.
#[derive(Debug, Clone, PartialEq)]
pub struct Strategy {
    /// Such as `blue-green`, or `custom`.
    pub name: String,
    /// In order.
    pub steps: Vec<Step>,
}

impl Strategy {
    /// It replaces the live slot's instances instead of filling the other slot.
    pub fn is_in_place(&self) -> bool {
        self.steps.iter().any(|step| matches!(step, Step::Refresh { .. }))
    }

    /// The checkpoints in percent at which instances are replaced in place, and the time between them; none where they are not.
    pub fn checkpoints(&self) -> (Vec<u32>, Period) {
        let refresh = self.steps.iter().find_map(|step| match step {
            Step::Refresh { checkpoints, delay } => Some((checkpoints.clone(), *delay)),
            _ => None,
        });
        refresh.unwrap_or_default()
    }
}

/// One step.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Step {
    /// Fill the candidate to the live group's current size and pin both.
    Provision,
    /// Every target of the candidate is healthy.
    Verify,
    /// Send a cohort to the candidate.
    Route {
        /// Name of one of the role's cohorts.
        cohort: String,
    },
    /// Send a share of everyone to the candidate.
    Shift {
        /// 1 to 100.
        percent: u32,
        /// Keep a client on the slot it was sent to for this long; `None` is off.
        sticky: Option<Period>,
    },
    /// Watch the step before.
    Bake(Bake),
    /// A person says go, within this time.
    Approval {
        /// After that the next run takes it back; where everyone has moved, a person is asked again.
        within: Period,
    },
    /// Keep the old slot at full capacity for this long.
    Hold(Period),
    /// Empty the old slot.
    Retire,
    /// Replace the live slot's instances in place by its group's instance refresh (`rolling`).
    Refresh {
        /// Percent of instances replaced at each checkpoint, rising to 100.
        checkpoints: Vec<u32>,
        /// Between checkpoints.
        delay: Period,
    },
}

/// Watching: for how long, and what must hold.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Bake {
    /// How long. Up to 180 minutes CloudFormation watches; longer is gated by asagi.
    pub time: Period,
    /// Besides the slot's critical alarms, which always count.
    pub criteria: Vec<Criterion>,
}

/// What must hold in a bake, from the requirements (section 3.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Criterion {
    /// Target 5xx per request below 0.1 %.
    ErrorRate,
    /// Average response below 2 s.
    ResponseTime,
    /// CPU within ±10 % of the live slot; at equal shares only.
    Cpu,
    /// Memory within ±10 % of the live slot; at equal shares only.
    Memory,
}
