//! asagi's own driver takes the poc from nothing to its second release on two targets, the server and the embedded
//! one: the same changes, statuses, outputs and weights, phase by phase.
//!
//! Nothing differs. What the server's launcher had to be taught for that is in `ministack_plus.py`; what it cannot show
//! at all: it keeps no rollback triggers, so no bake is watched there, and its alarms never move by themselves.

pub(crate) mod rollout;

use std::collections::BTreeMap;

use asagi::cfn::{CreateChangeSet, ParameterValue};
use asagi::cloud::local::{LocalCloud, Settings};
use asagi::stacks::names;
use serde_json::json;

use crate::cloud::BotoCloud;
use crate::support::{REGION, Server};
pub(crate) use rollout::Rollout;
use rollout::{Deployed, Step};

pub(crate) const ACCOUNT: &str = "444455556666";

/// What a pipeline does when it has built a layer: until then the layer above it waits.
pub(crate) const REGISTRY: [&str; 2] = ["/poc/images/web/base/1.0", "/poc/images/web/middleware/1.0"];

/// What a phase may move of a stack, whichever role and cohort it is for.
const MOVED: [&str; 9] = [
    "Weight",
    names::TARGET_GROUP_ARN,
    "TargetGroupFullName",
    names::STICKINESS_SECONDS,
    names::ROLLOUT_RECORD,
    names::IMAGE_ID,
    names::MIN_SIZE,
    names::MAX_SIZE,
    names::UPDATE_MODE,
];

/// Everything on one target. `meanwhile` does what nobody does there by itself, once the first release is live.
pub(crate) fn whole(
    mut rollout: Rollout<'_>,
    meanwhile: impl FnOnce(),
) -> (Vec<Step>, BTreeMap<String, Deployed>) {
    let first = rollout.plan();
    let deferred: Vec<&str> = first.deferred.iter().map(|deferral| deferral.stack.as_str()).collect();
    assert_eq!(deferred, ["web-images-middleware", "web-images-application"]);
    let mut steps = vec![rollout.apply(&first, false)];
    meanwhile();
    steps.push(rollout.apply(&rollout.plan(), false));
    rollout = rollout.release("1.1", "ami-0ad8fabc2e4057f9a");
    for _ in 0..20 {
        let next = rollout.plan();
        if next.is_empty() {
            return (steps, rollout.deployed());
        }
        assert!(next.levels.is_empty(), "{next:#?}");
        steps.push(rollout.apply(&next, true));
    }
    panic!("the rollout does not end: {steps:#?}")
}

fn on_server() -> (Vec<Step>, BTreeMap<String, Deployed>) {
    let server = Server::start_with(&[("MINISTACK_ACCOUNT_ID", ACCOUNT)]);
    let cloud = BotoCloud::of(&server);
    let outcome = whole(Rollout::new(&cloud, "poc"), || {
        let mut client = cloud.client();
        for name in REGISTRY {
            let built = json!({ "Name": name, "Value": "ami-07a5c7e9fb1d24c67", "Type": "String" });
            client.call("ssm", "put_parameter", built);
        }
        let alarms = client.call("cloudwatch", "describe_alarms", json!({ "AlarmTypes": ["MetricAlarm"] }));
        for alarm in alarms["MetricAlarms"].as_array().unwrap() {
            let calm = json!({ "AlarmName": alarm["AlarmName"], "StateValue": "OK", "StateReason": "calm" });
            client.call("cloudwatch", "set_alarm_state", calm);
        }
    });
    cloud.take_requests().iter().for_each(moves_only_what_phases_move);
    outcome
}

/// A change set that is not for a stack's creation keeps the template and all but what phases move.
fn moves_only_what_phases_move(request: &CreateChangeSet) {
    if request.kind == asagi::cfn::ChangeSetType::Create {
        return;
    }
    assert_eq!(request.template, None, "{} gets another template", request.stack_name);
    let given = request.parameters.iter().filter(|(_, value)| **value != ParameterValue::Previous);
    for (name, value) in given {
        assert!(
            MOVED.iter().any(|moved| name.ends_with(moved)),
            "{}: {name} = {value:?}",
            request.stack_name
        );
    }
}

pub(crate) fn embedded() -> (Vec<Step>, BTreeMap<String, Deployed>) {
    let start = "2026-11-09T00:00:00Z".parse().unwrap();
    let settings = Settings { account: ACCOUNT.to_owned(), region: REGION.to_owned(), start };
    let cloud = LocalCloud::in_memory(settings);
    whole(Rollout::new(&cloud, "poc"), || {
        for name in REGISTRY {
            cloud.put_parameter(name, "ami-07a5c7e9fb1d24c67").unwrap();
        }
    })
}

#[test]
fn the_server_and_the_embedded_target_agree() {
    let (steps, stacks) = on_server();
    let (embedded_steps, embedded_stacks) = embedded();
    assert_eq!(steps.len(), embedded_steps.len(), "{steps:#?}\n{embedded_steps:#?}");
    for (step, embedded_step) in steps.iter().zip(&embedded_steps) {
        assert_eq!(step, embedded_step);
    }
    assert_eq!(stacks, embedded_stacks);

    let way: Vec<_> = steps.iter().map(|step| (step.phase.as_str(), step.weights)).collect();
    let expected = [
        ("complete", (100, 0)),
        ("complete", (100, 0)),
        ("provision", (100, 0)),
        ("verify", (100, 0)),
        ("shift-10", (90, 10)),
        ("shift-50", (50, 50)),
        ("shift-100", (0, 100)),
        ("shift-100", (0, 100)), // held
        ("complete", (0, 100)),
    ];
    assert_eq!(way, expected);
    for shift in &steps[4..7] {
        let [(stack, changes)] = shift.change_sets.as_slice() else { panic!("{shift:#?}") };
        assert_eq!(stack, "poc-poc-web-traffic");
        let moved =
            |change: &String| change.contains("ListenerRule,") || change.contains(" AWS::SSM::Parameter,");
        assert!(
            changes.iter().all(|change| moved(change) && change.ends_with("replacement False")),
            "{shift:#?}"
        );
    }
    let everything = rollout::stack_keys("poc");
    assert!(stacks.keys().eq(&everything), "{:?} of {everything:?}", stacks.keys());
    for (stack, deployed) in &stacks {
        assert!(
            ["CREATE_COMPLETE", "UPDATE_COMPLETE"].contains(&deployed.status.as_str()),
            "{stack}: {deployed:?}"
        );
    }
}
