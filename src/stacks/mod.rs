//! Lowering: the model becomes templates and a stack graph.

mod graph;
pub mod names;

pub use graph::{Argument, RenderedStack, StackGraph, StackKind};
