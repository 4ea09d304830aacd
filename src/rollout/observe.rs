//! Reads a role as it is deployed and as it is: the stacks say one thing, the listener rules have the last word.

use indexmap::IndexMap;
use jiff::Timestamp;
use serde_json::Value;

use crate::cfn::{Resource, Stack, StackStatus, Template};
use crate::cloud::{Cloud, CloudError, ListenerRule, Result, TargetState};
use crate::model::{Period, Slot};
use crate::plan::{BackFacts, Record, RoleState, SlotState};
use crate::stacks::names;

const LISTENER_RULE: &str = "AWS::ElasticLoadBalancingV2::ListenerRule";

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

/// Reads a role by the names of its stacks alone: `prefix` is `{project}-{environment}`.
///
/// # Errors
/// When a call does not succeed. Absent stacks are no error.
pub async fn observe(cloud: &dyn Cloud, prefix: &str, role: &str) -> Result<ObservedRole> {
    let mut observed = ObservedRole {
        state: RoleState::absent(role),
        traffic: None,
        slots: IndexMap::new(),
        deregistration_delay: 300,
        facts: BackFacts::default(),
    };
    let traffic = cloud.describe_stack(&format!("{prefix}-{role}-traffic")).await?;
    let Some(traffic) = traffic.filter(|stack| !stack.status.is_absent()) else { return Ok(observed) };
    observed.state.busy = traffic.status.is_busy();
    observed.state.taken_back = was_taken_back(&traffic);
    observed.state.moved = traffic.updated.or(Some(traffic.created));
    read_record(cloud, &traffic, &mut observed.state).await?;
    read_weights(cloud, &traffic, &mut observed).await?;
    for slot in Slot::ALL {
        let stack = cloud.describe_stack(&format!("{prefix}-{role}-{slot}")).await?;
        if let Some(stack) = stack.filter(|stack| !stack.status.is_absent()) {
            read_slot(cloud, &traffic, &stack, slot, &mut observed.state).await?;
            // In place the step is the slot's own.
            let record = &observed.state.record;
            if record.in_place() == Some(slot) {
                if record.in_progress() {
                    observed.state.busy |= stack.status.is_busy();
                    observed.state.taken_back |= was_taken_back(&stack);
                }
                observed.facts.checkpoints = checkpoints(&template_of(cloud, &stack).await?);
            }
            observed.slots.insert(slot, stack);
        }
    }
    observed.traffic = Some(traffic);
    Ok(observed)
}

/// CloudFormation took the stack's last update back.
fn was_taken_back(stack: &Stack) -> bool {
    matches!(stack.status, StackStatus::UpdateRollbackComplete | StackStatus::UpdateRollbackFailed)
}

async fn read_record(cloud: &dyn Cloud, traffic: &Stack, state: &mut RoleState) -> Result<()> {
    let actual = match traffic.outputs.get(names::RECORD_PARAMETER_NAME) {
        Some(name) => cloud.parameter(name).await?,
        None => None,
    };
    let (record, drift) =
        settle_record(actual.as_deref(), traffic.parameter(names::ROLLOUT_RECORD), state.busy);
    state.record = record;
    state.drift.extend(drift);
    Ok(())
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

/// Reads everyone's weights from the rules themselves and tells where they are not what the stack says.
async fn read_weights(cloud: &dyn Cloud, traffic: &Stack, observed: &mut ObservedRole) -> Result<()> {
    let template = template_of(cloud, traffic).await?;
    observed.deregistration_delay = deregistration_delay(&template);
    observed.facts.healthy_after = healthy_after(&template);
    let resources = cloud.describe_stack_resources(&traffic.id).await?;
    let rules = resources.iter().filter(|resource| resource.resource_type == LISTENER_RULE);
    // Somebody may have moved them beside a phase: what is watched counts from then.
    let changed: Option<Vec<Timestamp>> = rules.clone().map(|rule| rule.changed).collect();
    if let Some(last) = changed.and_then(|changed| changed.into_iter().max()) {
        observed.state.moved = Some(last);
    }
    let by_arn: IndexMap<&str, &str> =
        rules.filter_map(|rule| Some((rule.physical_id.as_deref()?, rule.logical_id.as_str()))).collect();
    let arns: Vec<String> = by_arn.keys().map(|arn| (*arn).to_owned()).collect();
    let groups = Slot::ALL.map(|slot| traffic.outputs.get(&names::target_group_arn(slot)));
    let mut seen_everyone = false;
    let rules = cloud.listener_rules(&arns).await?;
    let gone = by_arn.iter().filter(|(arn, _)| !rules.iter().any(|rule| rule.arn == **arn));
    if !observed.state.busy {
        observed.state.drift.extend(gone.map(|(_, id)| format!("rule {id} of the stack does not exist")));
    }
    for rule in rules {
        let Some(logical_id) = by_arn.get(rule.arn.as_str()) else { continue };
        let Some((names, everyone)) = weight_parameters(&template, logical_id) else { continue };
        let actual = groups.map(|group| group.map_or(0, |arn| weight_of(&rule, arn)));
        let wanted =
            names.map(|name| traffic.parameter(&name).and_then(|value| value.parse().ok()).unwrap_or(0));
        if actual != wanted && !observed.state.busy {
            observed.state.drift.push(format!(
                "rule {} (priority {}) sends {}/{} to blue/green, the stack says {}/{}",
                logical_id, rule.priority, actual[0], actual[1], wanted[0], wanted[1]
            ));
        }
        if everyone && (!seen_everyone || actual != wanted) {
            seen_everyone = true;
            let total = (actual[0] + actual[1]).max(1);
            observed.state.blue.weight = actual[0] * 100 / total;
            observed.state.green.weight =
                100 * u32::from(actual[0] + actual[1] > 0) - observed.state.blue.weight;
        }
    }
    Ok(())
}

async fn template_of(cloud: &dyn Cloud, stack: &Stack) -> Result<Template> {
    let text = cloud.get_template(&stack.id).await?;
    Template::parse(&text).map_err(|error| CloudError::Validation(error.message))
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

async fn read_slot(
    cloud: &dyn Cloud,
    traffic: &Stack,
    stack: &Stack,
    slot: Slot,
    state: &mut RoleState,
) -> Result<()> {
    let number = |name: &str| stack.parameter(name).and_then(|value| value.parse().ok()).unwrap_or(0);
    let mut seen = SlotState {
        deployed: true,
        weight: state.slot(slot).weight,
        image: stack.parameter(names::IMAGE_ID).filter(|image| !image.is_empty()).map(str::to_owned),
        min: number(names::MIN_SIZE),
        max: number(names::MAX_SIZE),
        ..SlotState::default()
    };
    if let Some(name) = stack.outputs.get(names::GROUP_NAME)
        && let Some(group) = cloud.group(name).await?
    {
        (seen.min, seen.max, seen.desired) = (group.min, group.max, group.desired);
    }
    if let Some(arn) = traffic.outputs.get(&names::target_group_arn(slot)) {
        let targets = cloud.target_health(arn).await?;
        let healthy = targets.iter().filter(|target| target.state == TargetState::Healthy).count();
        seen.healthy = u32::try_from(healthy).unwrap_or(u32::MAX);
    }
    match slot {
        Slot::Blue => state.blue = seen,
        Slot::Green => state.green = seen,
    }
    Ok(())
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
