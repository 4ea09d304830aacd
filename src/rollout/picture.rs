//! What was read of a role, made into a picture: the stacks say one thing, the listener rules have the last word. Pure.

use indexmap::IndexMap;
use jiff::Timestamp;
use serde_json::Value;

use crate::cfn::{Resource, Stack, StackStatus, Template};
use crate::cloud::{GroupState, ListenerRule};
use crate::model::{Period, Slot};
use crate::plan::{BackFacts, Record, RoleState, SlotState};
use crate::stacks::names;

/// A role as it is seen, and the stacks that it was read from.
#[derive(Debug, Clone)]
pub struct ObservedRole {
    /// The picture.
    pub state: RoleState,
    /// The traffic stack.
    pub traffic: Option<Stack>,
    /// The slots' stacks.
    pub slots: IndexMap<Slot, Stack>,
    /// Seconds, from the target groups as deployed.
    pub deregistration_delay: u64,
    /// What the time of the way back depends on.
    pub facts: BackFacts,
}

impl ObservedRole {
    /// That stack, if it is one of the role's.
    pub(super) fn stack(&self, name: &str) -> Option<&Stack> {
        self.traffic.iter().chain(self.slots.values()).find(|stack| stack.name == name)
    }
}

/// What one look has read of a role, as it came. The outer `None` is what could not be read.
#[derive(Debug)]
pub(super) struct Readings {
    pub(super) traffic: Stack,
    /// Blue's first; the inner `None` is an absent one.
    pub(super) slots: [Option<Option<Stack>>; 2],
    pub(super) record: Option<Option<String>>,
    pub(super) template: Option<Template>,
    pub(super) rules: Option<Rules>,
    pub(super) groups: Option<Vec<GroupState>>,
    /// How many targets are healthy, and how many a zonal shift keeps requests from.
    pub(super) healthy: [Option<(u32, u32)>; 2],
    /// Of the slot whose instances a release replaces in place.
    pub(super) in_place: Option<Template>,
}

/// The rules of a traffic stack: logical ids by ARN, each as it is, and when the last of them was changed.
pub(super) type Rules = (IndexMap<String, String>, Vec<ListenerRule>, Option<Timestamp>);

/// Stands for an image that could not be read.
const UNREAD_IMAGE: &str = "unread";

/// The picture.
pub(super) fn interpret(role: &str, readings: Readings) -> ObservedRole {
    let Readings { traffic, slots, record, template, rules, groups, healthy, in_place } = readings;
    let mut state = RoleState::absent(role);
    state.busy = traffic.status.is_busy();
    state.taken_back = was_taken_back(&traffic);
    state.moved = traffic.updated.or(Some(traffic.created));
    let (settled, drift) = record_of(&traffic, record);
    state.record = settled;
    state.drift.extend(drift);
    let checkpoints = in_place.as_ref().map(checkpoints).unwrap_or_default();
    let mut facts = BackFacts { checkpoints, ..BackFacts::default() };
    let mut delay = 300;
    if let Some(template) = &template {
        delay = deregistration_delay(template);
        facts.healthy_after = healthy_after(template);
    }
    match template.zip(rules) {
        Some((template, rules)) => settle_weights(&traffic, &template, rules, &mut state),
        None => weights_of_stack(&traffic, &mut state),
    }
    misplaced(&traffic, &mut state);
    let mut stacks = IndexMap::new();
    for ((slot, stack), healthy) in Slot::ALL.into_iter().zip(slots).zip(healthy) {
        let seen = slot_state(stack.as_ref(), groups.as_deref(), healthy);
        let seen = SlotState { weight: state.slot(slot).weight, ..seen };
        match slot {
            Slot::Blue => state.blue = seen,
            Slot::Green => state.green = seen,
        }
        let Some(Some(stack)) = stack else { continue };
        // In place the step is the slot's own.
        if state.record.in_place() == Some(slot) && state.record.in_progress() {
            state.busy |= stack.status.is_busy();
            state.taken_back |= was_taken_back(&stack);
        }
        stacks.insert(slot, stack);
    }
    suppose(&mut state);
    ObservedRole { state, traffic: Some(traffic), slots: stacks, deregistration_delay: delay, facts }
}

/// A slot, its weight aside.
fn slot_state(
    stack: Option<&Option<Stack>>,
    groups: Option<&[GroupState]>,
    healthy: Option<(u32, u32)>,
) -> SlotState {
    let Some(stack) = stack.map(Option::as_ref) else {
        let ((healthy, shifted), image) = (healthy.unwrap_or_default(), Some(UNREAD_IMAGE.to_owned()));
        return SlotState {
            deployed: true,
            image,
            desired: healthy,
            healthy,
            shifted,
            ..SlotState::default()
        };
    };
    let Some(stack) = stack else { return SlotState::default() };
    let mut seen = SlotState {
        deployed: true,
        image: stack.parameter(names::IMAGE_ID).filter(|image| !image.is_empty()).map(str::to_owned),
        min: number_of(stack, names::MIN_SIZE),
        max: number_of(stack, names::MAX_SIZE),
        ..SlotState::default()
    };
    if let Some(name) = stack.outputs.get(names::GROUP_NAME) {
        match groups.map(|groups| groups.iter().find(|group| group.name == *name)) {
            Some(Some(group)) => {
                seen.refilled = (seen.min, seen.max) == (0, 0) && group.max > 0 && !stack.status.is_busy();
                (seen.min, seen.max, seen.desired) = (group.min, group.max, group.desired);
            }
            // It has at least as many.
            None => seen.desired = seen.min.max(healthy.unwrap_or_default().0),
            Some(None) => {}
        }
    }
    (seen.healthy, seen.shifted) = healthy.unwrap_or((seen.desired, 0));
    seen
}

/// The record, and what is wrong with it. Where the parameter could not be read the stack has the word.
pub(super) fn record_of(traffic: &Stack, read: Option<Option<String>>) -> (Record, Option<String>) {
    let stack = traffic.parameter(names::ROLLOUT_RECORD);
    let actual = read.unwrap_or_else(|| stack.map(str::to_owned));
    settle_record(actual.as_deref(), stack, traffic.status.is_busy())
}

/// The record, and what is wrong with it. While the stack is changed the parameter itself is ahead of what the stack
/// says; else the stack has the word, and one that cannot be read is never taken for a role without a release.
fn settle_record(actual: Option<&str>, stack: Option<&str>, busy: bool) -> (Record, Option<String>) {
    let (stack, actual) = (stack.map(Record::parse), actual.map(Record::parse));
    match (actual, stack) {
        (Some(Some(actual)), _) if busy => (actual, None),
        (Some(Some(actual)), Some(Some(stack))) if actual == stack => (stack, None),
        (_, Some(Some(stack))) if busy => (stack, None),
        (_, Some(Some(stack))) => {
            (stack, Some("the rollout record is not what the stack says: it was changed by hand".to_owned()))
        }
        (Some(Some(actual)), None) => (actual, None),
        (None, None) => (Record::default(), None),
        (actual, _) => {
            let unread = "the rollout record cannot be read; a newer asagi may have written it".to_owned();
            (actual.flatten().unwrap_or_default(), Some(unread))
        }
    }
}

/// Takes everyone's weights from the rules themselves and tells where they are not what the stack says.
fn settle_weights(
    traffic: &Stack,
    template: &Template,
    (by_arn, rules, changed): Rules,
    state: &mut RoleState,
) {
    // Somebody may have moved them beside a phase: what is watched counts from then.
    state.moved = changed.or(state.moved);
    let groups = Slot::ALL.map(|slot| traffic.outputs.get(&names::target_group_arn(slot)));
    let mut seen_everyone = false;
    let gone = by_arn.iter().filter(|(arn, _)| !rules.iter().any(|rule| rule.arn == **arn));
    if !state.busy {
        state.drift.extend(gone.map(|(_, id)| format!("rule {id} of the stack does not exist")));
    }
    for rule in &rules {
        let Some(logical_id) = by_arn.get(&rule.arn) else { continue };
        let Some((names, everyone)) = weight_parameters(template, logical_id) else { continue };
        let actual = groups.map(|group| group.map_or(0, |arn| weight_of(rule, arn)));
        let wanted = names.map(|name| number_of(traffic, &name));
        if actual != wanted && !state.busy {
            state.drift.push(format!(
                "rule {} (priority {}) sends {}/{} to blue/green, the stack says {}/{}",
                logical_id, rule.priority, actual[0], actual[1], wanted[0], wanted[1]
            ));
        }
        if everyone && (!seen_everyone || actual != wanted) {
            seen_everyone = true;
            share(actual, state);
        }
    }
}

/// Everyone's weights as the stack says, where the rules could not be read.
fn weights_of_stack(traffic: &Stack, state: &mut RoleState) {
    share(Slot::ALL.map(|slot| number_of(traffic, &names::weight(slot))), state);
}

/// The record changes in one update with the weights: where the stack says others, some tool moved them and left the record.
/// Which slot is whose is not known then, and nothing but a way back may go on.
fn misplaced(traffic: &Stack, state: &mut RoleState) {
    let said = Slot::ALL.map(|slot| number_of(traffic, &names::weight(slot)));
    if let Some(cohort) = state.record.routed().filter(|_| !state.busy && unrouted(traffic, state)) {
        state.misplaced = true;
        let why = format!("the record says that cohort {cohort} is routed, and the stack says otherwise");
        state.drift.push(format!("{why}: another tool moved users"));
        return;
    }
    let Some(recorded) = state.record.weights().filter(|recorded| *recorded != said && !state.busy) else {
        return;
    };
    state.misplaced = true;
    let ([blue, green], [was_blue, was_green]) = (said, recorded);
    state.drift.push(format!(
        "the stack sends {blue}/{green} to blue/green, the record in it says {was_blue}/{was_green}: another tool moved them"
    ));
}

/// In a phase that routes a cohort: no cohort is on the slot that the release goes to, or everyone is.
fn unrouted(traffic: &Stack, state: &RoleState) -> bool {
    let Some(to) = state.record.to else { return false };
    let weight = names::weight(to);
    let shares = traffic.parameters.keys().filter(|name| name.ends_with(&weight));
    let (everyone, cohorts): (Vec<_>, Vec<_>) = shares.partition(|name| **name == weight);
    let is_whole = |name: &&String| number_of(traffic, name) == 100;
    everyone.iter().any(is_whole) || !cohorts.iter().any(is_whole)
}

/// Weights of any sum as shares of a hundred.
fn share([blue, green]: [u32; 2], state: &mut RoleState) {
    state.blue.weight = blue * 100 / (blue + green).max(1);
    state.green.weight = 100 * u32::from(blue + green > 0) - state.blue.weight;
}

fn number_of(stack: &Stack, parameter: &str) -> u32 {
    stack.parameter(parameter).and_then(|value| value.parse().ok()).unwrap_or(0)
}

/// A slot whose stack could not be read: while a rollout runs, both slots are kept at the size that carries everyone, and
/// its image is the record's where the release went there.
fn suppose(state: &mut RoleState) {
    for slot in Slot::ALL {
        let other = state.slot(slot.other()).desired.max(1);
        let carries = state.record.in_progress() || state.slot(slot).weight > 0;
        let released = state.record.release.as_ref().map(|release| release.ami.clone());
        let released = released.filter(|_| state.record.to == Some(slot));
        let seen = match slot {
            Slot::Blue => &mut state.blue,
            Slot::Green => &mut state.green,
        };
        if seen.image.as_deref() != Some(UNREAD_IMAGE) {
            continue;
        }
        seen.image = released.or_else(|| seen.image.take());
        if seen.desired == 0 && carries {
            seen.desired = seen.healthy.max(other);
            seen.healthy = seen.desired;
        }
    }
}

/// CloudFormation took the stack's last update back.
fn was_taken_back(stack: &Stack) -> bool {
    matches!(stack.status, StackStatus::UpdateRollbackComplete | StackStatus::UpdateRollbackFailed)
}

/// A number as templates give it, text or digits.
fn number(value: Option<&Value>) -> Option<u64> {
    value.and_then(|value| value.as_u64().or_else(|| value.as_str()?.parse().ok()))
}

/// The longest time from registration to healthy of the target groups; Elastic Load Balancing's defaults where nothing
/// is said (interval 30 s, five checks).
fn healthy_after(template: &Template) -> Period {
    let times = target_groups(template).map(|group| {
        let of = |name: &str| number(group.properties.get(name));
        let interval = of("HealthCheckIntervalSeconds").unwrap_or(30);
        interval.saturating_mul(of("HealthyThresholdCount").unwrap_or(5))
    });
    Period::seconds(times.max().unwrap_or(150))
}

/// Checkpoints of a slot's instance refresh, and the seconds between them (an hour where none are said). The policy stands
/// behind a condition.
fn checkpoints(template: &Template) -> (Vec<u32>, Period) {
    let refresh = |it: &Resource| it.update_policy.get("AutoScalingInstanceRefresh").cloned();
    let refresh = template.resources.values().find_map(refresh).unwrap_or_default();
    let behind = refresh.get("Fn::If").and_then(|parts| parts.get(1));
    let preferences = behind.unwrap_or(&refresh).get("Preferences");
    let of = |name: &str| preferences.and_then(|preferences| preferences.get(name));
    let list = of("CheckpointPercentages").and_then(Value::as_array);
    let percent = |value: &Value| u32::try_from(number(Some(value))?).ok();
    let checkpoints = list.into_iter().flatten().filter_map(percent).collect();
    (checkpoints, Period::seconds(number(of("CheckpointDelay")).unwrap_or(3_600)))
}

fn target_groups(template: &Template) -> impl Iterator<Item = &Resource> {
    template.resources.values().filter(|it| it.kind == "AWS::ElasticLoadBalancingV2::TargetGroup")
}

/// The parameters that a rule's weights refer to, blue's first, and whether they are everyone's.
fn weight_parameters(template: &Template, logical_id: &str) -> Option<([String; 2], bool)> {
    let rule = template.resources.get(logical_id)?;
    let text = serde_json::to_string(&rule.properties).ok()?;
    let find = |slot: Slot| {
        let mut names = template.parameters.keys().filter(|name| name.ends_with(&names::weight(slot)));
        names.find(|name| text.contains(&format!("{{\"Ref\":\"{name}\"}}"))).cloned()
    };
    let found = [find(Slot::Blue)?, find(Slot::Green)?];
    let everyone = found[0] == names::weight(Slot::Blue);
    Some((found, everyone))
}

fn weight_of(rule: &ListenerRule, target_group: &str) -> u32 {
    let forward = rule.forwards.iter().find(|forward| forward.target_group == target_group);
    forward.map_or(0, |forward| forward.weight)
}

/// The longest deregistration delay of the template's target groups; AWS's default of 300 s where none is set.
fn deregistration_delay(template: &Template) -> u64 {
    let delays = target_groups(template).map(|group| {
        let attributes = group.properties.get("TargetGroupAttributes").and_then(|list| list.as_array());
        let delay = attributes.into_iter().flatten().find(|attribute| {
            attribute.get("Key").and_then(|key| key.as_str()) == Some("deregistration_delay.timeout_seconds")
        });
        number(delay.and_then(|attribute| attribute.get("Value"))).unwrap_or(300)
    });
    delays.max().unwrap_or(300)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_that_cannot_be_read_is_drift_and_never_a_first_release() {
        let live = r#"{"v":1,"phase":"complete","to":"blue"}"#;
        let edited = r#"{"v":1,"phase":"none"}"#;
        let newer = r#"{"v":2,"phase":"complete"}"#;
        let cases = [
            (Some(live), Some(live), false, "complete", false),
            // The stack is being changed: the parameter is ahead of it.
            (Some(live), Some(edited), true, "complete", false),
            (Some(edited), Some(live), false, "complete", true),
            (Some("{"), Some(live), false, "complete", true),
            (None, Some(live), false, "complete", true),
            (Some(newer), Some(newer), false, "none", true),
            (Some(edited), Some(edited), false, "none", false),
        ];
        for (actual, stack, busy, phase, drift) in cases {
            let (record, told) = settle_record(actual, stack, busy);
            assert_eq!(
                (record.phase.as_str(), told.is_some()),
                (phase, drift),
                "{actual:?} {stack:?} {busy}"
            );
        }
    }
}
