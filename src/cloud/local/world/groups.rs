//! Auto Scaling groups and their instances. An instance is a timeline laid down when it is launched; what it is at a
//! time follows from the time alone.

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Deployed, World, later, number, text, texts};
use crate::cloud::local::fault::Fault;
use crate::cloud::local::ids;
use crate::cloud::{CloudError, GroupState, InstanceState, LaunchSource, Result};

/// Shortest time from launch to service, in seconds. Plausible for a baked image, not AWS's.
const BOOT_SECONDS: u64 = 60;
/// Letters of Availability Zones, in the order in which subnets stand for them.
const ZONES: [&str; 3] = ["a", "c", "d"];
/// Instances differ by up to that many seconds more.
const BOOT_SPREAD: u64 = 61;

/// An Auto Scaling group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Group {
    pub(crate) min: u64,
    pub(crate) max: u64,
    pub(crate) desired: u64,
    /// Launch template's id and version.
    pub(crate) launch: (String, String),
    /// ARNs of the target groups it registers with.
    pub(crate) target_groups: Vec<String>,
    /// Availability Zones that it spreads its instances over.
    #[serde(default)]
    pub(crate) zones: Vec<String>,
    /// How many instances it ever launched.
    pub(crate) launched: u64,
    pub(crate) instances: Vec<Instance>,
}

/// One instance, from launch to end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Instance {
    pub(crate) id: String,
    pub(crate) image: Option<String>,
    /// Its Availability Zone.
    #[serde(default)]
    pub(crate) zone: String,
    pub(crate) launched: Timestamp,
    pub(crate) in_service: Timestamp,
    /// When it starts to drain.
    pub(crate) leaves: Option<Timestamp>,
}

impl Instance {
    /// It was launched and does not drain.
    pub(crate) fn is_there(&self, now: Timestamp) -> bool {
        self.launched <= now && self.leaves.is_none_or(|leaves| leaves > now)
    }

    /// It is there and does its work.
    pub(crate) fn is_in_service(&self, now: Timestamp) -> bool {
        self.is_there(now) && self.in_service <= now
    }
}

impl World {
    /// Creates or updates a group. Raising the minimum raises what is desired, lowering the maximum lowers it,
    /// lowering the minimum does nothing.
    pub(super) fn put_group(&mut self, resource: &Deployed<'_>) {
        let min = number(resource.get("MinSize")).unwrap_or(0);
        let max = number(resource.get("MaxSize")).unwrap_or(min).max(min);
        let template = resource.get("LaunchTemplate");
        let part = |key: &str| text(template.and_then(|template| template.get(key))).unwrap_or_default();
        let launch = (part("LaunchTemplateId"), part("Version"));
        let target_groups = texts(resource.get("TargetGroupARNs"));
        let wanted = number(resource.get("DesiredCapacity"));
        let subnets = match resource.get("VPCZoneIdentifier") {
            Some(Value::String(list)) => list.split(',').count(),
            listed => texts(listed).len(),
        };
        let zones = ZONES.iter().take(subnets.max(1)).map(|zone| format!("{}{zone}", self.region)).collect();
        let new_launch = {
            let group = self.groups.entry(resource.physical_id.to_owned()).or_insert_with(|| Group {
                min,
                max,
                desired: min,
                launch: launch.clone(),
                target_groups: Vec::new(),
                zones: Vec::new(),
                launched: 0,
                instances: Vec::new(),
            });
            let new_launch = group.launch != launch;
            group.desired = wanted.unwrap_or(group.desired).clamp(min, max);
            (group.min, group.max, group.launch, group.target_groups) = (min, max, launch, target_groups);
            group.zones = zones;
            new_launch
        };
        self.stop_refresh(resource.physical_id);
        self.reconcile(resource.physical_id);
        if new_launch {
            self.start_refresh(resource.physical_id, resource.update_policy);
        }
    }

    /// A launch template keeps every version.
    pub(super) fn put_launch_template(&mut self, resource: &Deployed<'_>) {
        let data = resource.get("LaunchTemplateData").cloned().unwrap_or(Value::Null);
        let versions = self.launch_templates.entry(resource.physical_id.to_owned()).or_default();
        if versions.last() != Some(&data) {
            versions.push(data);
        }
    }

    /// The number of a launch template's newest version, from 1.
    pub(crate) fn launch_template_version(&self, id: &str) -> usize {
        self.launch_templates.get(id).map_or(1, |versions| versions.len().max(1))
    }

    /// The image that a group launches now.
    pub(super) fn image_of(&self, group: &Group) -> Option<String> {
        let (template, version) = &group.launch;
        let versions = self.launch_templates.get(template)?;
        let data = match version.parse::<usize>() {
            Ok(version) => versions.get(version.checked_sub(1)?)?,
            Err(_) => versions.last()?,
        };
        text(data.get("ImageId"))
    }

    /// The version of the group's launch template that an instance is of: the group's own, or the newest with its image.
    fn version_of(&self, group: &Group, instance: &Instance) -> Option<String> {
        let (template, version) = &group.launch;
        if instance.image == self.image_of(group) {
            return Some(version.clone());
        }
        let versions = self.launch_templates.get(template)?;
        let same = |data: &Value| text(data.get("ImageId")) == instance.image;
        versions.iter().rposition(same).map(|index| (index + 1).to_string())
    }

    /// Launches what is missing and drains what is too much: what does not serve yet, then what was launched as something
    /// else, then the oldest. An instance refresh has more than is wanted for a while.
    pub(super) fn reconcile(&mut self, name: &str) {
        let now = self.now;
        let (fails, down, refreshing) =
            (self.launches_fail(name), self.zones_down(), self.is_refreshing(name));
        let Some(mut group) = self.groups.remove(name) else { return };
        let image = self.image_of(&group);
        let mut there = group.instances.iter().filter(|instance| instance.is_there(now)).count();
        let desired = usize::try_from(group.desired).unwrap_or(usize::MAX);
        while there < desired && !fails && group.launch_at(name, now, image.clone(), &down).is_some() {
            there += 1;
        }
        let surplus = if refreshing { 0 } else { there.saturating_sub(desired) };
        let mut leaving: Vec<_> =
            group.instances.iter_mut().filter(|instance| instance.is_there(now)).collect();
        leaving.sort_by_key(|instance| (instance.is_in_service(now), instance.image == image));
        leaving.into_iter().take(surplus).for_each(|instance| instance.leaves = Some(now));
        let gone = |instance: &Instance| instance.leaves.is_some_and(|leaves| later(leaves, 3_600) < now);
        group.instances.retain(|instance| !gone(instance));
        self.groups.insert(name.to_owned(), group);
    }

    /// Changes a group's sizes past CloudFormation; what is wanted stays between them.
    ///
    /// # Errors
    /// There is no such group.
    pub(crate) fn size_group(&mut self, group: &str, min: u32, max: u32) -> Result<()> {
        let mut groups = self.groups.iter_mut();
        let found = groups.find(|(name, _)| begins(name, group)).map(|(_, found)| found);
        let found = found.ok_or_else(|| {
            CloudError::NotFound(format!("AutoScalingGroup name not found - no such group: {group}"))
        })?;
        (found.min, found.max) = (u64::from(min), u64::from(max.max(min)));
        found.desired = found.desired.clamp(found.min, found.max);
        Ok(())
    }

    /// Every group, after a fault came or went.
    pub(crate) fn reconcile_all(&mut self) {
        let names: Vec<String> = self.groups.keys().cloned().collect();
        names.iter().for_each(|name| self.reconcile(name));
    }

    /// A fault keeps its instances from starting.
    pub(crate) fn launches_fail(&self, name: &str) -> bool {
        let is_for = |fault: &Fault| matches!(fault, Fault::LaunchFails { group, .. } if begins(name, group));
        self.faults.iter().any(|fault| fault.is_active(self.now) && is_for(fault))
    }

    /// Availability Zones in which nothing starts.
    pub(super) fn zones_down(&self) -> Vec<String> {
        let active = self.faults.iter().filter(|fault| fault.is_active(self.now));
        let zone = |fault: &Fault| match fault {
            Fault::ZoneDown { zone, .. } => Some(zone.clone()),
            _ => None,
        };
        active.filter_map(zone).collect()
    }

    /// Ids of a group's instances that a fault keeps from passing their health checks.
    pub(super) fn unwell(&self, name: &str, group: &Group) -> BTreeSet<String> {
        let there = || group.instances.iter().filter(|instance| instance.is_there(self.now));
        let ids = |instances: &mut dyn Iterator<Item = &Instance>| -> Vec<String> {
            instances.map(|instance| instance.id.clone()).collect()
        };
        let found =
            self.faults.iter().filter(|fault| fault.is_active(self.now)).flat_map(|fault| match fault {
                Fault::Unhealthy { targets, healthy, of, .. }
                    if begins(name, targets) || group.target_groups.contains(targets) =>
                {
                    let (healthy, of) = (u64::from(*healthy), u64::from(*of));
                    let stay = group.desired.saturating_mul(healthy).checked_div(of).unwrap_or(healthy);
                    ids(&mut there().skip(usize::try_from(stay).unwrap_or(usize::MAX)))
                }
                Fault::ZoneDown { zone, .. } => ids(&mut there().filter(|instance| instance.zone == *zone)),
                _ => Vec::new(),
            });
        found.collect()
    }

    /// Availability Zones that the load balancer sends nothing to.
    pub(super) fn zones_shifted(&self) -> Vec<&str> {
        let active = self.faults.iter().filter(|fault| fault.is_active(self.now));
        let zones = active.filter_map(|fault| match fault {
            Fault::ZonalShift { zone, .. } => Some(zone.as_str()),
            _ => None,
        });
        zones.collect()
    }

    /// When all that it wants is in service; `None` when that never comes.
    pub(crate) fn group_stable_at(&self, name: &str) -> Option<Timestamp> {
        let group = self.groups.get(name)?;
        let staying: Vec<_> = group.instances.iter().filter(|instance| instance.leaves.is_none()).collect();
        let enough = u64::try_from(staying.len()).unwrap_or(u64::MAX) >= group.desired;
        enough.then(|| staying.iter().map(|instance| instance.in_service).max().unwrap_or(self.now))
    }

    /// As `DescribeAutoScalingGroups` tells it.
    pub(crate) fn group_state(&self, name: &str) -> Option<GroupState> {
        let group = self.groups.get(name)?;
        let size = |number: u64| u32::try_from(number).unwrap_or(u32::MAX);
        let there = group.instances.iter().filter(|instance| instance.is_there(self.now));
        let (template, version) = group.launch.clone();
        Some(GroupState {
            name: name.to_owned(),
            min: size(group.min),
            max: size(group.max),
            desired: size(group.desired),
            launch: (!template.is_empty()).then_some(LaunchSource { template, version }),
            instances: there
                .map(|instance| InstanceState {
                    id: instance.id.clone(),
                    in_service: instance.is_in_service(self.now),
                    image: instance.image.clone(),
                    version: self.version_of(group, instance),
                })
                .collect(),
        })
    }
}

impl Group {
    /// Lays down the timeline of one more instance, where it has the fewest; `None` where every zone is down.
    pub(super) fn launch_at(
        &mut self,
        name: &str,
        at: Timestamp,
        image: Option<String>,
        down: &[String],
    ) -> Option<&Instance> {
        let has = |zone: &str| {
            let there = self.instances.iter().filter(|instance| instance.leaves.is_none());
            there.filter(|instance| instance.zone == zone).count()
        };
        let zone = match self.zones.is_empty() {
            true => String::new(),
            false => {
                self.zones.iter().filter(|zone| !down.contains(zone)).min_by_key(|zone| has(zone)).cloned()?
            }
        };
        self.launched += 1;
        let id = format!("i-0{}", ids::hex(&format!("{name} instance {}", self.launched), 16));
        let in_service = later(at, BOOT_SECONDS + ids::below(&id, BOOT_SPREAD));
        self.instances.push(Instance { id, image, zone, launched: at, in_service, leaves: None });
        self.instances.last()
    }

    /// When it launched its newest instance.
    pub(super) fn last_launch(&self, now: Timestamp) -> Option<Timestamp> {
        self.instances.iter().map(|instance| instance.launched).filter(|launched| *launched <= now).max()
    }
}

/// The name is that, or begins with it and goes on with a hyphen.
pub(super) fn begins(name: &str, start: &str) -> bool {
    name.strip_prefix(start).is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
}
