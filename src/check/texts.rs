//! Every text that an environment is made of: what its documents say, and the files that become instances and images.

use crate::model::Role;
use crate::source::{Kind, Node, Span};

use super::Subject;

/// A text in a document.
pub(super) struct Text<'a> {
    /// What it says.
    pub(super) text: &'a str,
    /// Where it stands.
    pub(super) span: Span,
    /// The value, or nothing for a key.
    pub(super) value: Option<&'a Node>,
    /// The key it is the value of, or an item under.
    pub(super) key: &'a str,
    /// The keys that lead to it, from the root.
    pub(super) way: &'a [Span],
}

/// Visits every key and every scalar of a document.
pub(super) fn each(node: &Node, visit: &mut dyn FnMut(&Text<'_>)) {
    walk(node, "", &mut Vec::new(), visit);
}

fn walk(node: &Node, key: &str, way: &mut Vec<Span>, visit: &mut dyn FnMut(&Text<'_>)) {
    match &node.kind {
        Kind::Scalar { value, .. } => {
            visit(&Text { text: value, span: node.span, value: Some(node), key, way });
        }
        Kind::Sequence(items) => items.iter().for_each(|item| walk(item, key, way, visit)),
        Kind::Mapping(entries) => {
            for entry in entries {
                visit(&Text { text: &entry.key, span: entry.key_span, value: None, key, way });
                way.push(entry.key_span);
                walk(&entry.value, &entry.key, way, visit);
                way.pop();
            }
        }
    }
}

/// What a role's instances and images are made from, with its places; what comes with asagi was looked at before it came.
pub(super) fn files(role: &Role) -> Vec<(String, &str)> {
    let mut files = vec![(Subject::role(role, "/instances/userData"), role.instances.user_data.as_str())];
    for layer in role.images.iter().flat_map(|images| images.layers()) {
        let at = Subject::role(role, &format!("/images/{}/components", layer.kind.as_str()));
        let documents = layer.components.iter().enumerate().filter(|(_, one)| !one.is_shipped());
        files.extend(documents.map(|(index, one)| (format!("{at}/{index}"), one.document.as_str())));
    }
    files
}
