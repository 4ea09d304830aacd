//! What is seen beside the stacks: rules, targets, groups, alarms, parameters.

use std::fmt;

use crate::words::Foreign;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Who calls.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    /// Twelve digits.
    pub account: String,
    /// ARN of the user or assumed role.
    pub arn: Foreign,
}

/// A listener rule as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListenerRule {
    /// ARN.
    pub arn: String,
    /// 1 to 50,000.
    pub priority: u32,
    /// Where it forwards to.
    pub forwards: Vec<WeightedTargetGroup>,
    /// Seconds a client stays on its target group; `None` is off.
    pub stickiness: Option<u32>,
}

/// One target of a forward action.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WeightedTargetGroup {
    /// ARN.
    pub target_group: String,
    /// 0 to 999; the share is this over the sum.
    pub weight: u32,
}

/// One registered target.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TargetHealth {
    /// Instance id.
    pub target: String,
    /// Its state.
    pub state: TargetState,
    /// Why, in the service's words.
    pub reason: Option<Foreign>,
    /// A zonal shift keeps requests from it, whatever its state (`AdministrativeOverride`).
    pub shifted_away: bool,
}

/// State of a registered target.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum TargetState {
    /// Registered, not enough checks passed yet.
    Initial,
    /// Receives requests.
    Healthy,
    /// Fails its checks.
    Unhealthy,
    /// Being deregistered.
    Draining,
    /// Not in use: no rule forwards to its group.
    Unused,
}

/// An Auto Scaling group as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupState {
    /// Name.
    pub name: String,
    /// At least.
    pub min: u32,
    /// At most.
    pub max: u32,
    /// Wanted now.
    pub desired: u32,
    /// What it launches instances from, where it is a launch template.
    pub launch: Option<LaunchSource>,
    /// The instances.
    pub instances: Vec<InstanceState>,
}

/// A version of a launch template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LaunchSource {
    /// `lt-…`
    pub template: String,
    /// A number, `$Latest` or `$Default`.
    pub version: String,
}

/// An instance of a group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InstanceState {
    /// `i-…`
    pub id: String,
    /// It is in service.
    pub in_service: bool,
    /// The AMI it was launched from, where the target tells.
    pub image: Option<String>,
    /// The version of the launch template it was launched from, where the target tells.
    pub version: Option<String>,
}

/// State of an alarm.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AlarmState {
    /// Name.
    pub name: String,
    /// ARN.
    pub arn: String,
    /// Where it stands.
    pub value: AlarmValue,
    /// Since when.
    pub since: Timestamp,
    /// Why, in the service's words.
    pub reason: Foreign,
    /// Names of the alarms that a composite follows. Its own state does not tell that one of them has no data.
    pub follows: Vec<String>,
}

/// Names of the alarms in a composite's rule, each once: `ALARM("a") OR NOT OK(arn:…:alarm:b)`.
pub fn alarms_in(rule: &str) -> Vec<String> {
    let parts = rule.split('(').skip(1).filter_map(|part| part.split_once(')'));
    let mut names: Vec<String> = Vec::new();
    for (inside, _) in parts {
        let plain = inside.trim().trim_matches(['"', '\'']);
        let name = plain.rsplit_once(":alarm:").map_or(plain, |(_, name)| name);
        if !name.is_empty() && !names.iter().any(|known| known == name) {
            names.push(name.to_owned());
        }
    }
    names
}

/// What an alarm is set to. What a target does not tell is `None`.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct AlarmDefinition {
    /// Name.
    pub name: String,
    /// What its metric is compared with.
    pub threshold: Option<f64>,
    /// Over so many periods.
    pub evaluations: Option<u32>,
    /// How, such as `GreaterThanThreshold`.
    pub comparison: Option<String>,
    /// What missing data are taken for.
    pub missing: Option<String>,
    /// The rule of a composite.
    pub rule: Option<String>,
    /// Whether it does anything when it goes off.
    pub acts: Option<bool>,
}

/// Where an alarm stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum AlarmValue {
    /// As it should be.
    Ok,
    /// Not as it should be.
    Alarm,
    /// No evidence.
    InsufficientData,
}

impl fmt::Display for AlarmValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Ok => "OK",
            Self::Alarm => "ALARM",
            Self::InsufficientData => "INSUFFICIENT_DATA",
        })
    }
}

/// One version of a parameter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParameterVersion {
    /// Rising from 1.
    pub version: u64,
    /// The value.
    pub value: String,
    /// When.
    pub modified: Timestamp,
    /// ARN of who.
    pub by: Foreign,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_tells_which_alarms_it_follows() {
        let cases = [
            (r#"ALARM("a") OR ALARM("b") OR ALARM("a")"#, "a b"),
            ("NOT (OK(a) AND INSUFFICIENT_DATA('b-c'))", "a b-c"),
            ("ALARM(arn:aws:cloudwatch:ap-northeast-1:123456789012:alarm:cpu)", "cpu"),
            ("FALSE", ""),
            ("", ""),
        ];
        for (rule, names) in cases {
            assert_eq!(alarms_in(rule).join(" "), names, "{rule}");
        }
    }
}
