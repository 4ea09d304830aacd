//! What of a spec comes by a rollout and not by a change of its stacks: the release, the sizes of slots, and what a target
//! group has for good. Phases alone move it, so no diff of stacks shows it.

use indexmap::IndexMap;

use crate::cfn::{Effective, Stack};
use crate::diff::{Awaited, Certainty, ValueChange};
use crate::model::{Release, Role};
use crate::stacks::names;

use super::{DeployedStack, RoleChange, RolePlan};

/// What a plan does to a role, told by what differs.
pub fn awaited(
    plan: &RolePlan,
    role: &Role,
    environment: &str,
    deployed: &IndexMap<String, DeployedStack>,
) -> Awaited {
    let traffic = deployed.get(&role.traffic_stack()).map(|traffic| &traffic.stack);
    let see = format!("see `asagi plan {environment}`");
    let how = match (plan.kind, plan.from) {
        (RoleChange::Withheld, _) => format!("nothing is done without a person's word: {see}"),
        (RoleChange::Empty, _) => format!("{} is emptied: {see}", plan.to),
        (RoleChange::Resume, _) => format!("a rollout is on its way: {see}"),
        (RoleChange::Resize, _) => format!("by a change of size: {see}"),
        (RoleChange::Release, None) => format!("the first, by a rollout: {see}"),
        (RoleChange::Release, Some(_)) => format!("by a rollout: {see}"),
    };
    let changes = match plan.kind {
        RoleChange::Release | RoleChange::Resize | RoleChange::Withheld => {
            changes(&as_deployed(plan, traffic), &wanted(role))
        }
        RoleChange::Empty | RoleChange::Resume => Vec::new(),
    };
    Awaited { role: plan.role.clone(), how, changes, notes: plan.notes.clone() }
}

/// What another version of the spec asks of a role; `None` where it asks for the same. `launched`: what instances are
/// launched as changes with its slots' stacks.
pub fn awaited_between(before: &Role, after: &Role, launched: bool, environment: &str) -> Option<Awaited> {
    let changes = changes(&wanted(before), &wanted(after));
    let how = format!("by a rollout: see `asagi plan {environment}`");
    let held = "what instances are launched as changes: the slot that users are on gets it by a rollout too";
    let notes: Vec<String> = if launched { vec![held.to_owned()] } else { Vec::new() };
    let differs = !changes.is_empty() || launched;
    differs.then(|| Awaited { role: after.name.clone(), how, changes, notes })
}

type Values = IndexMap<&'static str, String>;

fn changes(before: &Values, after: &Values) -> Vec<ValueChange> {
    let differing = after.iter().filter(|(name, value)| before.get(*name) != Some(value));
    let change = |(name, value): (&&str, &String)| ValueChange {
        name: (*name).to_owned(),
        before: before.get(*name).map(Effective::text),
        after: Some(Effective::text(value)),
        certainty: Certainty::Certain,
    };
    differing.map(change).collect()
}

const RELEASE: &str = "release";
const MIN: &str = "min";
const MAX: &str = "max";
/// What [`names::TARGET_GROUP_PROPERTIES`] are called in a spec.
const TARGET: [&str; 3] = ["port", "protocol", "protocolVersion"];

/// What a spec asks for.
fn wanted(role: &Role) -> Values {
    let (group, capacity) = (&role.target_group, role.instances.capacity);
    let mut values: Values = role.release.iter().map(|release| (RELEASE, shown(release))).collect();
    values.extend([(MIN, capacity.min.to_string()), (MAX, capacity.max.to_string())]);
    values.extend(TARGET.into_iter().zip([
        group.port.to_string(),
        group.protocol.clone(),
        group.protocol_version.clone(),
    ]));
    values
}

/// What the slot has that users are on.
fn as_deployed(plan: &RolePlan, traffic: Option<&Stack>) -> Values {
    let Some(live) = plan.from else { return Values::new() };
    let slot = plan.seen.slot(live);
    let mut values = Values::new();
    let recorded = plan.seen.record.release.as_ref();
    let release = slot.image.as_ref().map(|image| match recorded.filter(|release| release.ami == *image) {
        Some(release) => shown(release),
        None => image.clone(),
    });
    values.extend(release.map(|release| (RELEASE, release)));
    values.extend([(MIN, slot.min.to_string()), (MAX, slot.max.to_string())]);
    for (name, property) in TARGET.into_iter().zip(names::TARGET_GROUP_PROPERTIES) {
        let value =
            traffic.and_then(|traffic| traffic.parameter(&names::target_group_property(live, property)));
        values.extend(value.map(|value| (name, value.to_owned())));
    }
    values
}

/// `1.6 2026-11-11 (ami-…)`, or the AMI alone.
fn shown(release: &Release) -> String {
    let words: Vec<&str> =
        [release.name.as_str(), release.build.as_str()].into_iter().filter(|it| !it.is_empty()).collect();
    if release.name == release.ami {
        release.ami.clone()
    } else {
        format!("{} ({})", words.join(" "), release.ami)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::example;

    fn told(awaited: Option<Awaited>) -> String {
        let Some(Awaited { how, changes, .. }) = awaited else { return "nothing".to_owned() };
        let text =
            |value: &Option<Effective>| value.as_ref().and_then(Effective::as_text).unwrap_or_default();
        let changes =
            changes.iter().map(|it| format!("{} {} → {}", it.name, text(&it.before), text(&it.after)));
        [how].into_iter().chain(changes).collect::<Vec<_>>().join("; ")
    }

    #[test]
    fn what_another_version_of_a_spec_asks_of_a_role() {
        let role = example::poc().roles.remove(0);
        let release = |name: &str, ami: &str| {
            Some(Release { name: name.to_owned(), build: String::new(), ami: ami.to_owned() })
        };
        let before = Role { release: release("1.5", "ami-1"), ..role };
        let changed = |change: fn(&mut Role)| {
            let mut after = before.clone();
            change(&mut after);
            told(awaited_between(&before, &after, false, "poc"))
        };
        let cases = [
            changed(|_| {}),
            changed(|role| {
                role.release =
                    Some(Release { name: "1.6".to_owned(), build: "b2".to_owned(), ami: "ami-2".to_owned() })
            }),
            changed(|role| {
                role.release =
                    Some(Release { name: "ami-3".to_owned(), build: String::new(), ami: "ami-3".to_owned() })
            }),
            changed(|role| role.instances.capacity.max += 4),
            changed(|role| role.target_group.port = 9090),
            changed(|role| role.target_group.protocol_version = "HTTP2".to_owned()),
            changed(|role| role.instances.instance_type = "t3.nano".to_owned()),
        ];
        insta::assert_snapshot!(cases.join("\n"), @"
        nothing
        by a rollout: see `asagi plan poc`; release 1.5 (ami-1) → 1.6 b2 (ami-2)
        by a rollout: see `asagi plan poc`; release 1.5 (ami-1) → ami-3
        by a rollout: see `asagi plan poc`; max 4 → 8
        by a rollout: see `asagi plan poc`; port 8080 → 9090
        by a rollout: see `asagi plan poc`; protocolVersion HTTP1 → HTTP2
        nothing
        ");
    }
}
