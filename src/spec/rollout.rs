//! `roles.<role>.rollout`: a named strategy, or steps of your own.

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::Deserialize;

use super::{Cidr, Name, Period, Text};

/// The name of a strategy, or details.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(untagged)]
#[schemars(inline)]
pub enum Rollout {
    /// `blue-green`, `canary`, `hybrid-canary`, `gradual`, `immediate`, `canary-approved` or `rolling`.
    Named(String),
    /// With details.
    Details(Box<RolloutDetails>),
}

/// How a release reaches its users.
#[derive(Debug, Clone, PartialEq, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct RolloutDetails {
    /// A named strategy; `blue-green` unless said or steps are given.
    pub strategy: Option<String>,
    /// Steps of your own, instead of a named strategy's.
    pub steps: Option<Vec<Step>>,
    /// How long the old slot is kept at full capacity, instead of the strategy's own time.
    pub hold: Option<Period>,
    /// Who may be sent to the candidate before everyone, each with the ways to recognise them.
    /// `verification` and `pilot` unless said.
    #[schemars(extend("propertyNames" = { "pattern": "^[a-z][A-Za-z0-9]*$" }))]
    pub cohorts: Option<IndexMap<String, Vec<CohortMatch>>>,
    /// Fewest requests a minute for the error rate to count, as their mean over the time its alarm looks at. A single
    /// error in that time never counts as a rate.
    #[schemars(range(min = 1))]
    pub min_requests: Option<u32>,
    /// Requests per minute this role usually sees.
    #[schemars(range(min = 0))]
    pub expected_requests: Option<f64>,
}

/// One way to recognise a cohort: by header, by cookie or by source.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CohortMatch {
    /// A request header's name; with `values`.
    #[schemars(length(min = 1, max = 40))]
    pub header: Option<String>,
    /// Values of the header.
    #[serde(default)]
    pub values: Vec<Text>,
    /// A cookie's name; with `value`.
    pub cookie: Option<Text>,
    /// The cookie's value.
    pub value: Option<Text>,
    /// Address blocks of the connecting peer.
    #[serde(default)]
    pub source: Vec<Cidr>,
}

/// A word, or details.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(untagged)]
#[schemars(inline)]
pub enum Step {
    /// A step that needs nothing said.
    Word(StepWord),
    /// A step with details.
    Details(Box<StepDetails>),
}

/// Steps that need nothing said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(inline)]
pub enum StepWord {
    /// Fill the candidate to the live slot's current size.
    Provision,
    /// Every target of the candidate is healthy.
    Verify,
    /// Empty the old slot.
    Retire,
}

/// A step: one of `shift`, `route`, `bake`, `approval`, `hold`, `refresh`; `bake` may stand beside `shift` and `route`.
#[derive(Debug, Clone, PartialEq, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct StepDetails {
    /// Send this percentage of everyone to the candidate.
    #[schemars(range(min = 1, max = 100))]
    pub shift: Option<u32>,
    /// With `shift`: keep a client on its slot for this long. Off unless said: sticky clients outlive a rollback.
    pub sticky: Option<Period>,
    /// Send this cohort to the candidate, all of it.
    pub route: Option<Name>,
    /// Watch for this long.
    pub bake: Option<Bake>,
    /// A person says go, within this time.
    pub approval: Option<Period>,
    /// Keep the old slot at full capacity for this long.
    pub hold: Option<Period>,
    /// Replace the live slot's instances in place.
    pub refresh: Option<Refresh>,
}

/// A time, or a time with criteria.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(untagged)]
#[schemars(inline)]
pub enum Bake {
    /// With the criteria that fit the share.
    Time(Period),
    /// With criteria of your own.
    Details(BakeDetails),
}

/// Watching, with criteria.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct BakeDetails {
    /// How long.
    pub time: Period,
    /// What must hold, besides the slot's critical alarms.
    pub criteria: Vec<CriterionName>,
}

/// What must hold in a bake.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(inline)]
pub enum CriterionName {
    /// Target 5xx per request below 0.1 %.
    ErrorRate,
    /// Average response below 2 s.
    ResponseTime,
    /// CPU within 10 % of the live slot; at equal shares only.
    Cpu,
    /// Memory within 10 % of the live slot; at equal shares only.
    Memory,
}

/// Replacing the live slot's instances in place.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Refresh {
    /// Percentages replaced at each checkpoint, rising to 100.
    pub checkpoints: Vec<u32>,
    /// Between checkpoints.
    pub delay: Period,
}

/// A file of `templates/strategies/`.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct StrategyFile {
    /// As specs name it.
    pub name: String,
    /// One line for people.
    pub summary: String,
    /// In order.
    pub steps: Vec<Step>,
}
