//! Target groups and listener rules as they are, which may differ from what a template says.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Deployed, World, later, number, text};
use crate::cloud::{ListenerRule, TargetHealth, TargetState, WeightedTargetGroup};
use crate::words::Foreign;

/// A target group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct TargetGroup {
    /// From registration to healthy, in seconds.
    pub(crate) health_seconds: u64,
    /// From deregistration to gone, in seconds.
    pub(crate) drain_seconds: u64,
}

/// A listener rule, or a listener's default action.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Rule {
    /// `None` for a default action.
    pub(crate) priority: Option<u64>,
    /// Target group ARN and weight.
    pub(crate) forwards: Vec<(String, u64)>,
    /// Seconds; `None` is off.
    pub(crate) stickiness: Option<u64>,
}

impl World {
    pub(super) fn put_target_group(&mut self, resource: &Deployed<'_>) {
        let interval = number(resource.get("HealthCheckIntervalSeconds")).unwrap_or(30);
        let healthy = number(resource.get("HealthyThresholdCount")).unwrap_or(5);
        let attributes = resource.get("TargetGroupAttributes").and_then(Value::as_array);
        let is_delay = |attribute: &&Value| {
            text(attribute.get("Key")).as_deref() == Some("deregistration_delay.timeout_seconds")
        };
        let delay =
            attributes.and_then(|list| list.iter().find(is_delay)).and_then(|found| found.get("Value"));
        let group = TargetGroup {
            health_seconds: interval.saturating_mul(healthy),
            drain_seconds: number(delay).unwrap_or(300),
        };
        self.target_groups.insert(resource.physical_id.to_owned(), group);
    }

    pub(super) fn put_rule(&mut self, resource: &Deployed<'_>) {
        let actions = resource.get("Actions").or_else(|| resource.get("DefaultActions"));
        let actions = actions.and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        let forward = actions.iter().find(|action| text(action.get("Type")).as_deref() == Some("forward"));
        let config = forward.and_then(|action| action.get("ForwardConfig"));
        let listed = config.and_then(|config| config.get("TargetGroups")).and_then(Value::as_array);
        let mut forwards: Vec<(String, u64)> = listed
            .map(Vec::as_slice)
            .unwrap_or_default()
            .iter()
            .filter_map(|entry| {
                Some((text(entry.get("TargetGroupArn"))?, number(entry.get("Weight")).unwrap_or(1)))
            })
            .collect();
        if forwards.is_empty() {
            forwards
                .extend(forward.and_then(|action| text(action.get("TargetGroupArn"))).map(|arn| (arn, 1)));
        }
        let sticky = config.and_then(|config| config.get("TargetGroupStickinessConfig"));
        let enabled = text(sticky.and_then(|sticky| sticky.get("Enabled"))).as_deref() == Some("true");
        let seconds = number(sticky.and_then(|sticky| sticky.get("DurationSeconds")));
        let rule = Rule {
            priority: number(resource.get("Priority")),
            forwards,
            stickiness: seconds.filter(|_| enabled),
        };
        self.rules.insert(resource.physical_id.to_owned(), rule);
    }

    /// As `DescribeRules` tells it; absent ones are left out.
    pub(crate) fn rule_state(&self, arn: &str) -> Option<ListenerRule> {
        let rule = self.rules.get(arn)?;
        let small = |number: u64| u32::try_from(number).unwrap_or(u32::MAX);
        let forwards = rule.forwards.iter().map(|(target_group, weight)| WeightedTargetGroup {
            target_group: target_group.clone(),
            weight: small(*weight),
        });
        Some(ListenerRule {
            arn: arn.to_owned(),
            priority: small(rule.priority.unwrap_or(0)),
            forwards: forwards.collect(),
            stickiness: rule.stickiness.map(small),
        })
    }

    /// As `DescribeTargetHealth` tells it: what the groups have registered.
    pub(crate) fn target_states(&self, arn: &str) -> Option<Vec<TargetHealth>> {
        let target_group = self.target_groups.get(arn)?;
        let is_used = self.rules.values().any(|rule| rule.forwards.iter().any(|(to, _)| to == arn));
        let mut states = Vec::new();
        let shifted = self.zones_shifted();
        for (name, group) in &self.groups {
            if !group.target_groups.iter().any(|registered| registered == arn) {
                continue;
            }
            let unwell = self.unwell(name, group);
            for instance in &group.instances {
                let since = instance.in_service;
                let seen = target_group.state(since, instance.leaves, self.now);
                let Some((state, reason)) = seen else { continue };
                let (state, reason) = match state {
                    TargetState::Draining => (state, reason),
                    _ if !is_used => (TargetState::Unused, Some("Target.NotInUse")),
                    _ if unwell.contains(&instance.id) => {
                        (TargetState::Unhealthy, Some("Target.FailedHealthChecks"))
                    }
                    _ => (state, reason),
                };
                states.push(TargetHealth {
                    target: instance.id.clone(),
                    state,
                    reason: reason.map(Foreign::from),
                    shifted_away: shifted.contains(&instance.zone.as_str()),
                });
            }
        }
        Some(states)
    }
}

impl TargetGroup {
    /// What a target is that serves since then and leaves then; `None` when it is not registered.
    fn state(
        &self,
        since: Timestamp,
        leaves: Option<Timestamp>,
        now: Timestamp,
    ) -> Option<(TargetState, Option<&'static str>)> {
        if now < since {
            return None;
        }
        if let Some(leaves) = leaves.filter(|leaves| *leaves <= now) {
            let gone = later(leaves, self.drain_seconds) <= now;
            return (!gone).then_some((TargetState::Draining, Some("Target.DeregistrationInProgress")));
        }
        Some(if now < later(since, self.health_seconds) {
            (TargetState::Initial, Some("Elb.InitialHealthChecking"))
        } else {
            (TargetState::Healthy, None)
        })
    }
}
