//! What is watched, per slot.

use super::Period;

/// One alarm on one slot (both slots get it).
#[derive(Debug, Clone, PartialEq)]
pub struct Alarm {
    /// What is measured.
    pub metric: Metric,
    /// How bad it is.
    pub level: AlarmLevel,
    /// In the metric's own unit: percent, seconds, or a ratio of hosts.
    pub threshold: f64,
    /// How long it must be so.
    pub lasting: Period,
}

impl Alarm {
    /// Unique per slot: `error-rate-critical`.
    pub fn name(&self) -> String {
        format!("{}-{}", self.metric.as_str(), self.level.as_str())
    }
}

/// How bad it is. Only critical alarms enter the slot's composite, which takes a bake back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum AlarmLevel {
    /// Told to people.
    Warning,
    /// Told, and takes a bake back.
    Critical,
}

impl AlarmLevel {
    /// `warning` or `critical`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Warning => "warning",
            Self::Critical => "critical",
        }
    }
}

/// What is measured, per slot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Metric {
    /// Average CPU of the group, percent.
    Cpu,
    /// Memory in use, percent, from the CloudWatch agent.
    Memory,
    /// Disk in use, percent, from the CloudWatch agent.
    Disk,
    /// Average target response time, seconds.
    ResponseTime,
    /// Target 5xx per request, percent.
    ErrorRate,
    /// Healthy hosts per host wanted, ratio; none wanted is OK.
    HealthyHosts,
}

impl Metric {
    /// All, in the order of the standard table.
    pub const ALL: [Self; 6] =
        [Self::Cpu, Self::Memory, Self::Disk, Self::ResponseTime, Self::ErrorRate, Self::HealthyHosts];

    /// The form in names and specs, `response-time`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Cpu => "cpu",
            Self::Memory => "memory",
            Self::Disk => "disk",
            Self::ResponseTime => "response-time",
            Self::ErrorRate => "error-rate",
            Self::HealthyHosts => "healthy-hosts",
        }
    }
}
