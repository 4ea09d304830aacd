//! Desired against deployed, in effective values.
