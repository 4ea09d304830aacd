//! Users' own view of a rollout: asagi's driver moves the stacks, and real HTTP requests through the server's load
//! balancer are answered by whichever slot the rules of that moment choose. They are counted.

use std::time::Duration;

use asagi::cloud::Clock;
use asagi::model::Slot;
use serde_json::{Value, json};
use tokio::runtime::Builder;

use crate::cloud::BotoCloud;
use crate::drive::Rollout;
use crate::support::{Account, TextServer};

/// Who asks, and what their requests carry.
const AUDIENCES: [(&str, &[(&str, &str)]); 4] = [
    ("everyone", &[]),
    ("verification", &[("X-Blue-Verification", "true")]),
    ("pilot by header", &[("X-Canary-Group", "pilot")]),
    ("pilot by cookie", &[("Cookie", "theme=dark; canary-user=enabled; seen=1")]),
];

/// Requests of an audience that two slots share.
const SHARED: u32 = 400;
/// Requests of an audience that one slot has: each must be answered by it.
const WHOLE: u32 = 40;
/// How far a count may be from its share, in standard deviations: one in 1.7 million counts is further, by chance.
const DEVIATIONS: f64 = 5.0;

/// What users of an environment meet.
struct Users<'a> {
    account: &'a Account,
    load_balancer: String,
    servers: [(Slot, TextServer); 2],
}

impl<'a> Users<'a> {
    fn of(account: &'a Account) -> Self {
        let balancers = account.client().call("elbv2", "describe_load_balancers", json!({}));
        let load_balancer = balancers["LoadBalancers"][0]["LoadBalancerName"].as_str().unwrap().to_owned();
        let servers = [(Slot::Blue, TextServer::start("blue")), (Slot::Green, TextServer::start("green"))];
        Self { account, load_balancer, servers }
    }

    /// How many of so many requests each slot answers. For as long, an HTTP server stands in for a slot's instances,
    /// which the server does not run.
    fn counted(&self, headers: &[(&str, &str)], requests: u32) -> (u32, u32) {
        let answers: Vec<String> = (0..requests)
            .map(|_| self.account.server.through_load_balancer(&self.load_balancer, "/", headers).body)
            .collect();
        let of = |slot: &str| u32::try_from(answers.iter().filter(|answer| *answer == slot).count()).unwrap();
        let (blue, green) = (of("blue"), of("green"));
        assert_eq!(blue + green, requests, "somebody else answered: {:?}", answers.first());
        (blue, green)
    }

    /// Runs `ask` with HTTP servers in the place of instances.
    fn with_servers<T>(&self, ask: impl FnOnce() -> T) -> T {
        let mut cloud = self.account.client();
        let stack =
            cloud.call("cloudformation", "describe_stacks", json!({ "StackName": "poc-poc-web-traffic" }));
        let outputs = stack["Stacks"][0]["Outputs"].as_array().unwrap();
        let mut instances = Vec::new();
        for (slot, server) in &self.servers {
            let name = asagi::stacks::names::target_group_arn(*slot);
            let group =
                outputs.iter().find(|output| output["OutputKey"] == name).unwrap()["OutputValue"].clone();
            let health = cloud.call("elbv2", "describe_target_health", json!({ "TargetGroupArn": group }));
            let targets = health["TargetHealthDescriptions"].as_array().unwrap();
            let targets: Vec<Value> =
                targets.iter().map(|one| json!({ "Id": one["Target"]["Id"] })).collect();
            let ours = json!([{ "Id": "127.0.0.1", "Port": server.port }]);
            let swap = |cloud: &mut crate::support::Boto, call: &str, targets: &Value| {
                if targets.as_array().is_some_and(|targets| !targets.is_empty()) {
                    cloud.call("elbv2", call, json!({ "TargetGroupArn": group, "Targets": targets }));
                }
            };
            swap(&mut cloud, "deregister_targets", &targets.clone().into());
            swap(&mut cloud, "register_targets", &ours);
            instances.push((group.clone(), ours, Value::from(targets)));
        }
        let outcome = ask();
        for (group, ours, targets) in instances {
            cloud.call("elbv2", "deregister_targets", json!({ "TargetGroupArn": group, "Targets": ours }));
            if targets.as_array().is_some_and(|targets| !targets.is_empty()) {
                cloud.call(
                    "elbv2",
                    "register_targets",
                    json!({ "TargetGroupArn": group, "Targets": targets }),
                );
            }
        }
        outcome
    }

    /// Every audience is answered by green as often as expected, in per cent.
    fn meet(&self, phase: &str, expected: [u32; 4]) {
        self.with_servers(|| {
            for ((audience, headers), share) in AUDIENCES.iter().zip(expected) {
                let requests = if share % 100 == 0 { WHOLE } else { SHARED };
                let (blue, green) = self.counted(headers, requests);
                let wanted = f64::from(requests * share) / 100.0;
                let away = (f64::from(green) - wanted).abs();
                let allowed = DEVIATIONS * (wanted * (1.0 - f64::from(share) / 100.0)).sqrt();
                assert!(
                    away <= allowed,
                    "{phase}: {audience}: blue answered {blue} and green {green} of {requests}, where green has {share} %"
                );
            }
        });
    }
}

/// A release to green, from its first phase to its last; `expected` is green's share of each audience once the record
/// says that phase, in order.
fn roll_out(strategy: &str, expected: &[(&str, [u32; 4])]) {
    // Plain HTTP: the emulated load balancer has no certificates.
    let certificate = "  certificate: arn:aws:acm:ap-northeast-1:444455556666:certificate/7d1f0c9e-5e0a-4c5b-bb55-1c2f4b7b9e03\n";
    let chosen = format!("strategy: {strategy}");
    let account = Account::with("poc", &[(certificate, ""), ("strategy: blue-green, hold: 10m", &chosen)]);
    for layer in ["base", "middleware"] {
        account.build_image(&format!("/poc/images/web/{layer}/1.0"));
    }
    let cloud = BotoCloud::of(&account.server);
    let rollout = Rollout::of(&cloud, account.root(), "poc");
    rollout.run(&rollout.plan(), false);
    calm(&account);
    let users = Users::of(&account);
    users.meet("after the first release", [0; 4]);

    let rollout = rollout.release("1.1", "ami-0ad8fabc2e4057f9a");
    let mut met: Vec<&str> = Vec::new();
    for _ in 0..60 {
        let plan = rollout.plan();
        if plan.is_empty() {
            break;
        }
        let step = rollout.apply(&plan, true);
        if step.change_sets.is_empty() {
            // Days of watching, and approvals after them.
            Builder::new_current_thread()
                .build()
                .unwrap()
                .block_on(cloud.sleep(Duration::from_secs(25 * 3600)));
            continue;
        }
        let Some((phase, shares)) = expected.iter().find(|(phase, _)| *phase == step.phase) else {
            panic!("{} is not among the phases: {step:#?}", step.phase)
        };
        users.meet(phase, *shares);
        if met.last() != Some(phase) {
            met.push(phase);
        }
    }
    let phases: Vec<_> = expected.iter().map(|(phase, _)| *phase).collect();
    assert_eq!(met, phases);
}

/// The server's alarms never move by themselves.
fn calm(account: &Account) {
    let mut cloud = account.client();
    let alarms = cloud.call("cloudwatch", "describe_alarms", json!({ "AlarmTypes": ["MetricAlarm"] }));
    for alarm in alarms["MetricAlarms"].as_array().unwrap() {
        let calm = json!({ "AlarmName": alarm["AlarmName"], "StateValue": "OK", "StateReason": "calm" });
        cloud.call("cloudwatch", "set_alarm_state", calm);
    }
}

#[test]
fn blue_green_moves_real_requests() {
    let phases = [
        ("provision", 0),
        ("verify", 0),
        ("shift-10", 10),
        ("shift-50", 50),
        ("shift-100", 100),
        ("complete", 100),
    ];
    roll_out("blue-green", &phases.map(|(phase, share)| (phase, [share; 4])));
}

#[test]
fn hybrid_canary_moves_cohorts_before_everyone() {
    let phases = [
        ("provision", [0; 4]),
        ("verify", [0; 4]),
        ("route-verification", [0, 100, 0, 0]),
        ("route-pilot", [0, 100, 100, 100]),
        ("shift-50", [50, 100, 100, 100]),
        ("shift-100", [100; 4]),
        ("complete", [100; 4]),
    ];
    roll_out("hybrid-canary", &phases);
}
