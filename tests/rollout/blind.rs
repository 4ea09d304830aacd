//! The way back needs the traffic stack and its change sets. Every other read is taken away, one at a time and all at
//! once, at each phase: everyone is back all the same, and what could not be read is told.

use std::fmt::Write;
use std::sync::Mutex;
use std::time::Duration;

use asagi::ops::{self, BackError, RollbackOptions, RollbackReport, Surroundings};
use asagi::rollout::{Cancellation, NoJournal, Observer, Progress};
use asagi::stacks::Owner;

use super::block;
use super::cloud::Death;
use super::doctored::Doctored;
use super::session::{Session, tokyo};

/// Everything that a rollback reads beside the traffic stack, and what it only tells.
const READS: [&str; 14] = [
    "caller",
    "get_template",
    "describe_stack_resources",
    "describe_stack_events",
    "listener_rules",
    "target_health",
    "group",
    "alarms",
    "parameter",
    "publish",
    "describe_stack web-blue",
    "describe_stack web-green",
    "describe_stack notifications",
    "describe_stack foundation",
];

/// Keeps what could not be read.
#[derive(Default)]
struct Missing(Mutex<Vec<String>>);

impl Observer for Missing {
    fn tell(&self, progress: &Progress<'_>) {
        let told = match progress {
            Progress::Unread { what, .. } => (*what).to_owned(),
            Progress::Untold { .. } => "Publish".to_owned(),
            _ => return,
        };
        let mut kept = self.0.lock().unwrap();
        if !kept.contains(&told) {
            kept.push(told);
        }
    }
}

fn rollback(cloud: &Doctored<'_>, session: &Session) -> (Result<RollbackReport, BackError>, Vec<String>) {
    let (missing, cancelled) = (Missing::default(), Cancellation::default());
    let around = Surroundings {
        cloud,
        observer: &missing,
        journal: &NoJournal,
        origin: None,
        cancelled: &cancelled,
        zone: &tokyo(),
    };
    let options = RollbackOptions {
        owner: Owner::of(&session.loaded().environment),
        account: Some(session.loaded().environment.account.clone()),
        role: "web".to_owned(),
        reason: "asked for".to_owned(),
        keep_candidate: false,
        all_the_same: false,
    };
    let end = block(ops::rollback(&around, &options));
    (end, missing.0.into_inner().unwrap())
}

/// A rollout at that phase; `baking` is in the middle of the bake of 50 %.
fn at(phase: &str) -> Session {
    let mut session = Session::poc_to_1_1();
    session.cloud.hurry();
    if phase == "baking" {
        session.until("shift-10");
        session.wait(Duration::from_secs(20 * 60));
        session.die(Death::Executing("web-traffic"));
        session.next();
        session.cloud.revive();
    } else {
        session.until(phase);
    }
    session
}

#[test]
fn every_read_but_that_of_the_traffic_stack_can_be_missing() {
    let mut told = String::new();
    for phase in ["shift-10", "baking", "shift-50", "shift-100"] {
        let session = at(phase);
        let documents = session.cloud.documents();
        let start = "2026-11-16T03:00:00Z";
        for refused in READS.iter().map(|read| vec![*read]).chain([READS.to_vec()]) {
            let session = Session::from("poc", start, &documents);
            session.cloud.hurry();
            let cloud = Doctored::without(&session.cloud, &refused);
            let (end, missing) = rollback(&cloud, &session);
            let state = session.state("web");
            let name = if refused.len() == 1 { refused[0] } else { "all of them" };
            let report = end.unwrap_or_else(|error| panic!("{phase} without {name}: {error}"));
            assert_eq!((state.blue.weight, state.green.weight), (100, 0), "{phase} without {name}");
            assert_eq!(state.record.phase, "rolled-back", "{phase} without {name}");
            let left = if report.left.is_some() { "; green is left" } else { "" };
            writeln!(told, "{phase} without {name}: not read {}{left}", missing.join(", ")).unwrap();
        }
    }
    insta::assert_snapshot!(told);
}

#[test]
fn who_may_not_stop_an_update_waits_for_its_end() {
    let session = at("baking");
    let cloud = Doctored::without(&session.cloud, &["cancel_update_stack"]);
    let (end, missing) = rollback(&cloud, &session);
    assert_eq!((end.unwrap().left, missing), (None, vec!["CancelUpdateStack".to_owned()]));
    assert_eq!(session.state("web").blue.weight, 100);
}

#[test]
fn without_the_traffic_stack_nothing_is_begun() {
    let session = at("shift-50");
    for (refused, told) in [
        ("describe_stack web-traffic", "nothing was begun: not authorized to perform describe_stack"),
        ("create_change_set", "nothing was begun: not authorized to perform create_change_set"),
    ] {
        let cloud = Doctored::without(&session.cloud, &[refused]);
        let (end, _) = rollback(&cloud, &session);
        assert_eq!(end.unwrap_err().to_string(), told);
        assert_eq!(session.state("web").green.weight, 50);
    }
}

#[test]
fn traffic_comes_first_and_words_after_it() {
    let session = at("shift-50");
    let cloud = Doctored::of(&session.cloud);
    rollback(&cloud, &session).0.unwrap();
    let calls = cloud.calls();
    let first = |verb: &str| calls.iter().position(|call| call.starts_with(verb)).unwrap();
    assert!(first("execute_change_set") < first("publish"), "{calls:#?}");
    let subjects: Vec<&str> = calls.iter().filter_map(|call| call.strip_prefix("publish ")).collect();
    assert_eq!(subjects[..2], ["web: rolling back", "web rollback: begins"]);
}
