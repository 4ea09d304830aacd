//! Spec to model: overlays, defaults, names and references, remembering where each value came from.
//!
//! ```text
//! path ─load─▶ merged document ─spec::conform─▶ spec::Environment ─▶ model::Environment
//!               (extends)          (shape)         + defaults, referenced files, images lock, siblings
//! ```
//!
//! [`resolve`] does all of it and reports everything it finds; it has a model when nothing found is an error that
//! leaves a hole in one. What the model *means* is checked by [`crate::check`].

mod alarms;
mod architecture;
pub mod codes;
mod context;
pub mod defaults;
mod environment;
mod images;
mod instances;
mod load;
mod load_balancer;
mod lock;
mod network;
mod notifications;
mod paths;
mod protection;
mod role;
mod rollout;
mod schedule;
mod siblings;
mod stacks;
mod strategies;
mod traffic;

#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
mod tests;

pub use environment::{Resolution, resolve};
pub use load::{Loaded, load};
pub use siblings::environments;
pub use strategies::named as named_strategy;
