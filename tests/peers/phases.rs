//! A release that asagi rolls out, phase by phase: what is deployed then is what that phase's variable files say, so that
//! Sceptre can go on where asagi stopped.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::time::Duration;

use asagi::cloud::Clock;
use asagi::rollout::observe;
use tokio::runtime::Builder;

use crate::cloud::BotoCloud;
use crate::drive::Rollout;
use crate::support::{Account, Boto, Rendered, Sceptre, Seen, seen};
use crate::whole::{phased, registry};

/// The role that is released.
const ROLE: &str = "web";

/// Where asagi stops when it is told to run one phase.
const BLUE_GREEN: [&str; 7] = ["provision", "verify", "shift-10", "shift-50", "shift-100", "hold", "retire"];

/// The same of an environment that moves everyone at once.
const SHORT: [&str; 5] = ["provision", "verify", "shift-100", "hold", "retire"];

/// Production's, and an hour.
const LONGEST_HOLD: Duration = Duration::from_secs(25 * 60 * 60);

/// Somewhere in a release.
struct Stop<'a> {
    account: &'a Account,
    rendered: &'a Rendered,
    sceptre: Sceptre,
    /// The stacks that need no variable file.
    others: usize,
}

impl Stop<'_> {
    /// The files of a phase: its sizes, then its traffic.
    fn files(&self, phase: &str) -> Vec<String> {
        let folder = format!("vars/{ROLE}/blue-to-green");
        let entries = fs::read_dir(self.rendered.folder.join(&folder)).unwrap();
        let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let of_phase = |name: &String| {
            let stem = name.strip_suffix(".yaml").and_then(|name| name.split_once('-'));
            stem.is_some_and(|(_, stem)| stem == phase || stem == format!("{phase}-sizes"))
        };
        let mut files: Vec<_> = names.filter(of_phase).map(|name| format!("{folder}/{name}")).collect();
        files.sort();
        assert!(!files.is_empty(), "{phase} has no file");
        files
    }

    /// Sceptre finds no difference, where it is told what only the account knows: the record's times among it.
    fn assert_no_difference(&self, phase: &str, deployed: &BTreeMap<String, Seen>) {
        let files = self.files(phase);
        let texts: Vec<_> =
            files.iter().map(|file| fs::read_to_string(self.rendered.folder.join(file)).unwrap()).collect();
        let lines = texts.iter().flat_map(|text| text.lines());
        let asked = lines.filter_map(|line| line.trim().strip_prefix("# only the account knows: --var "));
        let asked = asked.map(|option| option.strip_suffix("=…").unwrap().to_owned());
        let record = format!("stacks.{ROLE}-traffic.RolloutRecord");
        let known: Vec<_> = asked.chain([record]).map(|name| self.known(&name, deployed)).collect();

        let stacks = texts.iter().flat_map(|text| text.lines()).filter(|line| line.starts_with("  \""));
        let moved = stacks.collect::<BTreeSet<_>>().len();

        let mut arguments = vec!["--merge-vars"];
        arguments.extend(files.iter().flat_map(|file| ["--var-file", file]));
        arguments.extend(known.iter().flat_map(|known| ["--var", known]));
        arguments.extend(["diff", &self.account.environment]);
        let said = self.sceptre.succeed(&arguments);
        assert!(!said.contains("Difference detected"), "{phase}: {said}");
        assert_eq!(
            said.matches("No difference to deployed stack").count(),
            self.others + moved,
            "{phase}: {said}"
        );
    }

    /// `stacks.web-blue.MinSize=4`
    fn known(&self, name: &str, deployed: &BTreeMap<String, Seen>) -> String {
        let [_, stack, parameter] = name.split('.').collect::<Vec<_>>()[..] else { panic!("{name}") };
        let mut found = deployed.iter().filter(|(name, _)| name.ends_with(&format!("-{stack}")));
        format!("{name}={}", found.next().unwrap().1.parameters[parameter])
    }
}

/// Every alarm of the server's is as calm as one with traffic.
fn calm(client: &mut Boto) {
    let mut asked = serde_json::json!({ "AlarmTypes": ["MetricAlarm"] });
    loop {
        let page = client.call("cloudwatch", "describe_alarms", asked.clone());
        for alarm in page["MetricAlarms"].as_array().unwrap() {
            let calm = serde_json::json!({ "AlarmName": alarm["AlarmName"], "StateValue": "OK", "StateReason": "calm" });
            client.call("cloudwatch", "set_alarm_state", calm);
        }
        let Some(next) = page["NextToken"].as_str() else { break };
        asked["NextToken"] = next.into();
    }
}

/// From the release before to the one after; answers the phases where asagi stopped.
fn phase_by_phase(environment: &str, [before, after]: [&str; 2]) -> Vec<String> {
    let release = |name: &str| format!("release: \"{name}\"");
    let spec_says = if environment == "dev" || environment == "stg" { after } else { before };
    let account = Account::with(environment, &[(&release(spec_says), &release(before))]);
    let cloud = BotoCloud::of(&account.server);
    let (run, mut client) = (Builder::new_current_thread().build().unwrap(), account.client());
    let rollout = Rollout::of(&cloud, account.root(), environment);
    for (_, parent) in registry(rollout.loaded()) {
        account.build_image(&parent);
    }
    rollout.run(&rollout.plan(), false);
    calm(&mut client);

    let path = account.root().join(format!("environments/{environment}.yaml"));
    let spec = fs::read_to_string(&path).unwrap();
    fs::write(&path, spec.replacen(&release(before), &release(after), 1)).unwrap();
    let rendered = account.rendered();
    let rollout = Rollout::of(&cloud, account.root(), environment);
    let graph = &rollout.loaded().graph;
    let stop = Stop {
        account: &account,
        rendered: &rendered,
        sceptre: account.sceptre(&rendered),
        others: graph.stacks.len() - phased(graph).len(),
    };
    let prefix = asagi::ops::prefix(&rollout.loaded().environment);
    let mut phases: Vec<String> = Vec::new();
    while phases.last().is_none_or(|phase| phase != "retire") {
        rollout.run(&rollout.plan(), true);
        let state = run.block_on(observe(&cloud, &prefix, ROLE)).unwrap().state;
        let phase = match state.record.phase.as_str() {
            _ if state.record.held => "hold",
            "complete" => "retire",
            phase => phase,
        };
        stop.assert_no_difference(phase, &seen(&mut client));
        phases.push(phase.to_owned());
        if phase == "shift-100" {
            run.block_on(cloud.sleep(LONGEST_HOLD));
        }
    }
    phases
}

#[test]
fn poc_phase_by_phase() {
    assert_eq!(phase_by_phase("poc", ["1.0", "1.1"]), BLUE_GREEN);
}

#[test]
fn dev_phase_by_phase() {
    assert_eq!(phase_by_phase("dev", ["1.5", "1.6"]), SHORT);
}

#[test]
fn stg_phase_by_phase() {
    assert_eq!(phase_by_phase("stg", ["1.5", "1.6"]), BLUE_GREEN);
}

#[test]
fn prod_phase_by_phase() {
    assert_eq!(phase_by_phase("prod", ["1.5", "1.6"]), BLUE_GREEN);
}
