//! `asagi status`: the first screen.

use anstyle::{AnsiColor, Style};
use clap::Args;
use jiff::Timestamp;

use crate::cloud::AlarmValue;
use crate::model::{Slot, Zone};
use crate::ops::{CohortStatus, RoleStatus, Running, SlotAlarm, StatusReport};
use crate::plan::Record;
use crate::shown;
use crate::words::Shown;

use super::place::PlaceArguments;
use super::watch::left;
use super::{Context, ExitCode, Failure, Format};

/// Show what is live, what is on the way, and whether there is a way back
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  asagi status prod\n  asagi status poc --target local --format json\n  asagi status --project idhub-40 --name prod    without a checkout"
)]
pub(super) struct Arguments {
    #[command(flatten)]
    place: PlaceArguments,
    /// How to print it
    #[arg(long, value_enum, default_value = "human")]
    format: Format,
}

pub(super) fn run(arguments: &Arguments, context: &mut Context) -> Result<ExitCode, Failure> {
    let (place, target) = context.place(&arguments.place)?;
    let zone = place.zone();
    let report = target.wait(crate::ops::status(target.cloud(), place.look(&zone)))?;
    match arguments.format {
        Format::Json => context.console.json(&report)?,
        Format::Human => context.console.data(human(&report, &zone))?,
    }
    for stack in &report.stuck {
        context.console.say(super::mend::told(stack));
        context.console.say(format!("  run   asagi mend {}", place.typed));
    }
    Ok(ExitCode::Done)
}

fn bold(text: &str) -> Shown {
    Shown::from(text).painted(Style::new().bold())
}

fn red(text: impl Into<Shown>) -> Shown {
    text.into().painted(AnsiColor::Red.on_default())
}

fn human(report: &StatusReport, zone: &Zone) -> Shown {
    let mut text = shown!(
        "{}  {}\n",
        bold(&format!("{} {}", report.project, report.environment)),
        zone.told_to_the_second(report.now)
    );
    if !report.deployed {
        let (account, region) = (&report.account, &report.region);
        text.line(shown!("  nothing of it is in account {}, {}", account, region));
    }
    for stranger in &report.strangers {
        text.line(shown!("  {}", red(stranger)));
    }
    for running in &report.running {
        text.line(shown!("  {:<10}{}", "running", runs(running, zone)));
    }
    for protection in &report.protection {
        text.line(shown!("  {}", protection));
    }
    for leaving in &report.leaving {
        text.line(shown!("  {}", leaving));
    }
    for role in &report.roles {
        text.line("");
        one(&mut text, role, report.now, zone);
    }
    text
}

/// A stack that is being changed, since when, and by whom.
fn runs(running: &Running, zone: &Zone) -> String {
    let since = running.since.map_or(String::new(), |since| format!(" since {}", zone.told(since)));
    let by = running.by.as_ref().map_or(", not begun by asagi".to_owned(), |by| format!(", {by}'s"));
    format!("{} is {}{since}{by}", running.stack, running.status)
}

fn alarm(alarm: &SlotAlarm, zone: &Zone) -> Shown {
    let since = alarm.since.map_or(String::new(), |since| format!(" since {}", zone.told(since)));
    let reason = alarm.reason.as_ref().map_or(String::new(), |reason| format!(": {}", reason.visible()));
    match alarm.value {
        None => red(format!("{} does not exist", alarm.name)),
        Some(AlarmValue::Alarm) => red(format!("{} is on{since}{reason}", alarm.name)),
        Some(_) => format!("{} has no evidence{since}{reason}", alarm.name).into(),
    }
}

/// Where a cohort is that is not where everyone is.
fn cohort(cohort: &CohortStatus) -> String {
    match (cohort.blue, cohort.green) {
        (_, 0) => format!("{} is on blue", cohort.name),
        (0, _) => format!("{} is on green", cohort.name),
        (blue, green) => format!("{} is {blue} % on blue, {green} % on green", cohort.name),
    }
}

fn one(text: &mut Shown, role: &RoleStatus, now: Timestamp, zone: &Zone) {
    text.line(shown!("  {}", bold(&role.state.role)));
    let mut line = |head: &str, body: Shown| text.line(shown!("  {:<10}{}", head, body));
    let state = &role.state;
    if !role.deployed {
        line("live", "not deployed yet".into());
        line("next", (&role.next).into());
        return;
    }
    line("live", live(role).into());
    for slot in Slot::ALL {
        let seen = state.slot(slot);
        let image = seen.image.as_deref().unwrap_or("no image yet");
        let (weight, healthy, desired) = (seen.weight, seen.healthy, seen.desired);
        line(slot.as_str(), format!("{weight:>3} %  {healthy}/{desired} healthy  {image}").into());
    }
    for it in &role.cohorts {
        line("cohort", cohort(it).into());
    }
    for it in &role.alarms {
        line("alarm", alarm(it, zone));
    }
    for drift in &state.drift {
        line("drift", red(drift));
    }
    line("phase", phase(role, now).into());
    if let Some(why) = state.must_go_back().filter(|_| !state.busy) {
        line("failed", red(format!("{why}; {}", going_back_from(role))));
    }
    if let Some(guard) = &role.guard {
        line("guard", guard.into());
    }
    line("rollback", rollback(role, zone).into());
    if let (Some(by), Some(at)) = (&state.record.by, state.record.at) {
        line("last", shown!("{} by {}", zone.told(at), by));
    }
    line("next", (&role.next).into());
    if let Some(note) = &role.note {
        line("", note.into());
    }
}

/// What is left to take back.
fn going_back_from(role: &RoleStatus) -> String {
    let slot = role.state.record.to.unwrap_or_else(|| role.state.candidate());
    match role.state.slot(slot).weight {
        0 => format!("{slot} has no traffic and is still filled"),
        weight => format!("{slot} still holds {weight} %"),
    }
}

fn live(role: &RoleStatus) -> String {
    let Some(slot) = role.live else { return "none yet: no release has been live".to_owned() };
    let image = role.state.slot(slot).image.as_deref().unwrap_or("no image");
    let release = role.release.as_ref().map_or(String::new(), |release| format!("release {release}, "));
    format!("{slot}  {release}{image}")
}

fn phase(role: &RoleStatus, now: Timestamp) -> String {
    let record = &role.state.record;
    let release =
        record.release.as_ref().map_or(String::new(), |release| format!("release {}", release.name));
    let until = role.until.filter(|until| *until > now && record.in_progress());
    let left = until.map_or(String::new(), |until| format!(", {} left", left(now, until)));
    let reason = record.reason.as_ref().map_or(String::new(), |reason| format!(": {}", reason.visible()));
    match record.phase.as_str() {
        Record::NONE if role.state.candidate_is_filling() => {
            "the first release is being provisioned".to_owned()
        }
        Record::NONE => "none".to_owned(),
        Record::COMPLETE if role.state.candidate_is_filling() => {
            format!("{} is being provisioned", role.state.candidate())
        }
        Record::ROLLED_BACK if record.kept && role.state.candidate_is_filling() => {
            format!("{release} was rolled back{reason}; {} is kept, to be looked at", role.state.candidate())
        }
        Record::ROLLED_BACK => format!("{release} was rolled back{reason}"),
        // The hold keeps the name of what moved everyone.
        other if record.held => format!("{other}, {release}, the old slot is held{left}"),
        other => format!("{other}, {release}{left}"),
    }
}

fn rollback(role: &RoleStatus, zone: &Zone) -> String {
    let ready = &role.rollback;
    let reason = ready.reason.clone().unwrap_or_default();
    let minutes = ready.minutes.map_or(String::new(), |minutes| format!(", about {minutes} min"));
    let until = ready.until.map_or(String::new(), |until| format!(", until {}", zone.told(until)));
    match (ready.ready, ready.minutes) {
        (true, Some(0)) => format!("not needed: {reason}"),
        (true, _) => format!("ready: yes{minutes}{until}"),
        (false, Some(_)) => format!("ready: no{minutes}: {reason}"),
        (false, None) => format!("ready: no: {reason}"),
    }
}
