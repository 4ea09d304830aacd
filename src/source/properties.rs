//! What holds for every text: no panic, places inside the file, and nothing lost from write to read.

use proptest::prelude::*;
use serde_json::{Map, Value as Json};

use super::testing::{load, try_load};
use super::{Kind, Node, SourceMap, Span, Tags};

/// Text that is often nearly YAML.
fn nearly_yaml() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        "[ \t\n:,&*!|>'\"{}\\[\\]#%@`?-]{1,4}",
        "[a-z浅葱é0-9.<~]{1,4}",
        Just("\n  ".to_owned()),
        Just(": ".to_owned()),
        Just("- ".to_owned()),
        Just("&a ".to_owned()),
        Just("*a".to_owned()),
        Just("<<: *a".to_owned()),
        Just("!Ref ".to_owned()),
        Just("\n---\n".to_owned()),
        Just("\u{feff}".to_owned()),
        Just("\r\n".to_owned()),
    ];
    proptest::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

/// Any tree JSON can say, with the strings YAML readers stumble over.
fn tree() -> impl Strategy<Value = Json> {
    let text = prop_oneof![
        "\\PC{0,12}",
        "[ \\n\\t:#'\"-]{0,6}",
        Just("yes".to_owned()),
        Just("1.10".to_owned()),
        Just("012345678901".to_owned()),
        Just("<<".to_owned()),
        Just("~".to_owned()),
    ];
    let leaf = prop_oneof![
        Just(Json::Null),
        any::<bool>().prop_map(Json::from),
        any::<i64>().prop_map(Json::from),
        text.clone().prop_map(Json::from),
    ];
    leaf.prop_recursive(4, 32, 5, move |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..5).prop_map(Json::from),
            proptest::collection::btree_map(text.clone(), inner, 0..5)
                .prop_map(|entries| Json::Object(entries.into_iter().collect::<Map<_, _>>())),
        ]
    })
}

fn inside(map: &SourceMap, span: Span) -> bool {
    map.get(span.source).is_some_and(|file| file.text.get(span.start..span.end).is_some())
}

fn all_inside(map: &SourceMap, node: &Node) -> bool {
    let children = match &node.kind {
        Kind::Scalar { .. } => true,
        Kind::Sequence(items) => items.iter().all(|item| all_inside(map, item)),
        Kind::Mapping(entries) => {
            entries.iter().all(|entry| inside(map, entry.key_span) && all_inside(map, &entry.value))
        }
    };
    inside(map, node.span) && children
}

fn holds(text: &str) {
    let (map, result) = try_load(text);
    match result {
        Ok(doc) => assert!(all_inside(&map, &doc.root)),
        Err(error) => {
            assert!(inside(&map, error.span), "{error:?}");
            assert!(error.related.is_none_or(|related| inside(&map, related.0)));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_text_panics_and_every_place_is_inside(text in nearly_yaml()) {
        holds(&text);
    }

    #[test]
    fn nor_does_any_text_at_all(text in any::<String>()) {
        holds(&text);
    }

    #[test]
    fn trees_survive_being_written_and_read(tree in tree()) {
        let text = serde_yaml::to_string(&tree).expect("written");
        let (_, doc) = load(&text);
        prop_assert_eq!(doc.root.to_json(Tags::Ignore), tree.clone(), "{}", text);
        prop_assert_eq!(doc.deserialize::<Json>(), Ok(tree), "{}", text);
    }

    #[test]
    fn a_tree_laid_over_itself_or_over_nothing_is_itself_without_null_keys(tree in tree()) {
        let root = load(&serde_yaml::to_string(&tree).expect("written")).1.root;
        prop_assume!(!root.is_null());
        let over_nothing = Node::merge(Node::empty_mapping(root.span), root.clone());
        let over_itself = Node::merge(root.clone(), root.clone());
        prop_assert_eq!(over_itself.to_json(Tags::Ignore), over_nothing.to_json(Tags::Ignore));
    }
}
