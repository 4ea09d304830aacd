//! What stands between a plan and the environment.

use serde::{Deserialize, Serialize};

use super::{Origin, Zone};

/// What stands between a plan and the environment. Rollback is never held up by any of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Protection {
    /// Who must agree.
    pub approval: Approval,
    /// When a phase may start.
    pub window: Option<Window>,
    /// Only a release that is live there may come here.
    pub promote_from: Option<Origin>,
    /// Names of the strategies that roles may use; empty for any.
    pub strategies: Vec<String>,
    /// What takes a rollout back in phases that CloudFormation does not watch.
    pub guard: Guard,
    /// Stacks cannot be deleted until it is switched off, and `destroy` is refused.
    pub termination: bool,
}

impl Protection {
    /// The time zone that people are told times in, where the spec names one.
    pub fn zone(&self) -> Option<Zone> {
        Zone::named(&self.window.as_ref()?.timezone)
    }
}

/// Who must agree to an apply.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Approval {
    /// Nobody: `--yes` is enough.
    None,
    /// A person types the environment's name, or gives the digest of the plan that was reviewed.
    Manual,
}

/// What takes a rollout back in phases that CloudFormation does not watch, with nobody's machine on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Guard {
    /// An automation in the account, for roles whose traffic stands longer than CloudFormation watches.
    WhereLong,
    /// An automation in the account, for every role.
    Automation,
    /// Nothing: only asagi while it runs.
    None,
}

/// A weekly maintenance window.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Window {
    /// Monday is 1, Sunday 7 (ISO 8601). The day on which the window opens.
    pub days: Vec<u8>,
    /// Minutes after midnight.
    pub from: u32,
    /// Minutes after midnight; less than `from` ends on the next day.
    pub to: u32,
    /// IANA name.
    pub timezone: String,
}
