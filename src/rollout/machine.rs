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
    /// After it.
    Proof(usize),
}

/// Why a script failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failure {
    /// A gate or proof did not hold.
    Gate(String),
    /// CloudFormation took the change back: an alarm, or a resource that failed.
    TakenBack(String),
    /// The change set was not executed: what it would do is not what was planned, or it could not be made.
    Refused(String),
}

impl Failure {
    /// In words.
    pub fn reason(&self) -> &str {
        match self {
            Self::Gate(reason) | Self::TakenBack(reason) | Self::Refused(reason) => reason,
        }
    }
}

/// What came of an effect.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// Begin, or go on.
    Start,
    /// The gate or proof holds.
    Passed,
    /// It may hold later; this run does not wait for it.
    NotYet {
        /// What it waits for, in words.
        what: String,
        /// Until when, where that is known.
        until: Option<Timestamp>,
    },
    /// The change set was executed and its stack is stable, or there was nothing to change.
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
        Part::Proof(index) => Part::Proof(index + 1),
    };
    Place { phase: place.phase, part }
}

fn gate_at(script: &[Phase], place: Place) -> Option<Gate> {
    let phase = script.get(place.phase)?;
    match place.part {
        Part::Gate(index) => phase.gates.get(index).cloned(),
        Part::Proof(index) => phase.proofs.get(index).cloned(),
        Part::Move(_) => None,
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
        if place.part == Part::Gate(0) && only.is_some_and(|last| place.phase > last) {
            return (State::Stopped { phase: place.phase }, effects);
        }
        match place.part {
            Part::Gate(index) => {
                if index == 0 {
                    effects.push(Effect::Begin(place.phase));
                }
                if let Some(gate) = phase.gates.get(index) {
                    effects.push(Effect::Check(gate.clone()));
                    return (State::At(place), effects);
                }
                place.part = Part::Move(0);
            }
            Part::Move(step) => {
                if step < phase.moves.len() {
                    effects.push(Effect::Make { phase: place.phase, step });
                    return (State::At(place), effects);
                }
                place.part = Part::Proof(0);
            }
            Part::Proof(index) => {
                if let Some(proof) = phase.proofs.get(index) {
                    effects.push(Effect::Check(proof.clone()));
                    return (State::At(place), effects);
                }
                effects.push(Effect::End(place.phase));
                place = Place { phase: place.phase + 1, part: Part::Gate(0) };
            }
        }
    }
}
