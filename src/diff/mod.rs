//! Desired against deployed, in effective values.
//!
//! ```text
//! Side (template, parameters, what the account knows) ─evaluate─┐
//!                                                               ├─▶ StackDiff ─┬─ predicted() ─▶ within(…, change set)
//! Side as deployed ───────────────────────────────────evaluate─┘              └─ render::{human, json}
//! ```
//!
//! Both sides are evaluated before they are compared, so a reader sees `Weight: 90 → 50`. A replacement moves the
//! values of whatever refers to the replaced resource; that is followed until nothing moves any more.

mod apart;
mod awaited;
mod cause;
mod change;
mod compare;
mod lines;
mod lookups;
mod namesake;
mod order;
mod path;
mod predict;
mod recreation;
mod refused;
pub mod render;
mod rename;
mod resource;
mod ripple;
mod secret;
mod side;
mod stack;
mod text;
mod within;
mod wording;

#[cfg(test)]
mod tests;

pub use apart::{MovedValue, diff_deployed};
pub use awaited::Awaited;
pub use change::{
    Cause, Certainty, Change, Fate, PropertyChange, ResourceDiff, StackDiff, UnchangedResource, ValueChange,
};
pub use path::{Path, Step};
pub use side::Side;
pub use stack::{HELD, diff_removed_stack, diff_stack};
pub use text::{diff_rewritten, diff_texts, line_diff};
pub use within::{Beyond, BeyondKind, within};
