//! What must hold, looked at in the account. No evidence is never a pass.

use std::sync::atomic::Ordering;
use std::time::Duration;

use jiff::Timestamp;

use crate::cloud::AlarmValue;
use crate::model::{Period, Slot};
use crate::plan::{Gate, PlannedWindow, RoleState};

use super::context::{Context, RunError};
use super::machine::{Event, Failure};
use super::observe::observe;
use super::observer::Progress;
use super::watch::{Condition, Vigil};

/// Longest wait for a slot's targets to be healthy, or for its alarm to have evidence. Instances take two to three
/// minutes to start and targets up to one to register (requirements, section 5.1).
const PATIENCE: Period = Period::minutes(15);
/// Between looks.
const POLL: Duration = Duration::from_secs(15);
/// Longest time between looks at a slot that is watched.
const WATCH: Duration = Duration::from_secs(300);
/// The listener rules follow their stack within seconds.
const WEIGHTS_PATIENCE: Period = Period::minutes(1);

/// A look at a gate.
enum Seen {
    Holds,
    NotYet { what: String, until: Option<Timestamp>, fails: String },
    Never(String),
}

/// Looks until the gate holds, can no longer hold, or needs longer than this run waits.
///
/// # Errors
/// When a call does not succeed or the person cancels.
pub(super) async fn check(
    context: &Context<'_>,
    role: &str,
    gate: &Gate,
    watched: Option<Slot>,
) -> Result<Event, RunError> {
    let mut vigil = Vigil::over(watched);
    let patience = if matches!(gate, Gate::Weights { .. }) { WEIGHTS_PATIENCE } else { PATIENCE };
    let deadline = later(context.cloud.now(), patience);
    loop {
        let state = observe(context.cloud, context.prefix, role).await?.state;
        match vigil.look(context, &state).await? {
            Condition::Well => {}
            Condition::Failed(failure) => return Ok(Event::Failed(failure)),
            Condition::Unwell(what) => {
                let now = context.cloud.now();
                context.tell(&Progress::Waiting { what, until: None, now, state: Some(&state) });
                context.sleep(POLL).await?;
                continue;
            }
        }
        let (what, until, fails) = match look(context, role, gate, &state).await? {
            Seen::Holds => return Ok(Event::Passed),
            Seen::Never(reason) if matches!(gate, Gate::Baked { .. }) => {
                return Ok(Event::Failed(Failure::Alarm(reason)));
            }
            Seen::Never(reason) => return Ok(Event::Failed(Failure::Gate(reason))),
            Seen::NotYet { what, until, fails } => (what, until, fails),
        };
        let now = context.cloud.now();
        match until {
            Some(until) if until > later(now, context.patience) => {
                return Ok(Event::NotYet { what, until: Some(until) });
            }
            Some(until) => wait_until(context, &what, until, &state, vigil.is_kept()).await?,
            None if gate.may_take_days() => return Ok(Event::NotYet { what, until: None }),
            None if now >= deadline => return Ok(Event::Failed(Failure::Gate(fails))),
            None => {
                context.tell(&Progress::Waiting { what, until: None, now, state: Some(&state) });
                context.sleep(POLL).await?;
            }
        }
    }
}

async fn wait_until(
    context: &Context<'_>,
    what: &str,
    until: Timestamp,
    state: &RoleState,
    watching: bool,
) -> Result<(), RunError> {
    let now = context.cloud.now();
    context.tell(&Progress::Waiting { what: what.to_owned(), until: Some(until), now, state: Some(state) });
    let left = until.duration_since(now);
    let left = Duration::try_from(left).unwrap_or_default();
    // A minute near the end, and a thirtieth of what is left before: a day is not worth 1,440 looks. What is watched is
    // looked at every five minutes.
    let longest = Duration::from_secs(60).max(left / 30);
    let longest = if watching { longest.min(WATCH) } else { longest };
    context.sleep(left.clamp(Duration::from_secs(1), longest)).await
}

async fn look(context: &Context<'_>, role: &str, gate: &Gate, state: &RoleState) -> Result<Seen, RunError> {
    let now = context.cloud.now();
    Ok(match gate {
        Gate::Healthy { slot, least, match_live } => healthy(state, *slot, *least, *match_live),
        Gate::Weights { blue, green } => weights(state, *blue, *green),
        Gate::WayBack { slot } => way_back(state, *slot),
        Gate::Empty { slot } => empty(state, *slot),
        Gate::AlarmOk { slot } => alarm_ok(context, role, *slot, state).await?,
        Gate::Held { time } => elapsed(state.moved_at(), *time, now, "hold"),
        Gate::Drained { slot, time } => {
            // The record was written down before the change set that moved the weights was executed.
            let since = state.record.at.map(|at| state.moved.map_or(at, |moved| at.max(moved)));
            let seen = elapsed(since, *time, now, &format!("{slot} drains"));
            if state.slot(*slot).weight > 0 { Seen::Never(format!("{slot} still has weight")) } else { seen }
        }
        Gate::Baked { time, slot, .. } => baked(context, role, *slot, *time, state).await?,
        Gate::Window { window, needs } => in_window(context, window, *needs),
        Gate::Approval { within } => approval(context, state, *within, now),
    })
}

fn healthy(state: &RoleState, slot: Slot, least: u32, match_live: bool) -> Seen {
    let live = state.live().filter(|live| match_live && *live != slot);
    let wanted = live.map_or(0, |live| state.slot(live).desired).max(least);
    let healthy = state.slot(slot).healthy;
    if healthy >= wanted {
        return Seen::Holds;
    }
    let what = format!("{healthy} of {wanted} targets of {slot} are healthy");
    Seen::NotYet { fails: format!("{what} after {PATIENCE}"), what, until: None }
}

fn weights(state: &RoleState, blue: u32, green: u32) -> Seen {
    let (seen_blue, seen_green) = (state.blue.weight, state.green.weight);
    if (seen_blue, seen_green) == (blue, green) && state.drift.is_empty() {
        return Seen::Holds;
    }
    let drift = state.drift.first().map_or(String::new(), |drift| format!(": {drift}"));
    let what =
        format!("listener rules send {seen_blue}/{seen_green} to blue/green, expected {blue}/{green}{drift}");
    Seen::NotYet { fails: what.clone(), what, until: None }
}

fn way_back(state: &RoleState, slot: Slot) -> Seen {
    let seen = state.slot(slot);
    if seen.image.is_none() {
        Seen::Never(format!("{slot} has no image to go back to"))
    } else if seen.healthy == 0 || seen.healthy < seen.desired {
        let what =
            format!("{} of {} targets of {slot} are healthy to go back to", seen.healthy, seen.desired);
        Seen::NotYet { fails: what.clone(), what, until: None }
    } else {
        Seen::Holds
    }
}

fn empty(state: &RoleState, slot: Slot) -> Seen {
    let seen = state.slot(slot);
    if (seen.desired, seen.healthy) == (0, 0) {
        return Seen::Holds;
    }
    let what = format!("{slot} still has {} instances", seen.desired.max(seen.healthy));
    Seen::NotYet { fails: format!("{what} after {PATIENCE}"), what, until: None }
}

/// A slot that takes no request yet may still be in ALARM from the minutes in which its instances started and were not
/// healthy: its alarm gets the same patience as they did. With requests on the slot, an alarm is an alarm.
async fn alarm_ok(
    context: &Context<'_>,
    role: &str,
    slot: Slot,
    state: &RoleState,
) -> Result<Seen, RunError> {
    let name = context.stack_name(&format!("{role}-{slot}"));
    let alarms = context.cloud.alarms(std::slice::from_ref(&name)).await?;
    let Some(alarm) = alarms.first() else { return Ok(Seen::Never(format!("alarm {name} does not exist"))) };
    Ok(match alarm.value {
        AlarmValue::Ok => Seen::Holds,
        AlarmValue::Alarm => {
            let what = format!("alarm {name} is in ALARM: {}", alarm.reason);
            if state.slot(slot).weight > 0 {
                Seen::Never(what)
            } else {
                Seen::NotYet { fails: format!("{what}, for {PATIENCE}"), what, until: None }
            }
        }
        AlarmValue::InsufficientData => {
            let what = format!("alarm {name} has no evidence yet");
            Seen::NotYet {
                fails: format!("alarm {name} has had no evidence for {PATIENCE}"),
                what,
                until: None,
            }
        }
    })
}

fn elapsed(since: Option<Timestamp>, time: Period, now: Timestamp, what: &str) -> Seen {
    let Some(since) = since else {
        return Seen::Never("the record does not say when traffic moved".to_owned());
    };
    let until = later(since, time);
    if now >= until {
        return Seen::Holds;
    }
    Seen::NotYet { fails: what.to_owned(), what: what.to_owned(), until: Some(until) }
}

/// The bake counts from when traffic moved, or from when its alarm first had evidence after that: no evidence is none. That
/// the alarm did not speak meanwhile is what is watched all the time.
async fn baked(
    context: &Context<'_>,
    role: &str,
    slot: Slot,
    time: Period,
    state: &RoleState,
) -> Result<Seen, RunError> {
    match alarm_ok(context, role, slot, state).await? {
        Seen::Holds => {
            let name = context.stack_name(&format!("{role}-{slot}"));
            let alarms = context.cloud.alarms(std::slice::from_ref(&name)).await?;
            let evidence = alarms.first().map(|alarm| alarm.since);
            let since = state.moved_at().map(|moved| evidence.map_or(moved, |evidence| moved.max(evidence)));
            Ok(elapsed(since, time, context.cloud.now(), "bake"))
        }
        other => Ok(other),
    }
}

fn approval(context: &Context<'_>, state: &RoleState, within: Period, now: Timestamp) -> Seen {
    let until = state.record.at.map(|at| later(at, within));
    match until {
        Some(until) if now > until => {
            Seen::Never(format!("the approval was due by {}", context.zone.told(until)))
        }
        _ if context.approved.swap(false, Ordering::Relaxed) => Seen::Holds,
        _ => {
            let what = "a person's approval".to_owned();
            Seen::NotYet { fails: what.clone(), what, until: None }
        }
    }
}

fn in_window(context: &Context<'_>, window: &PlannedWindow, needs: Period) -> Seen {
    let now = context.cloud.now();
    if context.outside_window || window.admits(now, needs) {
        return Seen::Holds;
    }
    let what = format!("the maintenance window: {}", window.refusal(now, needs));
    Seen::NotYet { fails: what.clone(), what, until: None }
}

/// That much later, or the end of time.
fn later(from: Timestamp, by: Period) -> Timestamp {
    let seconds = i64::try_from(by.as_seconds()).unwrap_or(i64::MAX);
    from.checked_add(jiff::SignedDuration::from_secs(seconds)).unwrap_or(Timestamp::MAX)
}
