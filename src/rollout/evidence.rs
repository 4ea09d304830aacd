//! What was seen of a gate, and what that comes to: it holds, it fails, or there is not enough evidence yet. Pure.

use jiff::Timestamp;

use crate::cloud::{AlarmState, AlarmValue};
use crate::model::{Period, Slot, Zone};
use crate::plan::{Gate, Missed, PlannedWindow, RoleState, SlotState, due};

use super::gates::PATIENCE;

/// What a gate is judged by.
#[derive(Debug, Clone)]
pub(super) struct Evidence<'a> {
    /// Weights, health, sizes, record.
    pub(super) state: &'a RoleState,
    /// The composite alarm of the gate's slot, where one counts and there is one.
    pub(super) alarm: Option<AlarmState>,
    /// Names of the alarms that it follows and that have no data.
    pub(super) silent: Vec<String>,
    /// A person has agreed.
    pub(super) approved: bool,
    /// The window does not count.
    pub(super) outside_window: bool,
    /// `{project}-{environment}`.
    pub(super) prefix: &'a str,
    /// Where people are.
    pub(super) zone: &'a Zone,
    /// When it was seen.
    pub(super) now: Timestamp,
}

/// What it comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Answer {
    /// It holds.
    Holds,
    /// It does not, and waiting mends nothing; why.
    Fails(String),
    /// There is not enough evidence, or something is still missing: it never passes by itself.
    NotYet {
        /// What it waits for.
        what: String,
        /// Until when, where that is known.
        until: Option<Timestamp>,
        /// What is said where it has waited for too long.
        fails: String,
    },
}

impl Answer {
    fn not_yet(what: String) -> Self {
        Self::NotYet { fails: what.clone(), what, until: None }
    }
}

/// Judges a gate.
pub(super) fn judge(gate: &Gate, evidence: &Evidence<'_>) -> Answer {
    let (state, now) = (evidence.state, evidence.now);
    match gate {
        Gate::Healthy { slot, least, match_live } => healthy(state, *slot, *least, *match_live),
        Gate::Weights { blue, green } => weights(state, *blue, *green),
        Gate::WayBack { slot } => way_back(state, *slot),
        Gate::Zones => zones(state),
        Gate::Empty { slot } => empty(state, *slot),
        Gate::AlarmOk { slot } => alarm_ok(evidence, *slot),
        Gate::Held { time } => elapsed(state.moved_at(), *time, now, "hold"),
        Gate::Drained { slot, time } => drained(state, *slot, *time, now),
        Gate::Baked { time, slot, .. } => baked(evidence, *slot, *time),
        Gate::Window { window, needs } => in_window(evidence, window, *needs),
        Gate::Approval { within, missed } => approval(evidence, *within, *missed),
    }
}

fn healthy(state: &RoleState, slot: Slot, least: u32, match_live: bool) -> Answer {
    let live = state.live().filter(|live| match_live && *live != slot);
    let SlotState { healthy, weight, desired, .. } = *state.slot(slot);
    // Whoever has everyone already is whole with what the group wants: a spec may ask for more by now.
    let least = if weight == 100 && !match_live { least.min(desired).max(1) } else { least };
    let wanted = live.map_or(0, |live| state.slot(live).desired).max(least);
    if healthy >= wanted {
        return Answer::Holds;
    }
    let what = format!("{healthy} of {wanted} targets of {slot} are healthy");
    Answer::NotYet { fails: format!("{what} after {PATIENCE}"), what, until: None }
}

fn weights(state: &RoleState, blue: u32, green: u32) -> Answer {
    let (seen_blue, seen_green) = (state.blue.weight, state.green.weight);
    if (seen_blue, seen_green) == (blue, green) && state.drift.is_empty() {
        return Answer::Holds;
    }
    let drift = state.drift.first().map_or(String::new(), |drift| format!(": {drift}"));
    Answer::not_yet(format!(
        "listener rules send {seen_blue}/{seen_green} to blue/green, expected {blue}/{green}{drift}"
    ))
}

fn way_back(state: &RoleState, slot: Slot) -> Answer {
    let seen = state.slot(slot);
    if seen.image.is_none() {
        Answer::Fails(format!("{slot} has no image to go back to"))
    } else if seen.healthy == 0 || seen.healthy < seen.desired {
        let (healthy, desired) = (seen.healthy, seen.desired);
        Answer::not_yet(format!("{healthy} of {desired} targets of {slot} are healthy to go back to"))
    } else {
        Answer::Holds
    }
}

/// What is left carries everyone for now: nobody is moved, and nothing is taken from it, until the shift is over.
fn zones(state: &RoleState) -> Answer {
    if !state.is_shifted() {
        return Answer::Holds;
    }
    Answer::not_yet(format!(
        "the end of a zonal shift: no requests go to {} targets of blue and {} of green",
        state.blue.shifted, state.green.shifted
    ))
}

fn empty(state: &RoleState, slot: Slot) -> Answer {
    let seen = state.slot(slot);
    if (seen.desired, seen.healthy) == (0, 0) {
        return Answer::Holds;
    }
    let what = format!("{slot} still has {} instances", seen.desired.max(seen.healthy));
    if seen.refilled {
        return Answer::Fails(format!(
            "{what}, though its stack says none: `asagi mend` puts its group back"
        ));
    }
    Answer::NotYet { fails: format!("{what} after {PATIENCE}"), what, until: None }
}

/// A slot that takes no request yet may still be in ALARM from the minutes in which its instances started and were not
/// healthy: its alarm gets the same patience as they did. With requests on the slot, an alarm is an alarm. One that is OK
/// while some that it follows have no data is no evidence.
fn alarm_ok(evidence: &Evidence<'_>, slot: Slot) -> Answer {
    let name = format!("{}-{}-{slot}", evidence.prefix, evidence.state.role);
    let Some(alarm) = &evidence.alarm else {
        return Answer::Fails(format!("alarm {name} does not exist"));
    };
    match (alarm.value, evidence.silent.as_slice()) {
        (AlarmValue::Ok, []) => Answer::Holds,
        (AlarmValue::Ok, silent) => {
            let what = format!("evidence, since there are no data of {}", silent.join(", "));
            Answer::NotYet { fails: format!("{what}, for {PATIENCE}"), what, until: None }
        }
        (AlarmValue::Alarm, _) => {
            let what = format!("alarm {name} is in ALARM: {}", alarm.reason.visible());
            if evidence.state.slot(slot).weight > 0 {
                Answer::Fails(what)
            } else {
                Answer::NotYet { fails: format!("{what}, for {PATIENCE}"), what, until: None }
            }
        }
        (AlarmValue::InsufficientData, _) => Answer::NotYet {
            fails: format!("alarm {name} has had no evidence for {PATIENCE}"),
            what: format!("alarm {name} has no evidence yet"),
            until: None,
        },
    }
}

fn elapsed(since: Option<Timestamp>, time: Period, now: Timestamp, what: &str) -> Answer {
    let Some(since) = since else {
        return Answer::Fails("the record does not say when traffic moved".to_owned());
    };
    let until = later(since, time);
    if now >= until {
        return Answer::Holds;
    }
    Answer::NotYet { fails: what.to_owned(), what: what.to_owned(), until: Some(until) }
}

fn drained(state: &RoleState, slot: Slot, time: Period, now: Timestamp) -> Answer {
    if state.slot(slot).weight > 0 {
        return Answer::Fails(format!("{slot} still has weight"));
    }
    // The record was written down before the change set that moved the weights was executed.
    let since = state.record.at.map(|at| state.moved.map_or(at, |moved| at.max(moved)));
    elapsed(since, time, now, &format!("{slot} drains"))
}

/// The bake counts from when traffic moved, or from when its alarm first had evidence after that: no evidence is none. That
/// the alarm did not speak meanwhile is what is watched all the time.
fn baked(evidence: &Evidence<'_>, slot: Slot, time: Period) -> Answer {
    match alarm_ok(evidence, slot) {
        Answer::Holds => {
            let since = evidence.alarm.as_ref().map(|alarm| alarm.since);
            let moved = evidence.state.moved_at();
            let since = moved.map(|moved| since.map_or(moved, |since| moved.max(since)));
            elapsed(since, time, evidence.now, "bake")
        }
        other => other,
    }
}

fn approval(evidence: &Evidence<'_>, within: Option<Period>, missed: Missed) -> Answer {
    let until = due(evidence.state, within);
    let told = until.map(|until| evidence.zone.told(until));
    let over = until.is_some_and(|until| evidence.now > until);
    match (missed, told) {
        (Missed::GoesBack, Some(until)) if over => Answer::Fails(format!("the approval was due by {until}")),
        _ if evidence.approved => Answer::Holds,
        (Missed::GoesBack, Some(until)) => {
            Answer::not_yet(format!("a person's approval by {until}, or everything goes back"))
        }
        (Missed::AsksAgain, Some(until)) if over => {
            Answer::not_yet(format!("a person's approval, which was due by {until} and is asked for again"))
        }
        _ => Answer::not_yet("a person's approval".to_owned()),
    }
}

fn in_window(evidence: &Evidence<'_>, window: &PlannedWindow, needs: Period) -> Answer {
    let now = evidence.now;
    if evidence.outside_window || window.admits(now, needs) {
        return Answer::Holds;
    }
    Answer::not_yet(format!("the maintenance window: {}", window.refusal(now, needs)))
}

/// That much later, or the end of time.
pub(super) fn later(from: Timestamp, by: Period) -> Timestamp {
    let seconds = i64::try_from(by.as_seconds()).unwrap_or(i64::MAX);
    from.checked_add(jiff::SignedDuration::from_secs(seconds)).unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::Record;

    fn at(minutes: i64) -> Timestamp {
        Timestamp::UNIX_EPOCH + jiff::SignedDuration::from_mins(minutes)
    }

    /// Half of everyone is on green since minute 0.
    fn state() -> RoleState {
        let slot = SlotState { weight: 50, healthy: 4, desired: 4, ..SlotState::default() };
        let record = Record {
            phase: "shift-50".to_owned(),
            from: Some(Slot::Blue),
            to: Some(Slot::Green),
            at: Some(at(0)),
            ..Record::default()
        };
        RoleState { record, blue: slot.clone(), green: slot, ..RoleState::absent("web") }
    }

    /// Weight, healthy and desired of green, of which a spec asks for three; whether that is enough.
    #[test]
    fn who_has_everyone_is_whole_with_what_the_group_wants() {
        let cases = [
            (100, 3, 3, true),
            // The spec asks for three by now, and the group is changed once the rollout is over.
            (100, 2, 2, true),
            (100, 1, 2, false),
            (100, 0, 0, false),
            (50, 2, 2, false),
        ];
        for (weight, healthy, desired, enough) in cases {
            let green = SlotState { weight, healthy, desired, ..SlotState::default() };
            let state = RoleState { green, ..state() };
            let answer = super::healthy(&state, Slot::Green, 3, false);
            assert_eq!(answer == Answer::Holds, enough, "{weight} {healthy}/{desired}: {answer:?}");
        }
    }

    fn alarm(value: AlarmValue, since: i64) -> AlarmState {
        AlarmState {
            name: "shop-prod-web-green".to_owned(),
            arn: String::new(),
            value,
            since: at(since),
            reason: "errors".into(),
            follows: Vec::new(),
        }
    }

    fn seen(alarm: Option<AlarmState>, silent: &[&str], minutes: i64) -> String {
        let evidence = Evidence {
            state: &state(),
            alarm,
            silent: silent.iter().map(|name| (*name).to_owned()).collect(),
            approved: false,
            outside_window: false,
            prefix: "shop-prod",
            zone: &Zone::named("Asia/Tokyo").unwrap(),
            now: at(minutes),
        };
        let gate = Gate::Baked { time: Period::minutes(15), slot: Slot::Green, watched: true };
        match judge(&gate, &evidence) {
            Answer::Holds => "holds".to_owned(),
            Answer::Fails(why) => format!("fails: {why}"),
            Answer::NotYet { what, until, .. } => {
                format!("not yet: {what}, until {}", until.map_or("-".to_owned(), |until| until.to_string()))
            }
        }
    }

    /// A bake of 15 minutes from minute 0, seen with that alarm since then, those that have no data, at that minute.
    #[test]
    fn a_bake_passes_by_evidence_alone() {
        use AlarmValue::{Alarm, InsufficientData, Ok};
        let told = [
            seen(Some(alarm(Ok, -60)), &[], 15),
            seen(Some(alarm(Ok, -60)), &[], 14),
            // It had evidence from minute 5 on.
            seen(Some(alarm(Ok, 5)), &[], 15),
            seen(Some(alarm(Ok, 5)), &[], 20),
            // It is OK, since none that it follows is in ALARM; one of them cannot be evaluated.
            seen(Some(alarm(Ok, -60)), &["memory"], 60),
            seen(Some(alarm(InsufficientData, -60)), &[], 60),
            seen(Some(alarm(Alarm, 3)), &[], 15),
            seen(None, &[], 15),
        ];
        insta::assert_snapshot!(told.join("\n"), @"
        holds
        not yet: bake, until 1970-01-01T00:15:00Z
        not yet: bake, until 1970-01-01T00:20:00Z
        holds
        not yet: evidence, since there are no data of memory, until -
        not yet: alarm shop-prod-web-green has no evidence yet, until -
        fails: alarm shop-prod-web-green is in ALARM: errors
        fails: alarm shop-prod-web-green does not exist
        ");
    }
}
