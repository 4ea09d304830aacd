//! Laying one tree over another: deep for mappings, whole for lists and scalars, `null` removes a key.

use std::collections::BTreeMap;

use super::{Entry, Kind, Node};

impl Node {
    /// `over` laid over `base`. Every key and value keeps the span of the file it came from; a mapping that
    /// both have stands where `over` has it. The order is `base`'s, then what `over` adds.
    ///
    /// A `null` in `over` removes the key, also where there is nothing to remove; lists are taken whole, with
    /// whatever is in them. An `over` that is nothing at all (an empty file) changes nothing.
    pub fn merge(base: Self, over: Self) -> Self {
        if over.is_null() {
            return base;
        }
        let Self { span, tag, kind } = over;
        match (base.kind, kind) {
            (Kind::Mapping(below), Kind::Mapping(above)) if base.tag == tag => {
                Self { span, tag, kind: Kind::Mapping(merge_entries(below, above)) }
            }
            (_, Kind::Mapping(above)) => {
                Self { span, tag, kind: Kind::Mapping(merge_entries(Vec::new(), above)) }
            }
            (_, kind) => Self { span, tag, kind },
        }
    }
}

fn merge_entries(below: Vec<Entry>, above: Vec<Entry>) -> Vec<Entry> {
    let places: BTreeMap<String, usize> =
        below.iter().enumerate().map(|(place, entry)| (entry.key.clone(), place)).collect();
    let mut merged: Vec<Option<Entry>> = below.into_iter().map(Some).collect();
    for entry in above {
        let place = places.get(&entry.key).copied();
        let base = place.and_then(|place| merged.get_mut(place)?.take());
        let entry = (!entry.value.is_null()).then(|| {
            let nothing = Node::empty_mapping(entry.value.span);
            let base = base.map_or(nothing, |base| base.value);
            Entry { value: Node::merge(base, entry.value), ..entry }
        });
        match place.and_then(|place| merged.get_mut(place)) {
            Some(slot) => *slot = entry,
            None => merged.push(entry),
        }
    }
    merged.into_iter().flatten().collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::source::{Node, SourceMap, Tags, parse};

    fn merged(base: &str, over: &str) -> (SourceMap, Node) {
        let mut map = SourceMap::new();
        let base = map.add("base.yaml", base);
        let over = map.add("prod.yaml", over);
        let base = parse(&map, base).expect("base").root;
        let over = parse(&map, over).expect("over").root;
        (map, Node::merge(base, over))
    }

    #[test]
    fn mappings_merge_lists_replace_null_removes() {
        let (_, node) = merged(
            "a: { x: 1, y: 2 }\nlist: [1, 2]\ngone: { deep: 1 }\nkept: 1\n",
            "a: { y: 3, z: 4 }\nlist: [9, null]\ngone: null\nnew: { p: 1, q: ~ }\nkept:\n  m: 1\n",
        );
        assert_eq!(
            node.to_json(Tags::Ignore),
            json!({"a": {"x": 1, "y": 3, "z": 4}, "list": [9, null], "kept": {"m": 1}, "new": {"p": 1}})
        );
    }

    #[test]
    fn every_value_keeps_the_file_it_came_from() {
        let (map, node) = merged("roles:\n  web: { min: 2, max: 4 }\n", "roles:\n  web: { max: 8 }\n");
        let origin = |pointer: &str| {
            let value = node.get(pointer).expect("value").span;
            let key = node.key_span(pointer).expect("key");
            (map.path(key.source), map.path(value.source), map.text(value))
        };
        assert_eq!(origin("/roles/web/min"), ("base.yaml", "base.yaml", "2"));
        assert_eq!(origin("/roles/web/max"), ("prod.yaml", "prod.yaml", "8"));
        assert_eq!(origin("/roles/web").0, "prod.yaml");
    }

    #[test]
    fn an_empty_overlay_changes_nothing() {
        let (_, node) = merged("a: 1\n", "# nothing yet\n");
        assert_eq!(node.to_json(Tags::Ignore), json!({"a": 1}));
    }
}
