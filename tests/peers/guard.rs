//! The guard's own script, run as Automation would run it, in a rollout on the server: what it leaves alone, and how it
//! gives everyone back.

use std::process::Command;

use asagi::rollout::observe;
use asagi::words::Foreign;
use serde_json::{Value, json};
use tokio::runtime::Builder;

use crate::cloud::BotoCloud;
use crate::drive::Rollout;
use crate::support::{Account, Boto, finished, program, said};

/// The rollout at 50 %, and the script that the guard's stack was made with.
struct Night {
    account: Account,
    script: String,
}

impl Night {
    fn at_50_percent() -> Self {
        let guarded = ("notifications:", "protection: { guard: automation }\nnotifications:");
        let account = Account::with("poc", &[guarded]);
        for layer in ["base", "middleware"] {
            account.build_image(&format!("/poc/images/web/{layer}/1.0"));
        }
        let cloud = BotoCloud::of(&account.server);
        let rollout = Rollout::of(&cloud, account.root(), "poc");
        rollout.run(&rollout.plan(), false);
        let mut client = account.client();
        speak(&mut client, |_| "OK");
        let rollout = rollout.release("1.1", "ami-0ad8fabc2e4057f9a");
        while rollout.apply(&rollout.plan(), true).phase != "shift-50" {}
        let guard = &rollout.loaded().graph.stacks["web-guard"].template.resources["Guard"];
        let script = &guard.properties["Content"]["mainSteps"][0]["inputs"]["Script"];
        let script = script.as_str().unwrap().to_owned();
        drop(rollout);
        Self { account, script }
    }

    /// What the script answers when that slot's alarm speaks at that time.
    fn alarm(&self, slot: &str, time: &str) -> Value {
        let mut client = self.account.client();
        let topics = client.call("sns", "list_topics", json!({}));
        let event = json!({
            "alarm": format!("poc-poc-web-{slot}"),
            "time": time,
            "stack": "poc-poc-web-traffic",
            "role": "web",
            "topic": topics["Topics"][0]["TopicArn"],
            "composites": { "blue": "poc-poc-web-blue", "green": "poc-poc-web-green" },
            "poll": 0.1,
        });
        const RUN: &str = "import json, sys; names = {}; exec(sys.argv[1], names); \
                           print(json.dumps(names['give_back'](json.loads(sys.argv[2]), None)))";
        let ran = finished(
            Command::new(program("python"))
                .args(["-c", RUN, &self.script, &event.to_string()])
                .envs(self.account.server.variables()),
        );
        assert!(ran.status.success(), "{}", said(&ran));
        serde_json::from_slice(&ran.stdout).unwrap()
    }

    fn now(&self, slot: &str) -> String {
        let answer = self.alarm(slot, &jiff::Timestamp::now().to_string());
        format!("{}: {}", answer["did"].as_str().unwrap(), answer["why"].as_str().unwrap())
    }

    /// Weights, phase, who moved them last and why, and what asagi takes for drift.
    fn seen(&self) -> String {
        let cloud = BotoCloud::of(&self.account.server);
        let run = Builder::new_current_thread().build().unwrap();
        let state = run.block_on(observe(&cloud, "poc-poc", "web")).unwrap().state;
        let record = &state.record;
        let text = |it: &Option<Foreign>| it.as_ref().map(Foreign::visible).unwrap_or_default();
        let by = text(&record.by);
        format!(
            "{}/{} {} by {}: {} {:?}",
            state.blue.weight,
            state.green.weight,
            record.phase,
            by.rsplit(['/', ':']).next().unwrap(),
            text(&record.reason),
            state.drift
        )
    }
}

/// Sets every alarm to what is said of it; composites follow.
fn speak(client: &mut Boto, state: impl Fn(&str) -> &'static str) {
    let alarms = client.call("cloudwatch", "describe_alarms", json!({ "AlarmTypes": ["MetricAlarm"] }));
    for alarm in alarms["MetricAlarms"].as_array().unwrap() {
        let name = alarm["AlarmName"].as_str().unwrap();
        let set = json!({ "AlarmName": name, "StateValue": state(name), "StateReason": "told" });
        client.call("cloudwatch", "set_alarm_state", set);
    }
}

/// Blue's targets, taken away.
fn lose_blue(client: &mut Boto) -> (Value, Value) {
    let stack =
        client.call("cloudformation", "describe_stacks", json!({ "StackName": "poc-poc-web-traffic" }));
    let outputs = stack["Stacks"][0]["Outputs"].as_array().unwrap();
    let blue = outputs.iter().find(|output| output["OutputKey"] == "BlueTargetGroupArn").unwrap();
    let group = blue["OutputValue"].clone();
    let health = client.call("elbv2", "describe_target_health", json!({ "TargetGroupArn": group }));
    let targets = health["TargetHealthDescriptions"].as_array().unwrap().iter();
    let targets: Value = targets.map(|it| json!({ "Id": it["Target"]["Id"] })).collect();
    client.call("elbv2", "deregister_targets", json!({ "TargetGroupArn": group, "Targets": targets }));
    (group, targets)
}

#[test]
fn the_guard_gives_everyone_back_and_moves_nothing_it_should_not() {
    let night = Night::at_50_percent();
    let mut client = night.account.client();
    let before = night.seen();
    assert!(before.starts_with("50/50 shift-50 by "), "{before}");

    assert_eq!(night.now("blue"), "stays: it is not the alarm of green, where the release goes");
    let answer = night.alarm("green", "2026-01-01T00:00:00Z");
    assert_eq!(answer["why"], "it spoke before this rollout began");

    speak(&mut client, |_| "ALARM");
    let both = "stays: alarm poc-poc-web-blue speaks as well: a person decides";
    assert_eq!(night.now("green"), both);

    speak(&mut client, |name| if name.contains("-green-") { "ALARM" } else { "OK" });
    let (group, targets) = lose_blue(&mut client);
    let unwell = "stays: only 0 targets of blue are healthy, and 2 of green: a person decides";
    assert_eq!(night.now("green"), unwell);
    client.call("elbv2", "register_targets", json!({ "TargetGroupArn": group, "Targets": targets }));
    assert_eq!(night.seen(), before);

    assert_eq!(night.now("green"), "gave everyone back to blue: because of alarm poc-poc-web-green");
    assert_eq!(night.seen(), "100/0 rolled-back by guard: alarm poc-poc-web-green []");
    let stack =
        client.call("cloudformation", "describe_stacks", json!({ "StackName": "poc-poc-web-traffic" }));
    let parameters = stack["Stacks"][0]["Parameters"].as_array().unwrap().iter();
    let weights: Vec<String> = parameters
        .filter(|it| it["ParameterKey"].as_str().unwrap().ends_with("Weight"))
        .map(|it| format!("{} {}", it["ParameterKey"], it["ParameterValue"]).replace('"', ""))
        .collect();
    let on = |weight: &&String| weight.ends_with(" 100");
    assert!(weights.iter().filter(on).all(|it| it.contains("BlueWeight")), "{weights:?}");
    assert_eq!(weights.iter().filter(on).count() * 2, weights.len(), "{weights:?}");

    assert_eq!(night.now("green"), "stays: no rollout is on its way");
}
