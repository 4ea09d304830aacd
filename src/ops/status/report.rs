//! What the first screen says.

use jiff::Timestamp;
use serde::Serialize;

use crate::cloud::AlarmValue;
use crate::model::Slot;
use crate::plan::RoleState;
use crate::words::Foreign;

use super::super::mend::{Running, StuckStack};

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
    /// Stacks that are deployed and no longer in the spec, a sentence each.
    pub leaving: Vec<String>,
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
    /// What the guard in the account does meanwhile, where it is there and a rollout is on its way.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub guard: Option<String>,
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
