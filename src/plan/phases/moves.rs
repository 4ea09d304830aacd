//! What a phase moves: the parameters of one stack, each with where its value comes from.

use indexmap::IndexMap;

use crate::model::{Cohort, Period, Slot};
use crate::stacks::names;

use super::super::phase::{Move, Moved};
use super::Builder;

impl Builder<'_> {
    /// The candidate's target group gets the spec's create-only properties; where they differ it is a new one, which
    /// the slot and its alarms then must know.
    pub(super) fn target_group(&self, to: Slot) -> Move {
        let wanted = &self.role.target_group;
        let values = [wanted.port.to_string(), wanted.protocol.clone(), wanted.protocol_version.clone()];
        let named = names::TARGET_GROUP_PROPERTIES.into_iter().zip(values);
        let parameters = named
            .map(|(property, value)| (names::target_group_property(to, property), Moved::To(value)))
            .collect();
        Move { stack: self.role.traffic_stack(), parameters, bake: None }
    }

    pub(super) fn alarms(&self, to: Slot) -> Move {
        let name = names::target_group_full_name(to);
        let parameters = IndexMap::from([(name.clone(), self.traffic_output(name))]);
        Move { stack: self.role.alarms_stack(), parameters, bake: None }
    }

    pub(super) fn record(&self) -> Move {
        Move {
            stack: self.role.traffic_stack(),
            parameters: IndexMap::from([(names::ROLLOUT_RECORD.to_owned(), Moved::Record)]),
            bake: None,
        }
    }

    /// The maximum goes with the minimum: the group that carries everyone may have grown, or the spec been edited, since the
    /// slot was filled, and a minimum above the maximum is refused.
    pub(super) fn pin(&self, slot: Slot) -> Move {
        let capacity = self.role.instances.capacity;
        let least = if slot == self.route.to { capacity.min } else { 0 };
        let sizes = [
            (names::MIN_SIZE, Moved::LiveSize { least }),
            (names::MAX_SIZE, Moved::LiveSize { least: capacity.max }),
        ];
        self.slot_move(slot, sizes)
    }

    pub(super) fn slot_move<const N: usize>(&self, slot: Slot, parameters: [(&str, Moved); N]) -> Move {
        let parameters = parameters.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        Move { stack: self.role.slot_stack(slot), parameters, bake: None }
    }

    pub(super) fn traffic(&mut self, from: Slot) -> Move {
        self.watching = Period::ZERO;
        let to = from.other();
        let mut parameters = IndexMap::new();
        let mut weigh = |name: String, share: u32| parameters.insert(name, Moved::To(share.to_string()));
        weigh(names::weight(from), 100 - self.share);
        weigh(names::weight(to), self.share);
        for cohort in &self.role.cohorts {
            let share = if self.is_routed(cohort) { 100 } else { self.share };
            weigh(names::cohort_weight(cohort, from), 100 - share);
            weigh(names::cohort_weight(cohort, to), share);
        }
        parameters.insert(names::STICKINESS_SECONDS.to_owned(), Moved::To(self.sticky.to_string()));
        parameters.insert(names::ROLLOUT_RECORD.to_owned(), Moved::Record);
        Move { stack: self.role.traffic_stack(), parameters, bake: None }
    }

    fn is_routed(&self, cohort: &Cohort) -> bool {
        self.routed.contains(&cohort.name)
    }

    pub(super) fn traffic_output(&self, output: String) -> Moved {
        Moved::Output { stack: self.role.traffic_stack(), output }
    }
}
