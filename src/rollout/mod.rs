//! The rollout as a state machine, and the driver that runs it against a cloud.

mod machine;

pub use machine::{Effect, Event, Failure, Part, Place, State, next};
