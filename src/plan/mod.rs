//! Phases of change sets, each with what it is predicted to change. The plan is data, and apply obeys only it.

mod back;
mod phase;
mod phases;
mod record;
mod retire;
mod state;

pub use back::{Deployed, NoWayBack, ROLLBACK, back, destination};
pub use phase::{Gate, Move, Moved, Phase, WatchedBake};
pub use phases::{LONGEST_WATCHED_BAKE, Route, phases};
pub use record::Record;
pub use retire::drain_time;
pub use state::{RoleState, SlotState};
