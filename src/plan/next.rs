//! Which phase is next, for a rollout that goes on from what is deployed alone.

use crate::model::Slot;
use crate::stacks::names;

use super::phase::{Moved, Phase};
use super::{RolePlan, SlotState};

impl RolePlan {
    /// Index of the first phase that still moves something; the last one when all is where it should be. Phases that
    /// move no traffic leave no mark in the record, so what is behind is told from the slots: images and sizes.
    pub fn next_phase(&self) -> usize {
        let ahead = self.phases.iter().enumerate().skip(self.start);
        let mut to_do = ahead.filter(|(_, phase)| !phase.moves.is_empty() && !self.is_behind(phase));
        to_do.next().map_or_else(|| self.phases.len().saturating_sub(1), |(index, _)| index)
    }

    /// What is not seen here, such as a port, is set on the way to the next phase: every run walks over the phases
    /// from the start, and finds most of it there.
    fn is_behind(&self, phase: &Phase) -> bool {
        phase.moves.iter().all(|step| {
            let slot = Slot::ALL.into_iter().find(|slot| step.stack == format!("{}-{slot}", self.role));
            let seen = slot.map(|slot| self.seen.slot(slot));
            step.parameters.iter().all(|(name, moved)| match (moved, seen) {
                (Moved::Record, _) => false,
                (_, Some(slot)) => self.has(slot, name, moved),
                (_, None) => true,
            })
        })
    }

    fn has(&self, slot: &SlotState, name: &str, moved: &Moved) -> bool {
        let live = self.seen.live().map_or(0, |live| self.seen.slot(live).desired);
        let value = match moved {
            Moved::To(text) => text.clone(),
            Moved::LiveSize { least } => live.max(*least).to_string(),
            Moved::Record | Moved::Output { .. } => return true,
        };
        match name {
            names::IMAGE_ID => slot.image.as_ref() == Some(&value),
            names::MIN_SIZE => slot.min.to_string() == value,
            names::MAX_SIZE => slot.max.to_string() == value,
            _ => true,
        }
    }
}
