//! Anchors and what following them may cost: a short file must not grow into a large tree.

use std::collections::BTreeMap;

use super::{Kind, MAX_NODES, MAX_TEXT, Node};

/// What a tree weighs.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Size {
    /// Nodes, keys not counted.
    pub(super) nodes: usize,
    /// Bytes of keys and scalars.
    pub(super) text: usize,
    /// Collections inside one another.
    pub(super) depth: usize,
}

impl Size {
    fn of(node: &Node) -> Self {
        let mut size = Self { nodes: 1, ..Self::default() };
        match &node.kind {
            Kind::Scalar { value, .. } => size.text = value.len(),
            Kind::Sequence(items) => items.iter().for_each(|item| size.enclose(Self::of(item), 0)),
            Kind::Mapping(entries) => {
                entries.iter().for_each(|entry| size.enclose(Self::of(&entry.value), entry.key.len()));
            }
        }
        size.depth += usize::from(!matches!(node.kind, Kind::Scalar { .. }));
        size
    }

    fn enclose(&mut self, inner: Self, key: usize) {
        self.nodes += inner.nodes;
        self.text += inner.text + key;
        self.depth = self.depth.max(inner.depth);
    }
}

/// How much has been made so far, copies for anchors and aliases included.
#[derive(Debug, Default)]
pub(super) struct Budget {
    spent: Size,
}

impl Budget {
    /// Whether there is still room for this much; it counts as made.
    pub(super) fn spend(&mut self, nodes: usize, text: usize) -> bool {
        self.spent.nodes += nodes;
        self.spent.text += text;
        self.spent.nodes <= MAX_NODES && self.spent.text <= MAX_TEXT
    }
}

/// The anchored nodes that are complete, by the parser's number.
#[derive(Debug, Default)]
pub(super) struct Anchors(BTreeMap<usize, (Node, Size)>);

impl Anchors {
    /// Remembers a copy; says whether the budget had room for it.
    pub(super) fn define(&mut self, id: usize, node: &Node, budget: &mut Budget) -> bool {
        let size = Size::of(node);
        let room = budget.spend(size.nodes, size.text);
        if room {
            self.0.insert(id, (node.clone(), size));
        }
        room
    }

    /// The node and its size, if its anchor is complete.
    pub(super) fn get(&self, id: usize) -> Option<(&Node, Size)> {
        self.0.get(&id).map(|(node, size)| (node, *size))
    }
}
