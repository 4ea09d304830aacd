//! The embedded target: CloudFormation and the services that gates need, in a folder or in memory, on a clock of its
//! own. It behaves as AWS does where asagi can tell; its durations are plausible and not AWS's. For trying, learning,
//! CI and tests.
//!
//! ```text
//! .asagi/local/<account>/<region>/world.json           clock, faults, groups, rules, alarms, parameters, messages
//! .asagi/local/<account>/<region>/stacks/<name>.json   one stack: template, resources, change sets, operation, events
//! .asagi/local/<account>/<region>/deleted/…            stacks that are gone, known by their id
//! ```
//!
//! Everything that goes on lies in the documents, so any process that moves the clock takes it further, and the same
//! calls give the same ids, events and times on every machine.

mod clock;
mod engine;
mod fault;
mod ids;
mod observe;
mod resources;
mod session;
mod state;
mod store;
mod verbs;
mod world;

#[cfg(test)]
mod tests;

pub use fault::{AlarmSelector, Fault};
pub use session::{LocalCloud, Settings};
pub use store::{Changes, Folder, Held, Memory, Store};
pub use world::Message;
