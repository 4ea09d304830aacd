//! `protection`: what stands between a plan and an environment.

use schemars::JsonSchema;
use serde::Deserialize;

use super::{Clock, Name, Text};

/// What stands between a plan and this environment. Rollback is never held up by any of it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Protection {
    /// Who must agree to an apply.
    pub approval: Option<Approval>,
    /// When a phase may start.
    pub window: Option<Window>,
    /// Only a release that is live in this environment may come here.
    pub promote_from: Option<Name>,
    /// Strategies that roles may use here, by name, `custom` for steps of their own; any unless said.
    pub strategies: Option<Vec<Text>>,
    /// What takes a rollout back in phases that CloudFormation does not watch, with nobody's machine on; an automation
    /// where a bake or a hold is longer than 180 minutes, or a person is asked, unless said.
    pub guard: Option<Guard>,
    /// Refuse to delete stacks; where data is retained unless said.
    pub termination: Option<bool>,
}

/// Who must agree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(inline)]
pub enum Approval {
    /// Nobody.
    None,
    /// A person types the environment's name, or gives the digest of the plan that was reviewed.
    Manual,
}

/// What takes a rollout back when nobody's machine is on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(inline)]
pub enum Guard {
    /// An automation in the account, started by a rule on the slots' alarms.
    Automation,
    /// Nothing.
    None,
}

/// A weekly maintenance window.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Window {
    /// Days on which it opens.
    #[schemars(length(min = 1))]
    pub days: Vec<Day>,
    /// Opens at.
    pub from: Clock,
    /// Closes at; on the next day if that is earlier.
    pub to: Clock,
    /// Such as `Asia/Tokyo`.
    pub timezone: Text,
}

/// A day of the week.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize, JsonSchema)]
#[schemars(inline)]
#[expect(missing_docs, reason = "the days of the week")]
pub enum Day {
    Mon,
    Tue,
    Wed,
    Thu,
    Fri,
    Sat,
    Sun,
}
