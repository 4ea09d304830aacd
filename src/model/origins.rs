//! Where values came from.

use indexmap::IndexMap;

use crate::source::{Node, Span, pointer};

/// The merged document, asked by the pointers of the spec (`/roles/web/targetGroup/port`).
///
/// A model value has the pointer of the key it came from. Defaults have no place of their own: the nearest key
/// above is where one would write them.
#[derive(Debug, Clone)]
pub struct Origins {
    root: Node,
    templates: IndexMap<String, Node>,
}

impl Origins {
    /// Of a merged document.
    pub fn new(root: Node) -> Self {
        Self { root, templates: IndexMap::new() }
    }

    /// With the documents of a team's own templates, by the names of their stacks.
    #[must_use]
    pub fn with_templates(self, templates: IndexMap<String, Node>) -> Self {
        Self { templates, ..self }
    }

    /// The best place for a pointer into a team's own template; where the spec names it, if its text has no places.
    pub fn in_template(&self, stack: &str, at: &str) -> Span {
        let named = || self.place(&pointer(["stacks", stack, "template"]));
        self.templates.get(stack).map_or_else(named, |template| template.place(at))
    }

    /// The documents of a team's own templates, by the names of their stacks.
    pub fn templates(&self) -> &IndexMap<String, Node> {
        &self.templates
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
