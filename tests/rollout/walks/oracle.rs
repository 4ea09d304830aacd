//! Looks at every tick of the clock whether users are treated well, by what the load balancer and the groups are, not by
//! what asagi thinks of them; whether what was there is still there; and now and then whether there is a way back.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use asagi::cloud::local::LocalCloud;
use asagi::cloud::{AlarmValue, Clock, CloudFormation, Observe, TargetState};
use asagi::model::Slot;
use jiff::{SignedDuration, Timestamp};

use super::back::WayBack;
use crate::block;
use crate::cloud::Witness;
use crate::session::Session;

/// No slot with users wants fewer instances.
const FLOOR: u32 = 2;
/// What is seen before a change set is made is this old when it is executed.
const MADE: SignedDuration = SignedDuration::from_secs(15);
/// The way back is tried at one of so many ticks of the clock.
const TRIED: usize = 40;

/// What is looked at, and what was seen.
pub(crate) struct Oracle {
    rule: String,
    rules: Vec<String>,
    target_groups: [String; 2],
    groups: [String; 2],
    /// Stacks that were there at the beginning.
    stacks: Vec<String>,
    way_back: WayBack,
    ticks: AtomicUsize,
    tried: AtomicUsize,
    last: Mutex<Option<Picture>>,
    /// Since when users are worse off on each slot than they are.
    worse: Mutex<[Option<Timestamp>; 2]>,
    /// Weights that a person has made.
    excused: Mutex<Option<[u32; 2]>>,
    /// Sizes that a person has made.
    sized: Mutex<Option<[u32; 2]>>,
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
    pub(crate) fn new(session: &Session) -> Self {
        let local = &session.cloud.local;
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
            stacks: local.stack_names().unwrap(),
            way_back: WayBack::new(&session.loaded()),
            ticks: AtomicUsize::new(0),
            tried: AtomicUsize::new(0),
            last: Mutex::default(),
            worse: Mutex::default(),
            excused: Mutex::default(),
            sized: Mutex::default(),
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
        *self.sized.lock().unwrap() = Some(now.desired);
        *self.last.lock().unwrap() = Some(now);
    }

    /// So many ways back were tried.
    pub(crate) fn tried(&self) -> usize {
        self.tried.load(Ordering::Relaxed)
    }

    /// Something is not as it should be.
    pub(crate) fn offend(&self, what: String) {
        self.offences.lock().unwrap().push(what);
    }

    /// A stack is about to be deleted.
    pub(crate) fn deletes(&self, stack: &str) {
        if self.stacks.iter().any(|name| name == stack || stack.contains(&format!(":stack/{name}/"))) {
            self.offend(format!("stack {stack} is deleted, which was there at the beginning"));
        }
    }

    /// A tick of the clock.
    pub(crate) fn tick(&self, cloud: &Witness) {
        self.look(&cloud.local);
        if self.ticks.fetch_add(1, Ordering::Relaxed) % TRIED == TRIED - 1 {
            self.try_way_back(cloud);
        }
    }

    /// Goes back from here, in an account that is gone afterwards.
    pub(crate) fn try_way_back(&self, cloud: &Witness) {
        match self.way_back.try_from(cloud) {
            Ok(tried) => drop(self.tried.fetch_add(usize::from(tried), Ordering::Relaxed)),
            Err(why) => self.offend(format!("{} no way back: {why}", cloud.now())),
        }
    }

    /// What was there at the beginning is there.
    fn gone(&self, local: &LocalCloud) -> Vec<String> {
        let there = local.stack_names().unwrap();
        let stacks = self.stacks.iter().filter(|name| !there.contains(name));
        let groups = self.groups.iter().filter(|name| !matches!(block(local.group(name)), Ok(Some(_))));
        let targets = self.target_groups.iter().filter(|arn| block(local.target_health(arn)).is_err());
        let all = stacks.chain(groups).chain(targets);
        all.map(|name| format!("{name} is gone, which was there at the beginning")).collect()
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
        let mut found = self.gone(local);
        let excused = *self.excused.lock().unwrap() == Some(now.weight);
        let sized = excused && *self.sized.lock().unwrap() == Some(now.desired);
        if !excused {
            *self.excused.lock().unwrap() = None;
        }
        let mut worse = self.worse.lock().unwrap();
        for (at, slot) in Slot::ALL.into_iter().enumerate() {
            let since = worse[at];
            let known = since.is_some_and(|since| local.now().duration_since(since) > MADE);
            worse[at] = since.or(Some(local.now())).filter(|_| now.is_worse(at));
            if now.weight[at] > 0 && now.desired[at] < FLOOR && !sized {
                found.push(format!("{slot} has {} % and wants {}", now.weight[at], now.desired[at]));
            }
            if now.reached[at] && now.desired[at] == 0 && !sized {
                found.push(format!("a rule sends users to {slot}, which is emptied"));
            }
            let Some(last) = last.as_ref().filter(|_| !excused) else { continue };
            if last.weight[at] > 0 && now.weight[at] > 0 && now.desired[at] < last.desired[at] {
                found.push(format!(
                    "{slot} has {} % and wants {} instead of {}",
                    now.weight[at], now.desired[at], last.desired[at]
                ));
            }
            let stayed = Picture { weight: last.weight, ..now.clone() };
            if now.weight[at] > last.weight[at] && known && last.is_worse(at) && stayed.is_worse(at) {
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
