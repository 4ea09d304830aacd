//! Instance refresh: when a group's launch template changes and its update policy says so, instances are replaced in
//! place, checkpoint by checkpoint. New ones come first, and the old ones go once those are healthy; where they do not
//! start or are not healthy the refresh stands still, and fails after a while.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{World, later, number, texts};
use crate::cloud::AlarmValue;

/// `CheckpointDelay` when percentages are given without one, in seconds.
const DEFAULT_CHECKPOINT_DELAY: u64 = 3_600;
/// How long a refresh waits for instances that do not start or are not healthy, in seconds: an hour. Plausible, not AWS's.
const GIVES_UP_AFTER: u64 = 3_600;
/// Between looks at what a refresh waits for, in seconds.
const LOOKS_EVERY: u64 = 30;

/// A refresh that runs, or has failed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Refresh {
    /// Instances to replace, in order.
    old: Vec<String>,
    /// How many of them each checkpoint comes to.
    until: Vec<usize>,
    /// Seconds between checkpoints.
    delay: u64,
    /// Seconds after its start of service until an instance counts.
    warm_up: u64,
    /// Names of alarms that end it.
    alarms: Vec<String>,
    started: Timestamp,
    /// How many are replaced.
    done: usize,
    /// Those that take the place of the next ones, once they were launched.
    new: Vec<String>,
    /// When it next goes on.
    next: Timestamp,
    /// Since when it has stood still.
    stands: Option<Timestamp>,
    failed: Option<String>,
}

/// How a group's refresh stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Refreshing {
    /// None runs.
    Over,
    /// It goes on then.
    Until(Timestamp),
    /// It failed, and why.
    Failed(String),
}

impl World {
    /// Begins to replace every instance, if the update policy asks for that.
    pub(super) fn start_refresh(&mut self, name: &str, update_policy: &Value) {
        let Some(policy) = update_policy.get("AutoScalingInstanceRefresh") else { return };
        let preferences = policy.get("Preferences").unwrap_or(policy);
        let Some(group) = self.groups.get(name) else { return };
        let image = self.image_of(group);
        let skips = preferences.get("SkipMatching").is_some_and(|skip| {
            skip.as_bool().or_else(|| Some(skip.as_str()? == "true")).unwrap_or_default()
        });
        let there = group.instances.iter().filter(|instance| instance.is_there(self.now));
        let old: Vec<String> = there
            .filter(|instance| !skips || instance.image != image)
            .map(|instance| instance.id.clone())
            .collect();
        if old.is_empty() {
            return;
        }
        let (percentages, delay) = checkpoints(preferences);
        let specification = preferences.get("AlarmSpecification");
        let refresh = Refresh {
            until: percentages.iter().map(|percent| old.len() * (*percent).min(100) / 100).collect(),
            old,
            delay,
            warm_up: number(preferences.get("InstanceWarmup")).unwrap_or(0),
            alarms: texts(specification.and_then(|it| it.get("Alarms"))),
            started: self.now,
            done: 0,
            new: Vec::new(),
            next: self.now,
            stands: None,
            failed: None,
        };
        self.refreshes.insert(name.to_owned(), refresh);
        self.go_on_refreshing();
    }

    /// Ends a refresh where it stands: what is still to come does not come.
    pub(super) fn stop_refresh(&mut self, name: &str) {
        self.refreshes.remove(name);
    }

    /// It replaces instances now, so that the group has more than it wants for a while.
    pub(super) fn is_refreshing(&self, name: &str) -> bool {
        self.refreshes.get(name).is_some_and(|refresh| refresh.failed.is_none())
    }

    /// How the refresh of a group stands.
    pub(crate) fn refreshing(&self, name: &str) -> Refreshing {
        match self.refreshes.get(name) {
            None => Refreshing::Over,
            Some(refresh) => match &refresh.failed {
                Some(why) => Refreshing::Failed(why.clone()),
                None => Refreshing::Until(refresh.next.max(later(self.now, 1))),
            },
        }
    }

    pub(super) fn refreshes_due(&self) -> impl Iterator<Item = Timestamp> {
        self.refreshes.values().filter(|refresh| refresh.failed.is_none()).map(|refresh| refresh.next)
    }

    /// Lets every refresh go on as far as it does by now.
    pub(super) fn go_on_refreshing(&mut self) {
        let names: Vec<String> = self.refreshes.keys().cloned().collect();
        for name in names {
            let Some(mut refresh) = self.refreshes.remove(&name) else { continue };
            let mut over = false;
            while refresh.failed.is_none() && !over && refresh.next <= self.now {
                over = self.go_on(&name, &mut refresh);
            }
            if let (None, Some(alarm)) = (&refresh.failed, self.alarm_of(&refresh)) {
                refresh.failed =
                    Some(format!("The instance refresh failed: alarm {alarm} is in ALARM state."));
            }
            if !over {
                self.refreshes.insert(name, refresh);
            }
        }
    }

    fn alarm_of(&self, refresh: &Refresh) -> Option<String> {
        let spoke = |name: &&String| {
            let alarm = self.alarms.get(*name);
            alarm.is_some_and(|it| it.value == AlarmValue::Alarm && it.since >= refresh.started)
        };
        refresh.alarms.iter().find(spoke).cloned()
    }

    /// One step; gives whether it is over.
    fn go_on(&mut self, name: &str, refresh: &mut Refresh) -> bool {
        if refresh.done >= refresh.old.len() {
            return true;
        }
        let until = refresh.until.iter().copied().find(|until| *until > refresh.done);
        let until = until.unwrap_or(refresh.old.len());
        if refresh.new.is_empty() {
            self.launch_next(name, refresh, until);
        } else {
            self.replace_next(name, refresh, until);
        }
        false
    }

    fn launch_next(&mut self, name: &str, refresh: &mut Refresh, until: usize) {
        let (fails, down, now) = (self.launches_fail(name), self.zones_down(), self.now);
        let Some(mut group) = self.groups.remove(name) else { return };
        let image = self.image_of(&group);
        let wanted = until - refresh.done;
        let mut ready = now;
        while !fails && refresh.new.len() < wanted {
            let Some(instance) = group.launch_at(name, now, image.clone(), &down) else { break };
            ready = ready.max(instance.in_service);
            refresh.new.push(instance.id.clone());
        }
        let healthy = group.target_groups.iter().filter_map(|arn| self.target_groups.get(arn));
        let healthy = healthy.map(|group| group.health_seconds).max().unwrap_or(0);
        self.groups.insert(name.to_owned(), group);
        match refresh.new.is_empty() {
            true => refresh.stand(now, "Failed to launch instances"),
            false => (refresh.next, refresh.stands) = (later(ready, healthy.max(refresh.warm_up)), None),
        }
    }

    fn replace_next(&mut self, name: &str, refresh: &mut Refresh, until: usize) {
        let now = self.now;
        let Some(group) = self.groups.get(name) else { return };
        let unwell = self.unwell(name, group);
        if refresh.new.iter().any(|id| unwell.contains(id)) {
            return refresh.stand(now, "New instances failed their health checks");
        }
        let goes = refresh.old.get(refresh.done..until).unwrap_or_default();
        let Some(group) = self.groups.get_mut(name) else { return };
        let leaving = group.instances.iter_mut().filter(|instance| goes.contains(&instance.id));
        leaving.for_each(|instance| instance.leaves = Some(instance.leaves.unwrap_or(now)));
        refresh.new.clear();
        (refresh.done, refresh.stands) = (until, None);
        let last = until >= refresh.old.len();
        refresh.next = if last { now } else { later(now, refresh.delay) };
    }
}

impl Refresh {
    /// Nothing goes on for now, and nothing ever will after a while.
    fn stand(&mut self, now: Timestamp, why: &str) {
        let since = *self.stands.get_or_insert(now);
        if later(since, GIVES_UP_AFTER) <= now {
            self.failed = Some(format!("The instance refresh failed: {why}."));
        }
        self.next = later(now, LOOKS_EVERY);
    }
}

/// Percentages that rise to 100, and the seconds between them.
fn checkpoints(preferences: &Value) -> (Vec<usize>, u64) {
    let list = preferences.get("CheckpointPercentages").and_then(Value::as_array);
    let percentages = list.map(Vec::as_slice).unwrap_or_default().iter();
    let mut percentages: Vec<usize> =
        percentages.filter_map(|percent| usize::try_from(number(Some(percent))?).ok()).collect();
    let given = !percentages.is_empty();
    if percentages.last() != Some(&100) {
        percentages.push(100);
    }
    let delay = number(preferences.get("CheckpointDelay"));
    (percentages, delay.unwrap_or(if given { DEFAULT_CHECKPOINT_DELAY } else { 0 }))
}
