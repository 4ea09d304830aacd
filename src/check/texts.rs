//! Every text that an environment is made of: what its documents say, and the files that become instances and images.

use crate::model::Role;
use crate::source::{Entry, Kind, Node, Span};

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
    /// What it is the value of by its meaning: of a parameter's `Default` the parameter, of a `Value` beside a `Name` that
    /// name; empty where it is an argument of a function.
    pub(super) name: &'a str,
    /// The keys that lead to it, from the root.
    pub(super) way: &'a [Span],
}

/// Visits every key and every scalar of a document.
pub(super) fn each(node: &Node, visit: &mut dyn FnMut(&Text<'_>)) {
    walk(node, Named { key: "", name: "" }, &mut Vec::new(), visit);
}

/// What leads to a value.
#[derive(Clone, Copy)]
struct Named<'a> {
    key: &'a str,
    name: &'a str,
}

fn walk(node: &Node, by: Named<'_>, way: &mut Vec<Span>, visit: &mut dyn FnMut(&Text<'_>)) {
    let Named { key, name } = by;
    match &node.kind {
        Kind::Scalar { value, .. } => {
            visit(&Text { text: value, span: node.span, value: Some(node), key, name, way });
        }
        Kind::Sequence(items) => {
            let name = if node.tag.is_some() { "" } else { name };
            items.iter().for_each(|item| walk(item, Named { key, name }, way, visit));
        }
        Kind::Mapping(entries) => {
            for entry in entries {
                visit(&Text { text: &entry.key, span: entry.key_span, value: None, key, name: "", way });
                way.push(entry.key_span);
                let name = meant(entry, entries, name);
                walk(&entry.value, Named { key: &entry.key, name }, way, visit);
                way.pop();
            }
        }
    }
}

/// What the value of an entry is the value of, in a mapping under `above`.
fn meant<'a>(entry: &'a Entry, beside: &'a [Entry], above: &'a str) -> &'a str {
    let key = entry.key.as_str();
    let sibling = |names: [&str; 5]| {
        let found = beside.iter().find(|other| names.iter().any(|name| other.key.eq_ignore_ascii_case(name)));
        found.and_then(|other| other.value.raw()).unwrap_or(key)
    };
    match key {
        "Fn::Sub" | "Default" | "default" => above,
        "Ref" => "",
        _ if key.starts_with("Fn::") => "",
        _ if ["value", "parametervalue"].iter().any(|value| key.eq_ignore_ascii_case(value)) => {
            sibling(["name", "key", "optionname", "parameterkey", "parametername"])
        }
        key => key,
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
