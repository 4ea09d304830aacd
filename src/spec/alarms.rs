//! `roles.<role>.alarms`: the standard table, or a list of your own.

use schemars::JsonSchema;
use serde::Deserialize;

use super::Period;

/// `standard`, or a list of your own.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(untagged)]
#[schemars(inline)]
pub enum Alarms {
    /// The standard table.
    Standard(StandardAlarms),
    /// A list of your own, instead of the table.
    Own(Vec<OwnAlarm>),
}

/// The standard table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(inline)]
pub enum StandardAlarms {
    /// CPU, memory, disk, response time, error rate, healthy hosts.
    Standard,
}

/// One metric, with the levels at which it is told.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct OwnAlarm {
    /// What is measured, per slot.
    pub metric: MetricName,
    /// Told to people beyond this (below it for `healthy-hosts`).
    #[schemars(range(min = 0))]
    pub warning: Option<f64>,
    /// Told, and a bake is taken back.
    #[schemars(range(min = 0))]
    pub critical: Option<f64>,
    /// How long it must be so: 10s, 20s, 30s, or whole minutes up to 24h.
    pub r#for: Period,
}

/// What is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(inline)]
pub enum MetricName {
    /// Average CPU of the slot, percent.
    Cpu,
    /// Memory in use, percent; needs the CloudWatch agent.
    Memory,
    /// Disk in use, percent; needs the CloudWatch agent.
    Disk,
    /// Average response time, seconds.
    ResponseTime,
    /// Target 5xx per request, percent.
    ErrorRate,
    /// Healthy hosts per host wanted.
    HealthyHosts,
}
