//! Instance refresh: when a group's launch template changes and its update policy says so, instances are replaced in
//! place, checkpoint by checkpoint. The whole refresh is laid down as timelines when it starts.

use jiff::Timestamp;
use serde_json::Value;

use super::{World, later, number};

/// `CheckpointDelay` when percentages are given without one, in seconds.
const DEFAULT_CHECKPOINT_DELAY: u64 = 3_600;

impl World {
    /// Lays down the replacement of every instance, if the update policy asks for one.
    pub(super) fn start_refresh(&mut self, name: &str, update_policy: &Value) {
        let Some(refresh) = update_policy.get("AutoScalingInstanceRefresh") else { return };
        let Some(mut group) = self.groups.remove(name) else { return };
        let (checkpoints, delay) = checkpoints(refresh);
        let image = self.image_of(&group);
        let staying = |instance: &super::groups::Instance| instance.leaves.is_none();
        let old: Vec<usize> = (0_usize..)
            .zip(&group.instances)
            .filter(|(_, instance)| staying(instance) && instance.launched <= self.now)
            .map(|(place, _)| place)
            .collect();
        let mut starts = self.now;
        let mut done = 0;
        for percent in checkpoints {
            let until = old.len() * percent.min(100) / 100;
            let mut ready = starts;
            for place in old.get(done..until).unwrap_or_default() {
                // Launched first, drained when the new one serves: capacity never falls.
                let in_service = group.launch_at(name, starts, image.clone());
                if let Some(instance) = group.instances.get_mut(*place) {
                    instance.leaves = Some(in_service);
                }
                ready = ready.max(in_service);
            }
            done = done.max(until);
            starts = later(ready, delay);
        }
        self.groups.insert(name.to_owned(), group);
    }

    /// Ends a refresh where it stands: what is still to come does not come.
    pub(super) fn stop_refresh(&mut self, name: &str) {
        let now = self.now;
        let Some(group) = self.groups.get_mut(name) else { return };
        group.instances.retain(|instance| instance.launched <= now);
        for instance in &mut group.instances {
            if instance.leaves.is_some_and(|leaves| leaves > now) {
                instance.leaves = None;
            }
        }
    }

    /// When the refresh that runs in a group is over; now when none does.
    pub(crate) fn refreshed_at(&self, name: &str) -> Timestamp {
        let instances = self.groups.get(name).map(|group| group.instances.as_slice()).unwrap_or_default();
        let replaced = instances.iter().filter_map(|instance| instance.leaves);
        replaced.max().map_or(self.now, |end| end.max(self.now))
    }
}

/// Percentages that rise to 100, and the seconds between them.
fn checkpoints(refresh: &Value) -> (Vec<usize>, u64) {
    let preferences = refresh.get("Preferences").unwrap_or(refresh);
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
