//! What is seen of a role before anything is decided: weights as the listener rules have them, sizes, health.

use jiff::Timestamp;
use serde::Serialize;

use crate::model::Slot;

use super::Record;

/// A role as it is deployed and as it is seen.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RoleState {
    /// Its name.
    pub role: String,
    /// The record as deployed.
    pub record: Record,
    /// The first slot.
    pub blue: SlotState,
    /// The second slot.
    pub green: SlotState,
    /// Where the listener rules disagree with the stack's parameters, each a sentence.
    pub drift: Vec<String>,
    /// The stack itself says other weights than the record in it: another tool moved them, and `drift` tells of it.
    #[serde(skip)]
    pub misplaced: bool,
    /// When the listener rules were last changed, or the traffic stack where that is not told.
    pub moved: Option<Timestamp>,
    /// An update of the traffic stack is running (or baking), or in place the slot's own.
    pub busy: bool,
    /// The last update of that stack was taken back by CloudFormation.
    pub taken_back: bool,
}

/// A slot as it is deployed and as it is seen.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SlotState {
    /// Its stack exists.
    pub deployed: bool,
    /// Share of everyone's requests, as the listener rules have it, 0 to 100.
    pub weight: u32,
    /// The AMI its instances launch from.
    pub image: Option<String>,
    /// The group's minimum.
    pub min: u32,
    /// The group's maximum.
    pub max: u32,
    /// How many instances the group wants now.
    pub desired: u32,
    /// How many targets are healthy.
    pub healthy: u32,
    /// How many targets a zonal shift keeps requests from.
    #[serde(skip_serializing_if = "is_none")]
    pub shifted: u32,
    /// Its stack says that it is empty, and its group may launch instances: somebody changed the group by hand.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub refilled: bool,
}

fn is_none(number: &u32) -> bool {
    *number == 0
}

impl SlotState {
    /// It runs instances, or is about to: what it launches is held as deployed.
    pub fn is_occupied(&self) -> bool {
        self.desired > 0 || self.min > 0
    }
}

impl RoleState {
    /// A role that is not deployed yet.
    pub fn absent(role: &str) -> Self {
        Self {
            role: role.to_owned(),
            record: Record::default(),
            blue: SlotState::default(),
            green: SlotState::default(),
            drift: Vec::new(),
            misplaced: false,
            moved: None,
            busy: false,
            taken_back: false,
        }
    }

    /// That slot.
    pub fn slot(&self, slot: Slot) -> &SlotState {
        match slot {
            Slot::Blue => &self.blue,
            Slot::Green => &self.green,
        }
    }

    /// The slot that users are on. With all weight on one slot, that one, whatever the record says; with weight on
    /// both, the one that the record says they go back to.
    pub fn live(&self) -> Option<Slot> {
        if self.record.is_before_first() {
            return None;
        }
        match (self.blue.weight, self.green.weight) {
            (weight, 0) if weight > 0 => Some(Slot::Blue),
            (0, weight) if weight > 0 => Some(Slot::Green),
            _ => self.record.live(),
        }
    }

    /// The slot that users are not on has instances, though no rollout has moved traffic: one is being provisioned,
    /// or one was taken back and not cleaned up.
    pub fn candidate_is_filling(&self) -> bool {
        !self.record.in_progress() && self.live().is_some() && self.slot(self.candidate()).is_occupied()
    }

    /// A zonal shift is active: an Availability Zone gets no requests, so that both slots have less than they show.
    pub fn is_shifted(&self) -> bool {
        Slot::ALL.into_iter().any(|slot| self.slot(slot).shifted > 0)
    }

    /// When traffic was last moved: by the record, or by whoever changed the rules since.
    pub fn moved_at(&self) -> Option<Timestamp> {
        self.record.at.max(self.moved)
    }

    /// Why the rollout that was begun can only go back, whoever runs next: CloudFormation took a step back and so
    /// restored no more than the step before, or a rollback broke off.
    pub fn must_go_back(&self) -> Option<&'static str> {
        if self.record.phase == Record::ROLLING_BACK {
            Some("a rollback was begun and is not finished")
        } else if self.taken_back && (self.record.in_progress() || self.candidate_is_filling()) {
            Some("CloudFormation took its last step back")
        } else {
            None
        }
    }

    /// How many instances carry everyone: as many as the slots that have weight want now, the larger of them. A group that
    /// has grown since it got everyone needs as many on the way back.
    pub fn carried(&self) -> u32 {
        let carrying = Slot::ALL.into_iter().filter(|slot| self.slot(*slot).weight > 0);
        carrying.map(|slot| self.slot(slot).desired).max().unwrap_or(0)
    }

    /// Where the next release goes: the slot that users are not on; blue for the first release.
    pub fn candidate(&self) -> Slot {
        self.live().map_or(Slot::Blue, Slot::other)
    }
}
