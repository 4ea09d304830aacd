//! What resources really are, where somebody changed them beside CloudFormation: a drift-aware change set compares with
//! that, and going back restores that.

use serde_json::Value;

use super::record::Deployment;
use crate::cloud::ListenerRule;
use crate::cloud::local::world::World;

/// Takes over how listener rules really forward into what counts as deployed. Nothing else can be changed beside the
/// embedded target.
pub(super) fn take_over(world: &World, deployed: &mut Deployment) {
    for resource in deployed.resources.values_mut() {
        let Some(rule) = resource.physical_id.as_deref().and_then(|arn| world.rule_state(arn)) else {
            continue;
        };
        let actions = resource.properties.get_mut("Actions").and_then(Value::as_array_mut);
        for action in actions.into_iter().flatten() {
            let groups = action.pointer_mut("/ForwardConfig/TargetGroups").and_then(Value::as_array_mut);
            groups.into_iter().flatten().for_each(|group| correct(group, &rule));
        }
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
