//! How long phases take at least: what they watch and wait for, laid end to end as a run would meet it.

use crate::model::Period;

use super::phase::{Gate, Phase};

/// The least time of those phases, where traffic was last moved so long ago; `None` where none has moved yet. Bakes and
/// holds count from when traffic moved, so two that wait for the same time are waited for once. Change sets, launches and
/// health checks come on top.
pub fn least_time(phases: &[Phase], since: Option<Period>) -> Period {
    // Everything is counted from the last move of traffic, or the beginning.
    let (mut before, start) = (Period::ZERO, since.unwrap_or_default());
    let (mut now, mut moved) = (start, since.is_some());
    for phase in phases {
        for gate in phase.gates.iter().chain(&phase.ready) {
            now = now.max(gate_time(gate, moved));
        }
        for step in &phase.moves {
            if step.moves_traffic() {
                before = before.plus(now);
                (now, moved) = (Period::ZERO, true);
            }
            now = now.plus(step.bake.as_ref().map_or(Period::ZERO, |bake| bake.time));
        }
        for proof in &phase.proofs {
            now = now.max(gate_time(proof, moved));
        }
    }
    before.plus(now).minus(start)
}

/// Until when a gate waits, from the last move of traffic.
fn gate_time(gate: &Gate, moved: bool) -> Period {
    match gate {
        Gate::Baked { time, .. } | Gate::Held { time } | Gate::Drained { time, .. } if moved => *time,
        _ => Period::ZERO,
    }
}
