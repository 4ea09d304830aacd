//! The rollout as a state machine, and the driver that runs it against a cloud.
