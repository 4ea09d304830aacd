//! Files as they are at a commit: real repositories, made by the real Git, read without it.

#![expect(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    clippy::string_slice,
    reason = "a test stops where something is not as it should be"
)]

mod damaged;
mod fixture;
mod hostile;
mod names;
mod owners;
mod places;
mod reading;
