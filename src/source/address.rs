//! Where in a document something stands, without lines: keys, and items of lists by their names.

use super::{Document, Kind, Node, Span};

/// Keys by which people tell the items of a list apart.
const NAMES: [&str; 4] = ["name", "metric", "priority", "id"];

impl Document {
    /// The way to the innermost value or key that holds a place: `/roles/web/routes/name=all/priority`. Lines, order of
    /// keys and layout do not change it; items without a name of their own are counted.
    pub fn address(&self, span: Span) -> String {
        let mut address = String::new();
        let mut node = &self.root;
        while let Some((segment, below)) = step(node, span) {
            address.push('/');
            address.push_str(&super::escape(&segment));
            node = below;
        }
        address
    }
}

/// The entry or item that holds the place.
fn step(node: &Node, span: Span) -> Option<(String, &Node)> {
    match &node.kind {
        Kind::Scalar { .. } => None,
        Kind::Sequence(items) => {
            let (index, item) = items.iter().enumerate().find(|(_, item)| holds(item.span, span))?;
            Some((item_name(item).unwrap_or_else(|| index.to_string()), item))
        }
        Kind::Mapping(entries) => {
            let found =
                entries.iter().find(|entry| holds(entry.key_span, span) || holds(entry.value.span, span))?;
            Some((found.key.clone(), &found.value))
        }
    }
}

fn item_name(item: &Node) -> Option<String> {
    NAMES.iter().find_map(|key| Some(format!("{key}={}", item.entry(key)?.value.raw()?)))
}

fn holds(outer: Span, inner: Span) -> bool {
    outer.source == inner.source && outer.start <= inner.start && inner.end <= outer.end
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::testing::load;

    fn address(text: &str, needle: &str) -> String {
        let (map, document) = load(text);
        let id = map.find("test.yaml").expect("it was loaded");
        let start = text.find(needle).expect(needle);
        document.address(Span::new(id, start, start + needle.len()))
    }

    #[test]
    fn an_address_is_keys_and_names_and_no_lines() {
        let block =
            "roles:\n  web:\n    routes:\n      - name: all\n        paths: [\"/x\"]\n    \"a/b\": 7\n";
        let flow =
            "\n\nroles: { web: { \"a/b\": 7, routes: [{ name: api }, { name: all, paths: [\"/x\"] }] } }\n";
        for text in [block, flow] {
            assert_eq!(address(text, "/x"), "/roles/web/routes/name=all/paths/0", "{text}");
            assert_eq!(address(text, "paths"), "/roles/web/routes/name=all/paths", "{text}");
            assert_eq!(address(text, "7"), "/roles/web/a~1b", "{text}");
            assert_eq!(address(text, "\n"), "", "{text}");
        }
    }
}
