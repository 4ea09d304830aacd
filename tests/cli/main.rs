//! The command line as a person meets it: the real program in a folder of its own.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::disallowed_methods,
    reason = "a test stops where something is not as it should be"
)]

mod account;
mod check;
mod files;
mod formats;
mod help;
mod hostile;
mod images;
mod init;
mod leaving;
mod line_ends;
mod mistakes;
mod races;
mod refused;
mod render;
mod repository;
#[cfg(feature = "aws")]
mod service;
mod specs;
mod values;
mod worst_night;
mod wrong;
