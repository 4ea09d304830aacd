//! A phase: gates, then moves of stack parameters, then watching.

use indexmap::IndexMap;
use serde::Serialize;

use crate::model::{Criterion, Period, Slot};
use crate::stacks::names;

use super::window::PlannedWindow;

/// One phase of a rollout.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Phase {
    /// Unique in its rollout: `provision`, `shift-10`, `hold`.
    pub name: String,
    /// What a person reads: `10 % of everyone to green`.
    pub title: String,
    /// What must hold before anything moves, in order.
    pub gates: Vec<Gate>,
    /// What must hold before the last of its moves, in order: the moves before that one set sizes, which take time.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub ready: Vec<Gate>,
    /// What moves, in order.
    pub moves: Vec<Move>,
    /// What must hold after it, in order.
    pub proofs: Vec<Gate>,
    /// What takes it back.
    pub back: String,
}

/// One change set: parameters of one stack.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Move {
    /// Key of the stack.
    pub stack: String,
    /// Parameter to what it becomes; every other parameter keeps its value.
    pub parameters: IndexMap<String, Moved>,
    /// For a traffic move: watched by CloudFormation, which takes it back on an alarm.
    pub bake: Option<WatchedBake>,
}

/// What a parameter becomes. Sizes are settled when the phase starts, from what is seen then.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Moved {
    /// This text.
    To(String),
    /// As many as carry everyone now, at least this many.
    LiveSize {
        /// At least.
        least: u32,
    },
    /// The record of this phase.
    Record,
    /// What an output of another stack is by then.
    Output {
        /// Key of the stack.
        stack: String,
        /// Name of the output.
        output: String,
    },
}

/// A bake of up to 180 minutes that CloudFormation watches.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct WatchedBake {
    /// How long.
    pub time: Period,
    /// The slot whose composite alarm takes the step back.
    pub slot: Slot,
    /// What must hold besides the slot's critical alarms.
    pub criteria: Vec<Criterion>,
}

/// Something that must hold. No evidence is never a pass.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase", tag = "gate")]
pub enum Gate {
    /// Enough targets of the slot are healthy.
    Healthy {
        /// The slot.
        slot: Slot,
        /// At least so many.
        least: u32,
        /// And as many as the live group wants.
        match_live: bool,
    },
    /// The listener rules send everyone so.
    Weights {
        /// Blue's share.
        blue: u32,
        /// Green's share.
        green: u32,
    },
    /// The slot's composite alarm exists and is OK.
    AlarmOk {
        /// The slot.
        slot: Slot,
    },
    /// The slot that users would go back to still has its instances.
    WayBack {
        /// The slot.
        slot: Slot,
    },
    /// No zonal shift is active: both slots have what they show.
    Zones,
    /// The slot has no instances.
    Empty {
        /// The slot.
        slot: Slot,
    },
    /// So long since traffic moved, and the slot's composite alarm not in ALARM meanwhile.
    Baked {
        /// How long.
        time: Period,
        /// The slot.
        slot: Slot,
        /// CloudFormation watches it as part of the move before: this only sees that it has.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        watched: bool,
    },
    /// So long since traffic moved.
    Held {
        /// How long.
        time: Period,
    },
    /// The slot has had no weight for so long.
    Drained {
        /// The slot.
        slot: Slot,
        /// Longer than its deregistration delay and two minutes.
        time: Period,
    },
    /// It is inside the maintenance window, with enough of it left.
    Window {
        /// The window.
        window: PlannedWindow,
        /// What the phase takes, its bake and its way back included.
        needs: Period,
    },
    /// A person says go.
    Approval {
        /// Within so long of the phase before; `None` where there is none before it that a record tells of.
        within: Option<Period>,
        /// What comes of it where nobody does.
        missed: Missed,
    },
}

/// What becomes of a rollout that nobody approves in time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Missed {
    /// The next run takes it back.
    GoesBack,
    /// A person is asked again: everyone has moved, or nobody has.
    AsksAgain,
}

impl Gate {
    /// It is passed by waiting or by a person, maybe days later: apply ends there and a later run goes on.
    pub fn may_take_days(&self) -> bool {
        matches!(
            self,
            Self::Zones
                | Self::Baked { .. }
                | Self::Held { .. }
                | Self::Approval { .. }
                | Self::Window { .. }
        )
    }
}

impl Move {
    /// It moves weights.
    pub fn moves_traffic(&self) -> bool {
        self.parameters
            .keys()
            .any(|name| Slot::ALL.into_iter().any(|slot| name.ends_with(&names::weight(slot))))
    }

    /// It is about traffic and its record alone.
    pub fn is_traffic(&self) -> bool {
        let record =
            |(name, value): (&String, &Moved)| name == names::STICKINESS_SECONDS || *value == Moved::Record;
        self.moves_traffic() || self.parameters.iter().all(record)
    }
}

impl Phase {
    /// It moves what users reach.
    pub fn moves_traffic(&self) -> bool {
        self.moves.iter().any(Move::moves_traffic)
    }
}
