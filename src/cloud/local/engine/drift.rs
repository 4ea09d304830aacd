//! What resources really are, where somebody changed them beside CloudFormation: a drift-aware change set compares with
//! that, and going back restores that.

use serde_json::{Map, Value};

use super::record::Deployment;
use crate::cloud::ListenerRule;
use crate::cloud::local::world::World;

/// Takes over into what counts as deployed how listener rules really forward, what groups launch and how they scale, and
/// what composite alarms follow; an alarm that is gone counts as none. Nothing else can be changed beside the embedded
/// target.
pub(super) fn take_over(world: &World, deployed: &mut Deployment) {
    deployed.resources.retain(|_, resource| {
        let Some(id) = resource.physical_id.as_deref() else { return true };
        match resource.kind.as_str() {
            "AWS::AutoScaling::AutoScalingGroup" => group(world, id, &mut resource.properties),
            "AWS::CloudWatch::Alarm" | "AWS::CloudWatch::CompositeAlarm" => {
                let Some(alarm) = world.alarms.get(id) else { return false };
                put(&mut resource.properties, "AlarmRule", alarm.rule.as_deref());
            }
            _ => {
                let rule = world.rule_state(id);
                rule.into_iter().for_each(|rule| forwards(&rule, &mut resource.properties));
            }
        }
        true
    });
}

fn group(world: &World, name: &str, properties: &mut Map<String, Value>) {
    let Some(group) = world.groups.get(name) else { return };
    put(properties, "MinSize", Some(&group.min.to_string()));
    put(properties, "MaxSize", Some(&group.max.to_string()));
    let (template, version) = &group.launch;
    if let Some(launch) = properties.get_mut("LaunchTemplate").and_then(Value::as_object_mut) {
        put(launch, "LaunchTemplateId", Some(template));
        put(launch, "Version", Some(version));
    }
}

/// Sets a property to what it really is, where it is another.
fn put(properties: &mut Map<String, Value>, name: &str, real: Option<&str>) {
    let (Some(written), Some(real)) = (properties.get_mut(name), real) else { return };
    let same = match &*written {
        Value::String(text) => text == real,
        Value::Number(number) => number.to_string() == real,
        _ => false,
    };
    if !same {
        *written = real.into();
    }
}

fn forwards(rule: &ListenerRule, properties: &mut Map<String, Value>) {
    let actions = properties.get_mut("Actions").and_then(Value::as_array_mut);
    for action in actions.into_iter().flatten() {
        let groups = action.pointer_mut("/ForwardConfig/TargetGroups").and_then(Value::as_array_mut);
        groups.into_iter().flatten().for_each(|group| correct(group, rule));
    }
}

fn correct(group: &mut Value, rule: &ListenerRule) {
    let written = |value: &Value| value.as_u64().or_else(|| value.as_str()?.parse().ok());
    let arn = group.get("TargetGroupArn").and_then(Value::as_str);
    let real = rule.forwards.iter().find(|forward| Some(forward.target_group.as_str()) == arn);
    let Some(real) = real.map(|forward| u64::from(forward.weight)) else { return };
    if let Some(weight) = group.get_mut("Weight").filter(|weight| written(weight) != Some(real)) {
        *weight = real.into();
    }
}
