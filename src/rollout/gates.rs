//! What must hold, looked at in the account until it does. What was seen is judged elsewhere.

use std::sync::atomic::Ordering;
use std::time::Duration;

use jiff::Timestamp;

use crate::cloud::{AlarmState, AlarmValue};
use crate::model::{Period, Slot};
use crate::plan::{Gate, Record, RoleState};

use super::context::{Context, RunError};
use super::evidence::{Answer, Evidence, judge, later};
use super::machine::{Event, Failure};
use super::observe::observe;
use super::observer::Progress;
use super::picture::ObservedRole;
use super::watch::{Condition, Vigil};

/// Longest wait for a slot's targets to be healthy, or for its alarm to have evidence. Instances take two to three
/// minutes to start and targets up to one to register (requirements, section 5.1).
pub(super) const PATIENCE: Period = Period::minutes(15);
/// Between looks.
const POLL: Duration = Duration::from_secs(15);
/// Longest time between looks at a slot that is watched.
const WATCH: Duration = Duration::from_secs(300);
/// The listener rules follow their stack within seconds.
const WEIGHTS_PATIENCE: Period = Period::minutes(1);

/// Looks until the gate holds, can no longer hold, or needs longer than this run waits.
///
/// # Errors
/// When a call does not succeed or the person cancels.
pub(super) async fn check(
    context: &Context<'_>,
    role: &str,
    gate: &Gate,
    watched: Option<Slot>,
    sight: &mut Sight,
) -> Result<Event, RunError> {
    let mut vigil = Vigil::over(watched);
    let patience = if matches!(gate, Gate::Weights { .. }) { WEIGHTS_PATIENCE } else { PATIENCE };
    let deadline = later(context.cloud.now(), patience);
    loop {
        let kept = sight.seen.take();
        let watched_already = kept.is_some();
        let seen = match kept {
            Some(seen) => seen,
            None => observe(context.cloud, context.prefix, role).await?,
        };
        let state = &seen.state;
        match if watched_already { Condition::Well } else { vigil.look(context, state).await? } {
            Condition::Well => {}
            Condition::Failed(failure) => return Ok(Event::Failed(failure)),
            Condition::Unwell(what) => {
                let now = context.cloud.now();
                context.tell(&Progress::Waiting { what, until: None, now, state: Some(state) });
                context.sleep(POLL).await?;
                continue;
            }
        }
        let (what, until, fails) = match judge(gate, &look(context, role, gate, state).await?) {
            Answer::Holds => {
                if matches!(gate, Gate::Approval { .. }) {
                    // Good for one.
                    context.approved.store(false, Ordering::Relaxed);
                }
                sight.seen = Some(seen);
                return Ok(Event::Passed);
            }
            Answer::Fails(reason) if matches!(gate, Gate::Baked { .. }) => {
                return Ok(Event::Failed(Failure::Alarm(reason)));
            }
            Answer::Fails(reason) => return Ok(Event::Failed(Failure::Gate(reason))),
            Answer::NotYet { what, until, fails } => (what, until, fails),
        };
        let now = context.cloud.now();
        match until {
            Some(until) if until > later(now, context.patience) => {
                return Ok(Event::NotYet { what, until: Some(until) });
            }
            Some(until) => wait_until(context, &what, until, state, vigil.is_kept()).await?,
            None if gate.may_take_days() => return Ok(Event::NotYet { what, until: None }),
            None if now >= deadline => return Ok(Event::Failed(Failure::Gate(fails))),
            None => {
                context.tell(&Progress::Waiting { what, until: None, now, state: Some(state) });
                context.sleep(POLL).await?;
            }
        }
    }
}

/// What a run knows of its role.
#[derive(Debug, Default)]
pub(super) struct Sight {
    /// What was seen last, and found well: good until something is changed or waited for. Gates that are looked at one
    /// after another judge by one picture, and so does the move after them.
    pub(super) seen: Option<ObservedRole>,
    /// The record as this run found or left it: another one is somebody else's. `None` where any will do.
    pub(super) record: Option<Record>,
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
    // looked at every five minutes; where nothing is, five minutes are slept through.
    let longest = Duration::from_secs(60).max(left / 30);
    let longest = if watching { longest.min(WATCH) } else { longest.max(left.min(WATCH)) };
    context.sleep(left.clamp(Duration::from_secs(1), longest)).await
}

/// What a gate is judged by. Alarms are asked for only where they count.
async fn look<'a>(
    context: &'a Context<'_>,
    role: &str,
    gate: &Gate,
    state: &'a RoleState,
) -> Result<Evidence<'a>, RunError> {
    let (alarm, silent) = match gate {
        Gate::AlarmOk { slot } | Gate::Baked { slot, .. } => alarm_of(context, role, *slot).await?,
        _ => (None, Vec::new()),
    };
    Ok(Evidence {
        state,
        alarm,
        silent,
        approved: context.approved.load(Ordering::Relaxed),
        outside_window: context.outside_window,
        prefix: context.prefix,
        zone: context.zone,
        now: context.cloud.now(),
    })
}

/// The slot's composite alarm, and those of the alarms it follows that have no data: its own state does not tell of them.
async fn alarm_of(
    context: &Context<'_>,
    role: &str,
    slot: Slot,
) -> Result<(Option<AlarmState>, Vec<String>), RunError> {
    let name = context.stack_name(&format!("{role}-{slot}"));
    let alarm = context.cloud.alarms(&[name]).await?.into_iter().next();
    let follows = alarm.as_ref().map(|alarm| alarm.follows.clone()).unwrap_or_default();
    let below = if follows.is_empty() { Vec::new() } else { context.cloud.alarms(&follows).await? };
    let silent = below.into_iter().filter(|alarm| alarm.value == AlarmValue::InsufficientData);
    Ok((alarm, silent.map(|alarm| alarm.name).collect()))
}
