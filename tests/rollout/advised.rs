//! The next command that the first screen names does what is said of it: in every state that can be told, it is run.

use std::fmt::Write;
use std::time::Duration;

use asagi::cloud::local::{AlarmSelector, Fault};
use asagi::cloud::{Clock, CloudFormation, Observe};
use asagi::model::Slot;
use asagi::ops::{End, RoleStatus};

use super::block;
use super::cloud::Death;
use super::session::Session;

const MINUTE: Duration = Duration::from_secs(60);

fn web(session: &Session) -> RoleStatus {
    session.first_screen().roles.remove(0)
}

/// Runs what the first screen advises, holds what came of it against what was said, and tells both.
fn follow(session: &mut Session, told: &mut String, state: &str) {
    let advised = web(session);
    let note = advised.note.clone().unwrap_or_default();
    writeln!(told, "{state}\n  {}\n  {note}", advised.next).unwrap();
    let came = run(session, &advised, &note);
    writeln!(told, "  -> {came}").unwrap();
}

fn run(session: &mut Session, advised: &RoleStatus, note: &str) -> String {
    let command = advised.next.as_str();
    let before = session.cloud.executed().len();
    match command {
        "asagi plan poc" => {
            let plan = session.plan().unwrap_or_else(|error| panic!("{command}: {error}"));
            format!("planned, {} roles to do", plan.roles.len())
        }
        "asagi apply poc --phase next" => {
            let report = session.next();
            let end = report.as_ref().map(|report| &report.roles[0].end);
            match (note.strip_prefix("runs ").and_then(|rest| rest.split_once(':')), end) {
                (Some((phase, _)), Some(End::Stopped { done, .. })) => {
                    assert_eq!(done, phase, "{note}");
                    format!("{phase} is done")
                }
                (Some((phase, _)), Some(End::Complete)) => format!("{phase} is done, and all of it"),
                (Some(_), end) => panic!("{note}: {end:?}\n{}", session.log()),
                (None, Some(End::Waiting { what, .. })) => format!("waits for {what}"),
                // Time passes on this target while something is waited for.
                (None, Some(End::Stopped { done, .. })) => format!("waited, then {done} is done"),
                (None, Some(End::Complete)) => "waited, then all of it is done".to_owned(),
                (None, None) => {
                    assert_eq!(session.cloud.executed().len(), before, "{note}");
                    let refused = session.log().lines().last().unwrap_or_default().to_owned();
                    refused.split_once("broke off: ").map_or(refused.clone(), |(_, why)| why.to_owned())
                }
                (None, Some(end)) => panic!("{note}: {end:?}"),
            }
        }
        "asagi apply poc" => {
            assert!(note.starts_with("follows what runs"), "{note}");
            session.apply();
            assert!(!web(session).state.busy, "{}", session.log());
            "followed to its end".to_owned()
        }
        "asagi rollback poc --role web" => {
            session.rollback("web");
            went_back(session)
        }
        "asagi rollback poc --role web --all-the-same" => {
            session.rollback_with(command, "web", |options| options.all_the_same = true);
            went_back(session)
        }
        "asagi mend poc" if note.starts_with("puts it back") => {
            session.mend("web");
            assert_eq!(web(session).state.drift, Vec::<String>::new(), "{}", session.log());
            "nothing is left of it".to_owned()
        }
        other => panic!("nobody knows `{other}`: {note}"),
    }
}

fn went_back(session: &Session) -> String {
    let state = session.state("web");
    assert_eq!(state.blue.weight, 100, "{}", session.log());
    format!("everyone is on blue, {}", state.record.phase)
}

#[test]
fn in_every_phase_and_after_it() {
    let mut told = String::new();
    follow(&mut Session::new("poc"), &mut told, "nothing is deployed");
    follow(&mut Session::poc(), &mut told, "nothing to do");
    let mut session = Session::poc_to_1_1();
    session.next();
    for _ in 0..12 {
        let state = session.state("web");
        follow(&mut session, &mut told, &state.record.phase);
        if session.state("web").record.phase == "complete" {
            break;
        }
        if session.state("web").record == state.record {
            session.next();
        }
    }
    follow(&mut session, &mut told, "complete");
    insta::assert_snapshot!(told);
}

#[test]
fn where_something_has_gone_wrong() {
    let mut told = String::new();
    let at = |phase: &str| {
        let mut session = Session::poc_to_1_1();
        session.until(phase);
        session
    };

    let mut session = at("shift-10");
    session.wait(20 * MINUTE);
    session.die(Death::Executing("web-traffic"));
    session.next();
    session.cloud.revive();
    follow(&mut session, &mut told, "a bake that nobody follows");

    let mut session = at("shift-10");
    session.alarm("web", "green", "error-rate", 5 * MINUTE);
    session.die(Death::Executing("web-traffic"));
    session.next();
    session.cloud.revive();
    session.wait(60 * MINUTE);
    follow(&mut session, &mut told, "an alarm while nobody followed");

    let mut session = at("shift-50");
    session.edit("release: \"1.1\"", "release: \"1.0\"");
    follow(&mut session, &mut told, "the spec asks for another release");

    let mut session = at("shift-50");
    let blue = Fault::Unhealthy {
        targets: "poc-poc-web-blue".to_owned(),
        healthy: 0,
        of: 0,
        from: session.cloud.now(),
        until: None,
    };
    session.inject("blue fails its health checks", blue);
    session.wait(5 * MINUTE);
    told.push_str(&format!("blue is dead: rollback {:?}\n", web(&session).rollback));
    session.cloud.dead_ends();

    let mut session = at("shift-50");
    session.rollback_with("rollback --keep-candidate", "web", |options| options.keep_candidate = true);
    follow(&mut session, &mut told, "the candidate is kept");

    let mut session = at("shift-10");
    session.wait(5 * MINUTE);
    super::rollbacks::move_by_hand(&mut session);
    follow(&mut session, &mut told, "weights moved by hand");

    let mut session = at("shift-10");
    session.wait(5 * MINUTE);
    let traffic = block(session.cloud.describe_stack("poc-poc-web-traffic")).unwrap().unwrap();
    let parameter = traffic.outputs["RecordParameterName"].clone();
    let record = block(session.cloud.parameter(&parameter)).unwrap().unwrap();
    session.cloud.local.put_parameter(&parameter, &record.replace("shift-10", "complete")).unwrap();
    follow(&mut session, &mut told, "a record that was changed by hand");
    insta::assert_snapshot!(told);
}

#[test]
fn where_a_person_or_the_window_is_missing() {
    let mut told = String::new();
    let mut session = super::days::hybrid();
    session.apply();
    follow(&mut session, &mut told, "before its approval can be given");
    session.wait(Duration::from_secs(25 * 3_600));
    follow(&mut session, &mut told, "an approval is pending");
    session.wait(Duration::from_secs(4 * 24 * 3_600));
    follow(&mut session, &mut told, "an approval is overdue");

    let mut session = Session::poc_to_1_1();
    session.until("shift-10");
    session.edit(
        "roles:",
        "protection: { window: { days: [Mon, Tue], from: \"01:00\", to: \"03:00\", timezone: Asia/Tokyo } }\nroles:",
    );
    follow(&mut session, &mut told, "the window is shut");
    insta::assert_snapshot!(told);
}

/// What runs is told with since when and by whom; what an alarm says and where cohorts are is told too.
#[test]
fn what_runs_and_what_rings_is_on_the_first_screen() {
    let mut session = Session::poc_to_1_1();
    session.until("shift-10");
    session.wait(20 * MINUTE);
    session.die(Death::Executing("web-traffic"));
    session.next();
    session.cloud.revive();
    let screen = session.first_screen();
    let runs = &screen.running[0];
    let told = format!(
        "{} {} since {} by {}",
        runs.stack,
        runs.status,
        runs.since.unwrap(),
        runs.by.clone().unwrap()
    );
    insta::assert_snapshot!(told, @"poc-poc-web-traffic UPDATE_IN_PROGRESS since 2026-11-16T07:54:50Z by local");
    assert_eq!(screen.roles[0].alarms, []);

    let mut session = Session::poc_to_1_1();
    session.until("shift-50");
    let alarm = AlarmSelector::Metric {
        role: "web".to_owned(),
        metric: "error-rate".to_owned(),
        slot: Some("green".to_owned()),
    };
    let from = session.cloud.now();
    session.inject("error-rate of green alarms", Fault::Alarm { alarm, from, until: None });
    session.wait(10 * MINUTE);
    let screen = web(&session);
    assert_eq!(screen.next, "asagi rollback poc --role web");
    assert_eq!(
        screen.note.as_deref(),
        Some("the alarm of green is on: instead of shift-100 everything goes back")
    );
    let alarms = screen.alarms;
    assert_eq!((alarms.len(), alarms[0].slot), (1, Slot::Green));
    insta::assert_snapshot!(format!("{:?} {}", alarms[0].value.unwrap(), alarms[0].name), @"Alarm poc-poc-web-green");
}

#[test]
fn protection_switched_by_hand_is_told_by_status_and_diff() {
    let session = Session::poc();
    assert_eq!(session.first_screen().protection, Vec::<String>::new());
    block(session.cloud.update_termination_protection("poc-poc-web-traffic", true)).unwrap();
    let told = session.first_screen().protection;
    insta::assert_snapshot!(told.join("\n"), @"termination protection of poc-poc-web-traffic is on; the spec says off, and apply switches it off");
    let report = block(asagi::ops::diff_deployed(&session.cloud, &session.loaded())).unwrap();
    assert_eq!((report.protection, report.drift), (told, Vec::new()));
}

/// The ways back of a plan's phases that move traffic, the hold's included, and what status says in one of them.
#[test]
fn the_guard_in_the_account_is_told_by_plan_and_status() {
    let mut told = String::new();
    for guard in ["none", "automation"] {
        let mut session = Session::poc();
        session.edit("roles:", &format!("protection: {{ guard: {guard} }}\nroles:"));
        session.apply();
        session.restart();
        session.edit("    release: \"1.0\"", "    release: \"1.1\"");
        session.next();
        session.until("shift-50");
        let plan = session.plan().unwrap();
        writeln!(told, "guard: {guard}").unwrap();
        for phase in plan.roles[0].phases.iter().filter(|it| it.moves_traffic() || it.name == "hold") {
            writeln!(told, "  {}: {}", phase.name, phase.back).unwrap();
        }
        writeln!(told, "  status: {}", web(&session).guard.unwrap_or_else(|| "nothing".to_owned())).unwrap();
    }
    insta::assert_snapshot!(told, @"
    guard: none
      shift-10: an alarm of green: CloudFormation restores 100/0, then asagi gives blue everything, while it runs or when it next does
      shift-50: an alarm of green: CloudFormation restores shift-10, then asagi gives blue everything, while it runs or when it next does
      shift-100: an alarm of green: CloudFormation restores shift-50, then asagi gives blue everything, while it runs or when it next does
      hold: an alarm of green, or fewer than half of it healthy: asagi gives blue everything, while it waits here or when it next runs; `asagi rollback` at any time: blue can take everything back at once
      status: nothing
    guard: automation
      shift-10: an alarm of green: CloudFormation restores 100/0, then the account gives blue everything, with every machine off
      shift-50: an alarm of green: CloudFormation restores shift-10, then the account gives blue everything, with every machine off
      shift-100: an alarm of green: CloudFormation restores shift-50, then the account gives blue everything, with every machine off
      hold: an alarm of green: the account gives blue everything, with every machine off; fewer than half of it healthy: asagi does, while it waits here or when it next runs; `asagi rollback` at any time: blue can take everything back at once
      status: an alarm of green: the account gives blue everything, with every machine off
    ");
}
