//! Looking a node up by JSON pointer (RFC 6901), the name a place has in every other part of asagi.

use super::{Document, Kind, Node, Span};

/// A key as a segment of a pointer: `~` and `/` escaped.
pub fn escape(segment: &str) -> String {
    segment.replace('~', "~0").replace('/', "~1")
}

/// The pointer with these segments: `["roles", "web"]` is `/roles/web`, none is the root.
pub fn pointer<S: AsRef<str>>(segments: impl IntoIterator<Item = S>) -> String {
    segments.into_iter().map(|segment| format!("/{}", escape(segment.as_ref()))).collect()
}

/// A step into the tree: the key's place where there is a key, and the node.
#[derive(Clone, Copy)]
struct Step<'a> {
    key_span: Option<Span>,
    node: &'a Node,
}

/// The steps that exist, from the root, and whether that was the whole pointer.
fn walk<'a>(root: &'a Node, pointer: &str) -> (Step<'a>, bool) {
    let mut here = Step { key_span: None, node: root };
    for segment in pointer.split('/').skip(1) {
        let segment = segment.replace("~1", "/").replace("~0", "~");
        let next = match &here.node.kind {
            Kind::Mapping(_) => {
                here.node.entry(&segment).map(|e| Step { key_span: Some(e.key_span), node: &e.value })
            }
            Kind::Sequence(items) => segment
                .parse::<usize>()
                .ok()
                .and_then(|index| items.get(index))
                .map(|node| Step { key_span: None, node }),
            Kind::Scalar { .. } => None,
        };
        match next {
            Some(step) => here = step,
            None => return (here, false),
        }
    }
    (here, true)
}

impl Node {
    /// The node at a JSON pointer below this one; the empty pointer is the node itself.
    pub fn get(&self, pointer: &str) -> Option<&Node> {
        let (step, whole) = walk(self, pointer);
        whole.then_some(step.node)
    }

    /// The same, to change it.
    pub fn get_mut(&mut self, pointer: &str) -> Option<&mut Node> {
        let mut here = self;
        for segment in pointer.split('/').skip(1) {
            let segment = segment.replace("~1", "/").replace("~0", "~");
            here = match &mut here.kind {
                Kind::Mapping(entries) => &mut entries.iter_mut().find(|entry| entry.key == segment)?.value,
                Kind::Sequence(items) => items.get_mut(segment.parse::<usize>().ok()?)?,
                Kind::Scalar { .. } => return None,
            };
        }
        Some(here)
    }

    /// Where the key that a pointer ends in stands; `None` for items of lists and the root.
    pub fn key_span(&self, pointer: &str) -> Option<Span> {
        let (step, whole) = walk(self, pointer);
        step.key_span.filter(|_| whole)
    }

    /// The best place for a pointer that may not exist in this file (a missing key, a default): the value
    /// if it is there and short, else its key, else the deepest ancestor that is there.
    pub fn place(&self, pointer: &str) -> Span {
        let (step, _) = walk(self, pointer);
        match (&step.node.kind, step.key_span) {
            (Kind::Scalar { .. }, _) => step.node.span,
            (_, Some(key)) => key,
            (_, None) => step.node.head(),
        }
    }
}

impl Document {
    /// The node at a JSON pointer; the empty pointer is the root.
    pub fn get(&self, pointer: &str) -> Option<&Node> {
        self.root.get(pointer)
    }

    /// Where the key that a pointer ends in stands; `None` for items of lists and the root.
    pub fn key_span(&self, pointer: &str) -> Option<Span> {
        self.root.key_span(pointer)
    }

    /// The best place for a pointer that may not exist; see [`Node::place`].
    pub fn place(&self, pointer: &str) -> Span {
        self.root.place(pointer)
    }
}

#[cfg(test)]
mod tests {
    use crate::source::testing::load;

    #[test]
    fn pointers_find_values_keys_and_the_nearest_place() {
        let (map, doc) = load("a/b: { x: [10, 20] }\ntags:\n  Name: web\n");
        let text = |span| map.text(span);
        assert_eq!(doc.get("/a~1b/x/1").map(|node| text(node.span)), Some("20"));
        assert_eq!(doc.key_span("/tags/Name").map(text), Some("Name"));
        assert_eq!(doc.get("").map(|node| node.entries().len()), Some(2));
        assert_eq!(doc.get("/tags/Owner"), None);
        assert_eq!(doc.key_span("/a~1b/x/0"), None);
        assert_eq!(text(doc.place("/tags/Name")), "web");
        assert_eq!(text(doc.place("/tags/Owner")), "tags");
        assert_eq!(text(doc.place("/nothing/here")), "a/b");
        assert_eq!(super::pointer(["a/b", "x"]), "/a~1b/x");
    }
}
