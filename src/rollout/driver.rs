//! Runs a script of phases against a cloud: does what the machine says, tells it what came of it.

use std::sync::atomic::Ordering;
use std::time::Duration;

use async_trait::async_trait;

use crate::cfn::{ResourceChange, Stack};
use crate::cloud::CloudError;
use crate::model::Slot;
use crate::plan::{Gate, Move, Phase, REFILL, RESTORE, ROLLBACK, Record, VERIFY};
use crate::stacks::names;

use super::change::{self, Look, Outcome, Prepared};
use super::context::{Context, RunError};
use super::follow::stable_stack;
use super::gates::{self, Sight};
use super::hand;
use super::machine::{Effect, Event, Failure, Part, Place, State, next};
use super::moves::{self, Errand};
use super::observe::{observe, observe_what_can_be};
use super::observer::Progress;
use super::picture::ObservedRole;
use super::watch::{Condition, Vigil};

/// A slot that is filled again has instances in service after this, also where nobody can see them: two to three minutes
/// to start, up to one to register (requirements, section 5.1), and as much again.
const FILLED_WITHIN: Duration = Duration::from_secs(6 * 60);

/// A role's phases, and what each of their moves is predicted to change.
#[derive(Debug, Clone)]
pub struct Script {
    /// In order.
    pub phases: Vec<Phase>,
    /// By phase and move; absent where only the guard of traffic moves applies, as in a rollback.
    pub predicted: Vec<Vec<Vec<ResourceChange>>>,
    /// Index of the phase to start with.
    pub start: usize,
    /// The way back: what only makes it better informed is told where it cannot be read, and does not stop it.
    pub back: bool,
    /// Stop after the first phase that changes something: those that an earlier run did are passed on the way.
    pub next_only: bool,
    /// The slot that is watched from when traffic has moved; `None` on a way back.
    pub watch: Option<Slot>,
    /// The record that it was made from: under another one somebody else is at it. `None` on a way back, which goes on from
    /// wherever it stands.
    pub record: Option<Record>,
}

impl Script {
    /// A way back whose slot has enough to go to, though filling the rest of it has failed: nothing waits for that.
    fn may_pass(&self, state: &State) -> bool {
        let State::At(place) = state else { return false };
        let name = |phase: usize| self.phases.get(phase).map(|phase| phase.name.as_str());
        self.back && name(place.phase) == Some(REFILL) && name(place.phase + 1) == Some(ROLLBACK)
    }

    fn prediction(&self, phase: usize, step: usize) -> Option<&[ResourceChange]> {
        self.predicted.get(phase)?.get(step).map(Vec::as_slice)
    }
}

/// Runs a script to where it ends, waits or fails. `seen` is what was seen just now, which the first of it is judged by.
///
/// # Errors
/// When a call does not succeed or the person cancels: nothing is taken back for that, and a later run goes on.
pub async fn run(
    context: &Context<'_>,
    errand: &Errand,
    script: &Script,
    seen: Option<ObservedRole>,
) -> Result<State, RunError> {
    let mut seen = seen;
    run_seeing(context, errand, script, &mut seen).await
}

/// The same, and gives what was seen last, where nothing was changed or waited for since.
///
/// # Errors
/// As of [`run`].
pub async fn run_seeing(
    context: &Context<'_>,
    errand: &Errand,
    script: &Script,
    seen: &mut Option<ObservedRole>,
) -> Result<State, RunError> {
    let mut state = State::At(Place { phase: script.start, part: Part::Gate(0) });
    let (mut event, mut last) = (Event::Start, None);
    let mut sight = Sight { seen: seen.take(), record: script.record.clone() };
    loop {
        if let (true, Event::Moved, State::At(place)) = (script.next_only, &event, &state) {
            last = Some(place.phase);
        }
        let (after, effects) = next(&script.phases, &state, event, last);
        state = after;
        let mut outcome = None;
        for effect in effects {
            let happened = match perform(context, errand, script, effect.clone(), &mut sight).await {
                Err(RunError::Cloud(error)) if script.back => {
                    blindly(context, script, &state, &effect, error).await?
                }
                happened => happened?,
            };
            outcome = happened.or(outcome);
        }
        match outcome {
            Some(Event::Failed(failure)) if script.may_pass(&state) => {
                context.tell(&Progress::Unread { what: "filling the slot", why: failure.reason() });
                event = Event::Passed;
            }
            Some(happened) => event = happened,
            None => {
                context.deliver().await;
                *seen = sight.seen;
                return Ok(state);
            }
        }
    }
}

/// What becomes of a way back where a look or a call did not succeed. What cannot be proven is told, and nothing waits for
/// it; a slot that was just filled gets the time that instances take. What comes after everyone is back may fail.
async fn blindly(
    context: &Context<'_>,
    script: &Script,
    state: &State,
    effect: &Effect,
    error: CloudError,
) -> Result<Option<Event>, RunError> {
    let phase = match state {
        State::At(place) => script.phases.get(place.phase),
        _ => None,
    };
    let after =
        phase.is_some_and(|phase| ![REFILL, RESTORE, VERIFY, ROLLBACK].contains(&phase.name.as_str()));
    let why = error.to_string();
    match effect {
        _ if after => Ok(Some(Event::Failed(Failure::Gate(why)))),
        Effect::Check(gate) => {
            context.tell(&Progress::Unread { what: "what proves it", why: &why });
            if matches!(gate, Gate::Healthy { .. }) {
                context.sleep(FILLED_WITHIN).await?;
            }
            Ok(Some(Event::Passed))
        }
        _ => Err(error.into()),
    }
}

async fn perform(
    context: &Context<'_>,
    errand: &Errand,
    script: &Script,
    effect: Effect,
    sight: &mut Sight,
) -> Result<Option<Event>, RunError> {
    match effect {
        Effect::Begin(index) => announce(context, errand, script, index).await,
        Effect::End(index) => {
            if let Some(phase) = script.phases.get(index) {
                let at = context.cloud.now();
                context.tell(&Progress::PhaseDone { role: &errand.role, phase, at });
                context.publish(&format!("{} {}: done", errand.role, phase.name), &phase.title);
            }
            Ok(None)
        }
        Effect::Check(gate) => {
            Ok(Some(gates::check(context, &errand.role, &gate, script.watch, sight).await?))
        }
        Effect::Make { phase, step } => {
            let prediction = script.prediction(phase, step);
            let Some(phase) = script.phases.get(phase) else { return Ok(None) };
            let Some(step) = phase.moves.get(step) else { return Ok(None) };
            let watched = (prediction, script.watch);
            Ok(Some(make(context, errand, phase, step, watched, script.back, sight).await?))
        }
    }
}

async fn announce(
    context: &Context<'_>,
    errand: &Errand,
    script: &Script,
    index: usize,
) -> Result<Option<Event>, RunError> {
    if let Some(phase) = script.phases.get(index) {
        let (number, of) = (index + 1, script.phases.len());
        context.tell(&Progress::Phase { role: &errand.role, number, of, phase });
        context.publish(&format!("{} {}: begins", errand.role, phase.name), &phase.title);
    }
    Ok(None)
}

async fn make(
    context: &Context<'_>,
    errand: &Errand,
    phase: &Phase,
    step: &Move,
    (prediction, watched): (Option<&[ResourceChange]>, Option<Slot>),
    back: bool,
    sight: &mut Sight,
) -> Result<Event, RunError> {
    let name = context.stack_name(&step.stack);
    let kept = sight.seen.take();
    let described = kept.as_ref().and_then(|seen| seen.stack(&name)).filter(|it| !it.status.is_busy());
    let stack = match described {
        Some(stack) => Some(stack.clone()),
        None => stable_stack(context, &name).await?,
    };
    let Some(stack) = stack else {
        return Ok(Event::Failed(Failure::Refused(format!("stack {name} does not exist"))));
    };
    let seen = match kept {
        Some(seen) => seen,
        None => seen(context, &errand.role, back).await?,
    };
    if sight.record.as_ref().is_some_and(|record| !record.is_of_step(&seen.state.record)) {
        return Err(hand::overtaken(context, &context.stack_name(&format!("{}-traffic", errand.role))).await);
    }
    let values = moves::settle_values(context, errand, phase, step, &seen.state).await?;
    if moves::is_there(&stack, &values, phase) {
        context.tell(&Progress::Unchanged { stack: &name });
        sight.seen = Some(seen);
        return Ok(Event::Passed);
    }
    let request = moves::request(context, errand, phase, step, &stack, &values).await?;
    if let (Some(bake), true) = (&step.bake, request.rollback_configuration.triggers.is_empty()) {
        let reason =
            format!("nothing would watch: the alarms stack tells of no composite alarm of {}", bake.slot);
        return Ok(Event::Failed(Failure::Refused(reason)));
    }
    let traffic = step.is_traffic() && step.stack.ends_with("-traffic");
    let judge = move |changes: &[ResourceChange]| {
        if traffic {
            moves::judge_traffic(changes)?;
        }
        prediction.map_or(Ok(()), |predicted| moves::judge_predicted(predicted, changes))
    };
    let set = match change::prepare(context, &request, &judge).await? {
        Prepared::Unchanged => {
            context.tell(&Progress::Unchanged { stack: &name });
            return Ok(Event::Passed);
        }
        Prepared::Refused(reason) => return Ok(Event::Failed(Failure::Refused(reason))),
        Prepared::Ready(set) => set,
    };
    // A change set from before theirs is gone with it, and one from after it would undo it.
    if !back && let Some(overtaken) = hand::moved_since(context, &stack).await? {
        change::discard(context, &set, false).await?;
        return Err(overtaken);
    }
    // What a person agreed to was what stood before this.
    context.approved.store(false, Ordering::Relaxed);
    let last = change::execute(context, &request, &set).await?;
    let vigil = Vigil::over(watched);
    let mut watch = Watch { role: &errand.role, phase, baking: step.bake.is_some(), vigil };
    Ok(match change::settle(context, &name, last, &mut watch).await? {
        Outcome::Done | Outcome::Unchanged => {
            let written = values.get(names::ROLLOUT_RECORD).and_then(|text| Record::parse(text));
            sight.record = sight.record.take().map(|record| written.unwrap_or(record));
            Event::Moved
        }
        Outcome::Failed(failure) => Event::Failed(failure),
    })
}

/// The role as it is; on the way back as much of it as can be read.
async fn seen(context: &Context<'_>, role: &str, back: bool) -> Result<ObservedRole, RunError> {
    Ok(match back {
        true => observe_what_can_be(context.cloud, context.prefix, role).await?.0,
        false => observe(context.cloud, context.prefix, role).await?,
    })
}

/// Shows weights and health while CloudFormation watches a bake.
struct Watch<'a> {
    role: &'a str,
    phase: &'a Phase,
    baking: bool,
    vigil: Vigil,
}

#[async_trait]
impl Look for Watch<'_> {
    async fn look(&mut self, context: &Context<'_>, stack: &Stack) -> Result<Option<Failure>, RunError> {
        if !self.baking {
            return Ok(None);
        }
        let state = observe(context.cloud, context.prefix, self.role).await?.state;
        let minutes = i64::try_from(stack.rollback_configuration.monitoring_minutes).unwrap_or(0);
        let until = stack
            .updated
            .and_then(|updated| updated.checked_add(jiff::SignedDuration::from_mins(minutes)).ok());
        let what = format!("{} bakes", self.phase.name);
        let now = context.cloud.now();
        context.tell(&Progress::Waiting { what, until, now, state: Some(&state) });
        // An alarm is CloudFormation's, which takes the step back at once; health is told by no alarm that it watches.
        Ok(match self.vigil.look(context, &state).await? {
            Condition::Failed(failure @ Failure::Health(_)) => Some(failure),
            _ => None,
        })
    }
}
