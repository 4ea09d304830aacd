//! Releases by Sceptre alone, file by file, to one slot and back to the other: every line of the transcript is
//! something that moved, so that what is not there stayed where it was.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;

use asagi::rollout::observe;
use serde_json::Value;
use tokio::runtime::Builder;

use crate::cloud::BotoCloud;
use crate::support::{Account, Boto, Rendered, Sceptre, Seen, changes, seen};

/// The AMI of a release, which only the account knows.
const IMAGE: &str = "ami-09c7e9ab1d3f46e89";

/// One role of one environment, moved by Sceptre.
struct Walk {
    account: Account,
    rendered: Rendered,
    sceptre: Sceptre,
    cloud: Boto,
    transcript: String,
}

impl Walk {
    /// The poc, by that strategy, with its first release open.
    fn of(strategy: &str) -> Self {
        let spec = format!("strategy: {strategy}");
        let changed = [("strategy: blue-green, hold: 10m", spec.as_str())];
        let account = Account::with("poc", if strategy == "blue-green" { &[] } else { &changed });
        for layer in ["base", "middleware"] {
            account.build_image(&format!("/poc/images/web/{layer}/1.0"));
        }
        let rendered = account.rendered();
        let (sceptre, cloud) = (account.sceptre(&rendered), account.client());
        sceptre.succeed(&["--var-file", "vars/bootstrap.yaml", "launch", "-y", "poc"]);
        let mut walk = Self { account, rendered, sceptre, cloud, transcript: String::new() };
        walk.folder("first");
        walk
    }

    /// Every file of a folder in the order of their numbers, but for the way back.
    fn folder(&mut self, way: &str) {
        for file in self.files(way).iter().filter(|file| !file.starts_with("00-")) {
            self.launch(way, file);
        }
    }

    fn files(&self, way: &str) -> Vec<String> {
        let entries = fs::read_dir(self.rendered.folder.join("vars/web").join(way)).unwrap();
        let mut files: Vec<_> =
            entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        files.sort();
        files
    }

    /// Launches one file as the README says, and writes down what moved.
    fn launch(&mut self, way: &str, file: &str) {
        let before = seen(&mut self.cloud);
        let path = format!("vars/web/{way}/{file}");
        let asked = self.asked(&path, &before);
        let mut arguments = vec!["--var-file", &path];
        arguments.extend(asked.iter().flat_map(|asked| ["--var", asked]));
        arguments.extend(["launch", "-y", "poc"]);
        self.sceptre.succeed(&arguments);
        let after = seen(&mut self.cloud);
        let _ = writeln!(self.transcript, "{way}/{file}");
        let moved = changes(&before, &after);
        for line in moved.iter().filter(|line| !line.contains(": its last update ")) {
            let _ = writeln!(self.transcript, "  {}", short(line));
        }
        let updated = moved.iter().filter(|line| line.contains(": its last update ")).count();
        let touched: Vec<_> = moved.iter().filter_map(|line| line.split(':').next()).collect();
        let touched = touched.iter().collect::<std::collections::BTreeSet<_>>().len();
        assert_eq!(updated, touched, "{path}: something was updated and nothing of it moved: {moved:#?}");
        self.look();
    }

    /// What asagi makes of it: nothing that Sceptre did may look like drift to it.
    fn look(&mut self) {
        let target = BotoCloud::of(&self.account.server);
        let run = Builder::new_current_thread().build().unwrap();
        let state = run.block_on(observe(&target, "poc-poc", "web")).unwrap().state;
        assert_eq!(state.drift, Vec::<String>::new());
        let live = state.live().map_or("none".to_owned(), |slot| slot.to_string());
        let (blue, green) = (&state.blue, &state.green);
        let _ = writeln!(
            self.transcript,
            "  = asagi sees: {}, live {live}, weights {}/{}, instances {}/{}",
            state.record.phase, blue.weight, green.weight, blue.desired, green.desired
        );
    }

    /// What the comments of the file ask for, as somebody answers who looked at the account.
    fn asked(&self, path: &str, now: &BTreeMap<String, Seen>) -> Vec<String> {
        let text = fs::read_to_string(self.rendered.folder.join(path)).unwrap();
        let wanted =
            text.lines().filter_map(|line| line.trim().strip_prefix("# only the account knows: --var "));
        wanted
            .map(|option| {
                let name = option.strip_suffix("=…").unwrap();
                let [_, stack, parameter] = name.split('.').collect::<Vec<_>>()[..] else {
                    panic!("{option}")
                };
                let deployed = &now[&format!("poc-poc-{stack}")].parameters[parameter];
                let value = match parameter {
                    "ImageId" | "RolloutRecord" => deployed,
                    "MinSize" => "2",
                    other => panic!("{path} asks for {other}"),
                };
                format!("{name}={value}")
            })
            .collect()
    }
}

/// Without what is the same in every line, and of a record only its phase.
fn short(line: &str) -> String {
    let line = line.strip_prefix("poc-poc-").unwrap();
    let Some((stack, records)) = line.split_once(": RolloutRecord ") else {
        return line.replace(IMAGE, "(image)");
    };
    let phases: Vec<_> = records
        .split(" → ")
        .map(|record| {
            let record: Value = serde_json::from_str(record).unwrap();
            let part = |key: &str| record[key].as_str().unwrap_or("-").to_owned();
            let release = record["release"]["name"].as_str().unwrap_or("-");
            let held = if record["held"] == true { ", held," } else { "" };
            format!("{}{held} of {release} {} to {}", part("phase"), part("from"), part("to"))
        })
        .collect();
    format!("{stack}: RolloutRecord {}", phases.join(" → "))
}

fn there_and_back_again(strategy: &str) -> String {
    let mut walk = Walk::of(strategy);
    walk.folder("blue-to-green");
    walk.folder("green-to-blue");
    walk.transcript
}

#[test]
fn blue_green_file_by_file() {
    insta::assert_snapshot!(there_and_back_again("blue-green"));
}

#[test]
fn canary_file_by_file() {
    insta::assert_snapshot!(there_and_back_again("canary"));
}

#[test]
fn hybrid_canary_file_by_file() {
    insta::assert_snapshot!(there_and_back_again("hybrid-canary"));
}

#[test]
fn the_way_back_takes_everything_back_at_any_phase() {
    let mut walk = Walk::of("hybrid-canary");
    walk.transcript.clear();
    for file in walk.files("blue-to-green") {
        if file.starts_with("00-") {
            continue;
        }
        walk.launch("blue-to-green", &file);
        if file.contains("pilot.yaml") || file.contains("shift-50.yaml") {
            walk.launch("blue-to-green", "00-back.yaml");
        }
        if file.contains("shift-50.yaml") {
            break;
        }
    }
    insta::assert_snapshot!(walk.transcript);
}
