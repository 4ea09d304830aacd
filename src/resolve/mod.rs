//! Spec to model: overlays, defaults, names and references, remembering where each value came from.
//!
//! ```text
//! path ─load─▶ merged document ─spec::conform─▶ spec::Environment ─▶ model::Environment
//!               (extends)          (shape)         + defaults, referenced files, images lock, siblings
//! ```
//!
//! [`resolve`] does all of it and reports everything it finds. It makes a model as far as it can, so that
//! [`crate::check`] can say in the same run what is wrong with its meaning.

mod alarms;
mod architecture;
pub mod codes;
mod context;
pub mod defaults;
mod environment;
mod folder;
mod images;
mod instances;
mod load;
mod load_balancer;
mod lock;
mod lock_entries;
mod network;
mod notifications;
mod paths;
mod policy;
mod protection;
mod read_on;
mod required_version;
mod role;
mod rollout;
mod schedule;
mod sketch;
mod stacks;
mod strategies;
mod traffic;
mod values;

#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
mod tests;

pub use architecture::architecture;
pub use environment::{Resolution, resolve, resolve_in};
pub use folder::{Folder, environments, is_part};
pub use load::{Loaded, load};
pub use lock::lock;
use read_on::read_on;
use required_version::required_version;
pub use strategies::{files as strategy_files, named as named_strategy};
