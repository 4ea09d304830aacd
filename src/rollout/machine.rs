//! The rollout as a state machine: `next(state, event)` gives the state after it and what to do. Pure; the driver does
//! what it says and tells it what came of it.

use jiff::Timestamp;

use crate::plan::{Gate, Phase};

/// Where a script of phases stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    /// At this phase, at this part of it.
    At(Place),
    /// It waits for time or a person, maybe for days; a later run goes on from here.
    Waiting {
        /// Index of the phase that waits to start.
        phase: usize,
        /// What it waits for.
        gate: Gate,
        /// In words.
        what: String,
        /// Until when, where that is known.
        until: Option<Timestamp>,
    },
    /// It ended before the end because that was asked for.
    Stopped {
        /// Index of the phase that would be next.
        phase: usize,
    },
    /// Every phase is done.
    Complete,
    /// It failed; whoever asked decides about the way back.
    Failed {
        /// Index of the phase that failed.
        phase: usize,
        /// Why.
        failure: Failure,
    },
}

/// A part of a phase.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// Index of the phase.
    pub phase: usize,
    /// Which part.
    pub part: Part,
}

/// Parts of a phase, in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// Before it.
    Gate(usize),
    /// The change set.
    Move(usize),
    /// Before the last change set.
    Ready(usize),
    /// The last change set, where something must hold before it.
    LastMove,
    /// After it.
    Proof(usize),
}

/// Why a script failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failure {
    /// A gate or proof did not hold.
    Gate(String),
    /// An alarm of the new slot spoke since traffic moved.
    Alarm(String),
    /// The new slot's targets are not healthy.
    Health(String),
    /// CloudFormation took the change back: an alarm, or a resource that failed.
    TakenBack(String),
    /// The change set was not executed: what it would do is not what was planned, or it could not be made.
    Refused(String),
}

impl Failure {
    /// In words.
    pub fn reason(&self) -> &str {
        match self {
            Self::Gate(reason)
            | Self::Alarm(reason)
            | Self::Health(reason)
            | Self::TakenBack(reason)
            | Self::Refused(reason) => reason,
        }
    }
}

/// What came of an effect.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// Begin, or go on.
    Start,
    /// The gate or proof holds, or there was nothing to change.
    Passed,
    /// It may hold later; this run does not wait for it.
    NotYet {
        /// What it waits for, in words.
        what: String,
        /// Until when, where that is known.
        until: Option<Timestamp>,
    },
    /// The change set was executed and its stack is stable.
    Moved,
    /// It did not work.
    Failed(Failure),
}

/// What the driver is to do.
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    /// See whether this holds.
    Check(Gate),
    /// Make and execute this phase's move of that index.
    Make {
        /// Index of the phase.
        phase: usize,
        /// Index of the move.
        step: usize,
    },
    /// Say that a phase begins.
    Begin(usize),
    /// Say that a phase is done.
    End(usize),
}

/// The state after an event, and what to do.
pub fn next(script: &[Phase], state: &State, event: Event, only: Option<usize>) -> (State, Vec<Effect>) {
    let State::At(place) = state else { return (state.clone(), Vec::new()) };
    match event {
        Event::Start => settle(script, *place, only, Vec::new()),
        Event::Passed | Event::Moved => settle(script, after(*place), only, Vec::new()),
        Event::NotYet { what, until } => match gate_at(script, *place) {
            Some(gate) => (State::Waiting { phase: place.phase, gate, what, until }, Vec::new()),
            None => (state.clone(), Vec::new()),
        },
        Event::Failed(failure) => (State::Failed { phase: place.phase, failure }, Vec::new()),
    }
}

const fn after(place: Place) -> Place {
    let part = match place.part {
        Part::Gate(index) => Part::Gate(index + 1),
        Part::Move(index) => Part::Move(index + 1),
        Part::Ready(index) => Part::Ready(index + 1),
        Part::LastMove => Part::Proof(0),
        Part::Proof(index) => Part::Proof(index + 1),
    };
    Place { phase: place.phase, part }
}

fn gate_at(script: &[Phase], place: Place) -> Option<Gate> {
    let phase = script.get(place.phase)?;
    match place.part {
        Part::Gate(index) => phase.gates.get(index).cloned(),
        Part::Proof(index) => phase.proofs.get(index).cloned(),
        Part::Ready(index) => phase.ready.get(index).cloned(),
        Part::Move(_) | Part::LastMove => None,
    }
}

/// Walks over what is empty until there is something to do.
fn settle(
    script: &[Phase],
    mut place: Place,
    only: Option<usize>,
    mut effects: Vec<Effect>,
) -> (State, Vec<Effect>) {
    loop {
        let Some(phase) = script.get(place.phase) else { return (State::Complete, effects) };
        if place.part == Part::Gate(0) {
            if only.is_some_and(|last| place.phase > last) {
                return (State::Stopped { phase: place.phase }, effects);
            }
            effects.push(Effect::Begin(place.phase));
        }
        match step(phase, place) {
            Step::Do(effect) => {
                effects.push(effect);
                return (State::At(place), effects);
            }
            Step::Go(part) => place.part = part,
            Step::Over => {
                effects.push(Effect::End(place.phase));
                place = Place { phase: place.phase + 1, part: Part::Gate(0) };
            }
        }
    }
}

/// What a part of a phase is.
enum Step {
    /// Something to do.
    Do(Effect),
    /// Nothing: this part is next.
    Go(Part),
    /// The end of the phase.
    Over,
}

fn step(phase: &Phase, place: Place) -> Step {
    let check = |gate: Option<&Gate>, otherwise: Step| {
        gate.map_or(otherwise, |gate| Step::Do(Effect::Check(gate.clone())))
    };
    let make = |step: usize| Step::Do(Effect::Make { phase: place.phase, step });
    let last = phase.moves.len().checked_sub(1);
    match place.part {
        Part::Gate(index) => check(phase.gates.get(index), Step::Go(Part::Move(0))),
        Part::Move(index) if Some(index) == last && !phase.ready.is_empty() => Step::Go(Part::Ready(0)),
        Part::Move(index) if index < phase.moves.len() => make(index),
        Part::Move(_) => Step::Go(Part::Proof(0)),
        Part::Ready(index) => check(phase.ready.get(index), Step::Go(Part::LastMove)),
        Part::LastMove => last.map_or(Step::Go(Part::Proof(0)), make),
        Part::Proof(index) => check(phase.proofs.get(index), Step::Over),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Slot;
    use crate::plan::Move;

    #[test]
    fn what_must_be_ready_is_looked_at_after_the_sizes_and_before_the_traffic() {
        let gate = |slot| Gate::WayBack { slot };
        let of = |stack: &str| Move { stack: stack.to_owned(), parameters: Default::default(), bake: None };
        let phase = Phase {
            name: "shift-10".to_owned(),
            title: String::new(),
            gates: vec![gate(Slot::Blue)],
            ready: vec![gate(Slot::Green)],
            moves: vec![of("web-blue"), of("web-green"), of("web-traffic")],
            proofs: Vec::new(),
            back: String::new(),
        };
        let (mut state, mut event) = (State::At(Place { phase: 0, part: Part::Gate(0) }), Event::Start);
        let mut seen = Vec::new();
        while state != State::Complete {
            let (after, effects) = next(std::slice::from_ref(&phase), &state, event, None);
            seen.extend(effects);
            (state, event) = (after, Event::Passed);
        }
        let make = |step| Effect::Make { phase: 0, step };
        let expected = [
            Effect::Begin(0),
            Effect::Check(gate(Slot::Blue)),
            make(0),
            make(1),
            Effect::Check(gate(Slot::Green)),
            make(2),
            Effect::End(0),
        ];
        assert_eq!(seen, expected);
    }
}
