//! Lowering: the model becomes templates and a stack graph.
//!
//! ```text
//! Environment ─▶ one context a stack ─▶ templates/stacks/*.yaml.j2 ─▶ text, parsed once ─▶ StackGraph
//! ```
//!
//! Each stack is a file here beside its template of the same name: the file says what the template names and what
//! its parameters are fed with.

mod draft;
mod engine;
mod error;
mod graph;
mod load_balancer;
mod lower;
pub mod names;
mod network;
mod own;
mod parse;
mod rules;
mod scalar;
mod security;
#[cfg(test)]
mod tests;
mod traffic;

pub use error::{StackError, StackProblem};
pub use graph::{Argument, RenderedStack, StackGraph, StackKind};
pub use lower::lower;
