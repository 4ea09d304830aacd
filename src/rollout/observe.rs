//! Reads a role as it is deployed and as it is: everything that one picture needs, asked for at once, and each thing once.

use std::sync::{Mutex, PoisonError};

use indexmap::IndexMap;
use jiff::Timestamp;

use crate::cfn::{Stack, Template};
use crate::cloud::{AlarmValue, Cloud, CloudError, GroupState, Result, TargetHealth, TargetState};
use crate::model::Slot;
use crate::plan::BackFacts;
use crate::plan::RoleState;
use crate::stacks::names;

use super::context::informs;
use super::look::alarms_of;
use super::picture::{ObservedRole, Readings, Rules, interpret, record_of};

const LISTENER_RULE: &str = "AWS::ElasticLoadBalancingV2::ListenerRule";

/// Something that could not be read, so that it is not known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unread {
    /// The call and what it was about.
    pub what: String,
    /// Why.
    pub error: CloudError,
}

/// The stacks of a role that a picture is made from, as they were described.
#[derive(Debug, Clone, Default)]
pub struct RoleStacks {
    traffic: Option<Stack>,
    /// Blue's first; the outer `None` could not be read.
    slots: [Option<Option<Stack>>; 2],
}

impl RoleStacks {
    /// Their names, the traffic stack's first.
    pub fn names(prefix: &str, role: &str) -> [String; 3] {
        ["traffic", "blue", "green"].map(|stack| format!("{prefix}-{role}-{stack}"))
    }

    /// The traffic stack, where there is one.
    pub fn traffic(&self) -> Option<&Stack> {
        self.traffic.as_ref()
    }

    /// From stacks that were described by name.
    pub fn among(found: &IndexMap<String, Stack>, prefix: &str, role: &str) -> Self {
        let [traffic, blue, green] = Self::names(prefix, role)
            .map(|name| found.get(&name).filter(|stack| !stack.status.is_absent()).cloned());
        Self { traffic, slots: [Some(blue), Some(green)] }
    }
}

/// Reads a role by the names of its stacks alone: `prefix` is `{project}-{environment}`.
///
/// # Errors
/// When a call does not succeed. Absent stacks are no error.
pub async fn observe(cloud: &dyn Cloud, prefix: &str, role: &str) -> Result<ObservedRole> {
    let found = cloud.describe_stacks(&RoleStacks::names(prefix, role)).await?;
    observe_stacks(cloud, role, RoleStacks::among(&found, prefix, role)).await
}

/// The same where its stacks were just described.
///
/// # Errors
/// When a call does not succeed.
pub async fn observe_stacks(cloud: &dyn Cloud, role: &str, stacks: RoleStacks) -> Result<ObservedRole> {
    let reader = Reader::new(cloud, false);
    let observed = look_at_rest(&reader, role, stacks).await;
    match reader.unread().into_iter().next() {
        Some(unread) => Err(unread.error),
        None => observed,
    }
}

/// The same for a way back, which must not depend on what only makes it better informed: beside the traffic stack
/// everything is read within seconds or not at all. What is not known is as the stacks say; a slot whose health or size is
/// not known is taken for whole while a rollout keeps it so.
///
/// # Errors
/// When the traffic stack cannot be read.
pub async fn observe_what_can_be(
    cloud: &dyn Cloud,
    prefix: &str,
    role: &str,
) -> Result<(ObservedRole, Vec<Unread>)> {
    let reader = Reader::new(cloud, true);
    let names = RoleStacks::names(prefix, role);
    let stacks = match informs(cloud, cloud.describe_stacks(&names)).await {
        Ok(found) => RoleStacks::among(&found, prefix, role),
        Err(_) => one_by_one(&reader, &names).await?,
    };
    let observed = look_at_rest(&reader, role, stacks).await?;
    Ok((observed, reader.unread()))
}

/// What a way back to that slot needs before it moves users, where nothing runs: the sizes of both groups, the health of
/// that slot's targets and both alarms, blue's first, side by side. Weights and record are as the stack has them, and the
/// other slot is taken for whole. `None` where one of these cannot be read within seconds.
pub async fn glance(
    cloud: &dyn Cloud,
    prefix: &str,
    role: &str,
    stacks: RoleStacks,
    to: Slot,
) -> Option<(ObservedRole, [Option<AlarmValue>; 2])> {
    let reader = Reader::new(cloud, true);
    let RoleStacks { traffic, slots } = stacks;
    let traffic = traffic?;
    let (groups, healthy, alarms) = tokio::join!(
        groups_of(&reader, &slots),
        healthy(&reader, &traffic, to),
        reader.read("DescribeAlarms", alarms_of(cloud, prefix, role)),
    );
    let (alarms, true) = (alarms?, reader.unread().is_empty()) else { return None };
    let healthy = Slot::ALL.map(|slot| healthy.filter(|_| slot == to));
    let (record, template, rules, in_place) = (None, None, None, None);
    let readings = Readings { traffic, slots, record, template, rules, groups, healthy, in_place };
    Some((interpret(role, readings), alarms))
}

/// Each by its name: one that cannot be read must not hide the others.
async fn one_by_one(reader: &Reader<'_>, [traffic, blue, green]: &[String; 3]) -> Result<RoleStacks> {
    let cloud = reader.cloud;
    let (traffic, blue, green) = tokio::join!(
        cloud.describe_stack(traffic),
        reader.read("DescribeStacks of blue", cloud.describe_stack(blue)),
        reader.read("DescribeStacks of green", cloud.describe_stack(green)),
    );
    let there = |stack: Option<Stack>| stack.filter(|stack| !stack.status.is_absent());
    Ok(RoleStacks { traffic: there(traffic?), slots: [blue.map(there), green.map(there)] })
}

/// Reads, and keeps what could not be read.
struct Reader<'a> {
    cloud: &'a dyn Cloud,
    bounded: bool,
    unread: Mutex<Vec<Unread>>,
}

impl<'a> Reader<'a> {
    fn new(cloud: &'a dyn Cloud, bounded: bool) -> Self {
        Self { cloud, bounded, unread: Mutex::default() }
    }

    /// What was read; `None` where that did not succeed.
    async fn read<T>(&self, what: &str, read: impl Future<Output = Result<T>>) -> Option<T> {
        match self.ask(read).await {
            Ok(read) => Some(read),
            Err(error) => {
                self.note(what, error);
                None
            }
        }
    }

    async fn ask<T>(&self, read: impl Future<Output = Result<T>>) -> Result<T> {
        if self.bounded { informs(self.cloud, read).await } else { read.await }
    }

    fn note(&self, what: &str, error: CloudError) {
        let unread = Unread { what: what.to_owned(), error };
        self.unread.lock().unwrap_or_else(PoisonError::into_inner).push(unread);
    }

    fn unread(self) -> Vec<Unread> {
        self.unread.into_inner().unwrap_or_else(PoisonError::into_inner)
    }
}

/// So often a role is looked at that moves meanwhile.
const LOOKS: u32 = 4;

/// What disagrees is told where the role stood still meanwhile. Where somebody moved it the stack and what it stands for
/// were read at two moments, and are read again; a way back goes on with what it saw last.
async fn look_at_rest(reader: &Reader<'_>, role: &str, stacks: RoleStacks) -> Result<ObservedRole> {
    let mut observed = look_around(reader, role, stacks).await;
    for _ in 1..LOOKS {
        let drifted = observed.traffic.as_ref().filter(|_| !observed.state.drift.is_empty());
        let Some(traffic) = drifted else { return Ok(observed) };
        let Some(moved) = moved(reader, role, traffic).await? else { return Ok(observed) };
        observed = look_around(reader, role, moved).await;
    }
    match observed.traffic.as_ref().filter(|_| !observed.state.drift.is_empty() && !reader.bounded) {
        Some(traffic) => {
            let message = format!("stack {} is moved again and again while it is looked at", traffic.name);
            Err(CloudError::Busy(message))
        }
        None => Ok(observed),
    }
}

/// The role's stacks as they are now, where the traffic stack is no longer as it was seen.
async fn moved(reader: &Reader<'_>, role: &str, seen: &Stack) -> Result<Option<RoleStacks>> {
    let Some(prefix) = seen.name.strip_suffix(&format!("-{role}-traffic")) else { return Ok(None) };
    let found = match reader.ask(reader.cloud.describe_stacks(&RoleStacks::names(prefix, role))).await {
        Err(_) if reader.bounded => return Ok(None),
        found => found?,
    };
    let now = RoleStacks::among(&found, prefix, role);
    let at = |stack: &Stack| (stack.id.clone(), stack.status.clone(), stack.last_operation.clone());
    let same = now.traffic.as_ref().map(at) == Some(at(seen));
    Ok((!same).then_some(now))
}

/// Everything that one look needs beside the stacks.
async fn look_around(reader: &Reader<'_>, role: &str, stacks: RoleStacks) -> ObservedRole {
    let RoleStacks { traffic, slots } = stacks;
    let Some(traffic) = traffic else {
        return ObservedRole {
            state: RoleState::absent(role),
            traffic: None,
            slots: IndexMap::new(),
            deregistration_delay: 300,
            facts: BackFacts::default(),
        };
    };
    let cloud = reader.cloud;
    let (record, template, rules, (groups, healthy)) = tokio::join!(
        reader.read("GetParameter of the record", record_text(cloud, &traffic)),
        reader.read("GetTemplate of the traffic stack", template_of(cloud, &traffic)),
        rules_of(reader, &traffic),
        capacity_of(reader, &traffic, &slots),
    );
    let (seen, _) = record_of(&traffic, record.clone());
    let in_place = match seen.in_place().and_then(|slot| Some((slot, slot.of(&slots).as_ref()?.as_ref()?))) {
        Some((slot, stack)) => {
            reader.read(&format!("GetTemplate of {slot}"), template_of(cloud, stack)).await
        }
        None => None,
    };
    interpret(role, Readings { traffic, slots, record, template, rules, groups, healthy, in_place })
}

async fn record_text(cloud: &dyn Cloud, traffic: &Stack) -> Result<Option<String>> {
    match traffic.outputs.get(names::RECORD_PARAMETER_NAME) {
        Some(name) => cloud.parameter(name).await,
        None => Ok(None),
    }
}

async fn rules_of(reader: &Reader<'_>, traffic: &Stack) -> Option<Rules> {
    let cloud = reader.cloud;
    let resources = cloud.describe_stack_resources(&traffic.id);
    let resources = reader.read("ListStackResources of the traffic stack", resources).await?;
    let rules = resources.into_iter().filter(|resource| resource.resource_type == LISTENER_RULE);
    let changed: Option<Vec<Timestamp>> = rules.clone().map(|rule| rule.changed).collect();
    let by_arn: IndexMap<String, String> =
        rules.filter_map(|rule| Some((rule.physical_id?, rule.logical_id))).collect();
    let arns: Vec<String> = by_arn.keys().cloned().collect();
    let rules = reader.read("DescribeRules", cloud.listener_rules(&arns)).await?;
    Some((by_arn, rules, changed.and_then(|changed| changed.into_iter().max())))
}

/// The groups of both slots, and how many targets of each are healthy: a group without instances has none.
async fn capacity_of(
    reader: &Reader<'_>,
    traffic: &Stack,
    slots: &[Option<Option<Stack>>; 2],
) -> (Option<Vec<GroupState>>, [Option<(u32, u32)>; 2]) {
    let groups = groups_of(reader, slots).await;
    let is_empty = |slot: Slot| match slot.of(slots) {
        Some(None) => true,
        Some(Some(_)) => group_name(slots, slot).zip(groups.as_ref()).is_some_and(|(name, groups)| {
            let group = groups.iter().find(|group| group.name == name);
            group.is_some_and(|group| group.desired == 0 && group.instances.is_empty())
        }),
        None => false,
    };
    let healthy = |slot: Slot| {
        let empty = is_empty(slot);
        async move { if empty { Some((0, 0)) } else { healthy(reader, traffic, slot).await } }
    };
    let (blue, green) = tokio::join!(healthy(Slot::Blue), healthy(Slot::Green));
    (groups, [blue, green])
}

fn group_name(slots: &[Option<Option<Stack>>; 2], slot: Slot) -> Option<String> {
    slot.of(slots).as_ref()?.as_ref()?.outputs.get(names::GROUP_NAME).cloned()
}

async fn groups_of(reader: &Reader<'_>, slots: &[Option<Option<Stack>>; 2]) -> Option<Vec<GroupState>> {
    let wanted: Vec<(Slot, String)> =
        Slot::ALL.into_iter().filter_map(|slot| Some((slot, group_name(slots, slot)?))).collect();
    let asked: Vec<String> = wanted.iter().map(|(_, name)| name.clone()).collect();
    match reader.ask(reader.cloud.groups(&asked)).await {
        Ok(groups) => Some(groups),
        Err(error) => {
            for (slot, _) in &wanted {
                reader.note(&format!("DescribeAutoScalingGroups of {slot}"), error.clone());
            }
            None
        }
    }
}

/// How many targets of a slot are healthy, and how many a zonal shift keeps requests from; `None` where that could not be
/// read.
async fn healthy(reader: &Reader<'_>, traffic: &Stack, slot: Slot) -> Option<(u32, u32)> {
    let Some(arn) = traffic.outputs.get(&names::target_group_arn(slot)) else { return Some((0, 0)) };
    let what = format!("DescribeTargetHealth of {slot}");
    let targets = reader.read(&what, reader.cloud.target_health(arn)).await?;
    let count = |test: &dyn Fn(&&TargetHealth) -> bool| {
        u32::try_from(targets.iter().filter(test).count()).unwrap_or(u32::MAX)
    };
    Some((count(&|target| target.state == TargetState::Healthy), count(&|target| target.shifted_away)))
}

async fn template_of(cloud: &dyn Cloud, stack: &Stack) -> Result<Template> {
    let text = cloud.get_template(&stack.id).await?;
    Template::parse(&text).map_err(|error| CloudError::Validation(error.message))
}
