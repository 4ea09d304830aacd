//! Where values came from.

use crate::source::{Node, Span};

/// The merged document, asked by the pointers of the spec (`/roles/web/targetGroup/port`).
///
/// A model value has the pointer of the key it came from. Defaults have no place of their own: the nearest key
/// above is where one would write them.
#[derive(Debug, Clone)]
pub struct Origins {
    root: Node,
}

impl Origins {
    /// Of a merged document.
    pub fn new(root: Node) -> Self {
        Self { root }
    }

    /// The best place for a pointer, also where nothing is written.
    pub fn place(&self, pointer: &str) -> Span {
        self.root.place(pointer)
    }

    /// The place of the key a pointer ends in, where there is one.
    pub fn key(&self, pointer: &str) -> Option<Span> {
        self.root.key_span(pointer)
    }

    /// Whether something is written there, rather than a default.
    pub fn written(&self, pointer: &str) -> bool {
        self.root.get(pointer).is_some()
    }

    /// The merged document.
    pub fn root(&self) -> &Node {
        &self.root
    }
}
