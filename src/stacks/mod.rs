//! Lowering: the model becomes templates and a stack graph.

mod graph;

pub use graph::{Argument, RenderedStack, StackGraph, StackKind};
