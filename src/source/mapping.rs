//! A mapping while it is read: keys must be text and differ, and `<<` brings in another mapping's entries.

use std::collections::BTreeMap;

use super::{Entry, Kind, Node, ScalarStyle, Span, SyntaxError, SyntaxKind};

struct Key {
    text: String,
    span: Span,
    merge: bool,
}

/// Takes keys and values in turn.
#[derive(Default)]
pub(super) struct MappingBuilder {
    own: Vec<Entry>,
    inherited: Vec<Entry>,
    seen: BTreeMap<String, Span>,
    key: Option<Key>,
    /// The first `<<`.
    merged: Option<Span>,
}

impl MappingBuilder {
    /// Where another mapping's entries are first brought in.
    pub(super) fn merged(&self) -> Option<Span> {
        self.merged
    }

    /// Whether the next node is a key.
    pub(super) fn wants_key(&self) -> bool {
        self.key.is_none()
    }

    /// Takes the next node: a key, then its value, then a key …
    pub(super) fn accept(&mut self, node: Node) -> Result<(), SyntaxError> {
        match self.key.take() {
            None => self.accept_key(node),
            Some(key) if key.merge => self.inherit(node),
            Some(key) => {
                self.own.push(Entry { value: placed(node, key.span), key: key.text, key_span: key.span });
                Ok(())
            }
        }
    }

    /// The entries: inherited ones first, without those the mapping has itself.
    pub(super) fn finish(self) -> Vec<Entry> {
        let Self { own, inherited, seen, .. } = self;
        if inherited.is_empty() {
            return own;
        }
        let mut entries: Vec<Entry> = Vec::with_capacity(own.len() + inherited.len());
        let mut taken = BTreeMap::new();
        for entry in inherited {
            if !seen.contains_key(&entry.key) && taken.insert(entry.key.clone(), ()).is_none() {
                entries.push(entry);
            }
        }
        entries.extend(own);
        entries
    }

    fn accept_key(&mut self, node: Node) -> Result<(), SyntaxError> {
        let span = node.head();
        let Kind::Scalar { value: text, style } = node.kind else {
            return Err(bad_key(span, "a list or mapping cannot be a key"));
        };
        // `! "Ref"` says no more than that it is text.
        if node.tag.as_deref().is_some_and(|tag| tag != "!" && !tag.starts_with("!!")) {
            return Err(bad_key(span, "a key cannot have a tag"));
        }
        let plain = style == ScalarStyle::Plain;
        if plain && text.is_empty() {
            return Err(bad_key(span, "a value stands here without a key"));
        }
        if let Some(first) = self.seen.insert(text.clone(), span) {
            let message = format!("key `{text}` is there twice");
            let error = SyntaxError::new(SyntaxKind::DuplicateKey, span, message);
            return Err(error.related(first, "first here").help("remove one of the two"));
        }
        let merge = plain && text == "<<" && node.tag.is_none();
        if merge {
            self.merged.get_or_insert(span);
        }
        self.key = Some(Key { merge, text, span });
        Ok(())
    }

    fn inherit(&mut self, node: Node) -> Result<(), SyntaxError> {
        let span = node.head();
        match node.kind {
            Kind::Mapping(entries) => self.inherited.extend(entries),
            Kind::Sequence(items) => {
                for item in items {
                    let span = item.head();
                    let Kind::Mapping(entries) = item.kind else { return Err(bad_merge(span)) };
                    self.inherited.extend(entries);
                }
            }
            Kind::Scalar { .. } => return Err(bad_merge(span)),
        }
        Ok(())
    }
}

/// An empty value has no text of its own: it stands where its key does.
fn placed(mut node: Node, key: Span) -> Node {
    if node.span.is_empty() && node.raw() == Some("") {
        node.span = key;
    }
    node
}

fn bad_key(span: Span, message: &str) -> SyntaxError {
    SyntaxError::new(SyntaxKind::BadKey, span, message).help("write the key as text, in quotes if need be")
}

fn bad_merge(span: Span) -> SyntaxError {
    SyntaxError::new(SyntaxKind::BadMergeKey, span, "only a mapping can be merged with `<<`")
        .help("give `<<` an alias of a mapping, `*name`, or a list of them; quote it if it is a name")
}
