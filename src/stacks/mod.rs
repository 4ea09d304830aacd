//! Lowering: the model becomes templates and a stack graph.
//!
//! ```text
//! Environment ─▶ one context a stack ─▶ templates/stacks/*.yaml.j2 ─▶ text and template ─▶ StackGraph
//! ```
//!
//! Each stack is a file here beside its template of the same name: the file says what the template names and what
//! its parameters are fed with.

mod alarm_contexts;
mod alarms;
mod dashboard;
mod draft;
mod engine;
mod error;
mod filled;
mod foundation;
mod graph;
mod guard;
mod images;
mod kept;
mod load_balancer;
mod lower;
mod measures;
pub mod names;
mod network;
mod notifications;
mod own;
mod owner;
mod patching;
mod rules;
mod scalar;
mod security;
mod shape;
mod size;
mod slot;
#[cfg(test)]
mod tests;
mod traffic;

pub use error::{StackError, StackProblem};
pub use graph::{Argument, RenderedStack, StackGraph, StackKind};
pub use guard::guards;
pub use lower::lower;
pub use own::{given, imports, surroundings};
pub use owner::{ENVIRONMENT_TAG, Owner, PROJECT_TAG, Stranger};
