//! Looks at every tick of the clock whether users are treated well, by what the load balancer and the groups are, not by
//! what asagi thinks of them.

use std::sync::Mutex;

use asagi::cloud::local::LocalCloud;
use asagi::cloud::{AlarmValue, Clock, CloudFormation, Observe, TargetState};
use asagi::model::Slot;

use crate::block;

/// No slot with users wants fewer instances.
const FLOOR: u32 = 2;

/// What is looked at, and what was seen.
pub(crate) struct Oracle {
    rule: String,
    rules: Vec<String>,
    target_groups: [String; 2],
    groups: [String; 2],
    last: Mutex<Option<Picture>>,
    /// Weights that a person has made.
    excused: Mutex<Option<[u32; 2]>>,
    offences: Mutex<Vec<String>>,
}

/// Both slots, blue first.
#[derive(Debug, Clone, PartialEq)]
struct Picture {
    weight: [u32; 2],
    healthy: [u32; 2],
    desired: [u32; 2],
    alarm: [bool; 2],
    /// Some rule sends requests there, a cohort's too.
    reached: [bool; 2],
}

impl Picture {
    fn carried(&self) -> u32 {
        let carrying = (0..2).filter(|at| self.weight[*at] > 0).map(|at| self.desired[at]);
        carrying.max().unwrap_or(0).max(1)
    }

    fn reach(&self, at: usize) -> u32 {
        (self.healthy[at] * 100 / self.carried()).min(100)
    }

    fn served(&self) -> u32 {
        (0..2).map(|at| self.weight[at].min(self.reach(at))).sum()
    }

    /// Users are worse off on that slot than they are.
    fn is_worse(&self, at: usize) -> bool {
        let other = 1 - at;
        if self.alarm[other] {
            return false;
        }
        self.alarm[at] && self.healthy[other] > 0 || self.reach(at) < self.served() && self.reach(at) <= 50
    }
}

impl Oracle {
    /// Of the role `web` as it is deployed.
    pub(crate) fn new(local: &LocalCloud) -> Self {
        let stack = |name: &str| block(local.describe_stack(&format!("poc-poc-{name}"))).unwrap().unwrap();
        let traffic = stack("web-traffic");
        let resources = block(local.describe_stack_resources(&traffic.name)).unwrap();
        let rules: Vec<(String, String)> = resources
            .into_iter()
            .filter(|it| it.resource_type.ends_with("::ListenerRule"))
            .filter_map(|it| Some((it.physical_id?, it.logical_id)))
            .collect();
        let everyone = rules.iter().find(|(_, id)| id == "AllRule").unwrap_or(&rules[0]);
        Self {
            rule: everyone.0.clone(),
            rules: rules.iter().map(|(arn, _)| arn.clone()).collect(),
            target_groups: ["Blue", "Green"]
                .map(|slot| traffic.outputs[&format!("{slot}TargetGroupArn")].clone()),
            groups: Slot::ALL.map(|slot| stack(&format!("web-{slot}")).outputs["GroupName"].clone()),
            last: Mutex::default(),
            excused: Mutex::default(),
            offences: Mutex::default(),
        }
    }

    /// What was not as it should be.
    pub(crate) fn offences(&self) -> Vec<String> {
        self.offences.lock().unwrap().clone()
    }

    /// Somebody moved weights by hand: what is seen now is where it begins, and theirs as long as it stays so.
    pub(crate) fn forget(&self, local: &LocalCloud) {
        let now = self.picture(local);
        *self.excused.lock().unwrap() = Some(now.weight);
        *self.last.lock().unwrap() = Some(now);
    }

    fn picture(&self, local: &LocalCloud) -> Picture {
        let rules = block(local.listener_rules(&self.rules)).unwrap();
        let share = |rule: &asagi::cloud::ListenerRule| {
            let weights = self
                .target_groups
                .each_ref()
                .map(|arn| rule.forwards.iter().find(|to| to.target_group == *arn).map_or(0, |to| to.weight));
            let sum = (weights[0] + weights[1]).max(1);
            weights.map(|weight| weight * 100 / sum)
        };
        let everyone = rules.iter().find(|rule| rule.arn == self.rule).map_or([0, 0], share);
        let reached = [0, 1].map(|at: usize| rules.iter().any(|rule| share(rule)[at] > 0));
        let healthy = self.target_groups.each_ref().map(|arn| {
            let targets = block(local.target_health(arn)).unwrap_or_default();
            u32::try_from(targets.iter().filter(|it| it.state == TargetState::Healthy).count()).unwrap()
        });
        let desired = self
            .groups
            .each_ref()
            .map(|name| block(local.group(name)).unwrap_or_default().map_or(0, |group| group.desired));
        let names = Slot::ALL.map(|slot| format!("poc-poc-web-{slot}"));
        let alarms = block(local.alarms(&names)).unwrap_or_default();
        let alarm =
            names.map(|name| alarms.iter().any(|it| it.name == name && it.value == AlarmValue::Alarm));
        Picture { weight: everyone, healthy, desired, alarm, reached }
    }

    /// A look.
    pub(crate) fn look(&self, local: &LocalCloud) {
        let now = self.picture(local);
        let last = self.last.lock().unwrap().replace(now.clone());
        let mut found = Vec::new();
        if *self.excused.lock().unwrap() == Some(now.weight) {
            return;
        }
        *self.excused.lock().unwrap() = None;
        for (at, slot) in Slot::ALL.into_iter().enumerate() {
            if now.weight[at] > 0 && now.desired[at] < FLOOR {
                found.push(format!("{slot} has {} % and wants {}", now.weight[at], now.desired[at]));
            }
            if now.reached[at] && now.desired[at] == 0 {
                found.push(format!("a rule sends users to {slot}, which is emptied"));
            }
            let Some(last) = &last else { continue };
            let stayed = Picture { weight: last.weight, ..now.clone() };
            if now.weight[at] > last.weight[at] && last.is_worse(at) && stayed.is_worse(at) {
                found.push(format!(
                    "{slot} got {} % instead of {}: it is worse off, {last:?}",
                    now.weight[at], last.weight[at]
                ));
            }
        }
        let at = local.now();
        self.offences.lock().unwrap().extend(found.into_iter().map(|what| format!("{at} {what}")));
    }
}
