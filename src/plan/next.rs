//! Which phase is next, for a rollout that goes on from what is deployed alone.

use crate::stacks::names;

use super::phase::{Move, Moved, Phase};
use super::{RolePlan, SlotState};

impl RolePlan {
    /// Index of the first phase that still moves something; the last one when all is where it should be. Phases that
    /// move no traffic leave no mark in the record, so what is behind is told from the sizes of the slots.
    pub fn next_phase(&self) -> usize {
        let ahead = self.phases.iter().enumerate().skip(self.start);
        let mut to_do = ahead.filter(|(_, phase)| !phase.moves.is_empty() && !self.is_behind(phase));
        to_do.next().map_or_else(|| self.phases.len().saturating_sub(1), |(index, _)| index)
    }

    fn is_behind(&self, phase: &Phase) -> bool {
        phase.moves.iter().all(|step| self.is_there(step))
    }

    fn is_there(&self, step: &Move) -> bool {
        let slots = [&self.seen.blue, &self.seen.green];
        let slot = crate::model::Slot::ALL.iter().zip(slots).find_map(|(slot, seen)| {
            let stack = format!("{}-{slot}", self.role);
            (step.stack == stack).then_some(seen)
        });
        slot.is_some_and(|slot| step.parameters.iter().all(|(name, moved)| self.has(slot, name, moved)))
    }

    fn has(&self, slot: &SlotState, name: &str, moved: &Moved) -> bool {
        let live = self.seen.live().map_or(0, |live| self.seen.slot(live).desired);
        let value = match moved {
            Moved::To(text) => text.clone(),
            Moved::LiveSize { least } => live.max(*least).to_string(),
            Moved::Record => return false,
        };
        match name {
            names::IMAGE_ID => slot.image.as_ref() == Some(&value),
            names::MIN_SIZE => slot.min.to_string() == value,
            names::MAX_SIZE => slot.max.to_string() == value,
            // How instances are replaced matters only together with another image.
            names::UPDATE_MODE => true,
            _ => false,
        }
    }
}
