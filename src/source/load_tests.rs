//! A text and the tree it makes, or the error it is.

use std::fmt::Write as _;

use serde_json::json;

use super::testing::{load, try_load};
use super::{MAX_BYTES, SyntaxKind, Tags};

/// `KIND line:column text: message [| related text: words]`
fn error(text: &str) -> String {
    let (map, result) = try_load(text);
    let error = result.expect_err(text);
    let place = map.start(error.span);
    let shown = map.text(error.span).replace('\t', "\\t").replace('\u{feff}', "BOM");
    let mut out = format!("{:?} {}:{} {shown}: {}", error.kind, place.line, place.column, error.message);
    if let Some(related) = error.related {
        let (span, words) = *related;
        let place = map.start(span);
        let _ = write!(out, " | {}:{} {words}", place.line, place.column);
    }
    out
}

#[test]
fn anchors_aliases_and_merge_keys_are_followed() {
    let (_, doc) = load(concat!(
        "base: &base { a: 1, b: 2 }\n",
        "more: &more { b: 20, c: 30 }\n",
        "one: { <<: *base, b: 3 }\n",
        "two: { <<: [*base, *more], d: 4 }\n",
        "list: [*base, '<<']\n",
        "'<<': text\n",
    ));
    let base = json!({"a": 1, "b": 2});
    assert_eq!(
        doc.root.to_json(Tags::Ignore),
        json!({
            "base": base, "more": {"b": 20, "c": 30}, "one": {"a": 1, "b": 3},
            "two": {"a": 1, "b": 2, "c": 30, "d": 4}, "list": [base, "<<"], "<<": "text",
        })
    );
}

#[test]
fn spans_cover_what_a_person_would_mark() {
    let text = "名前: 浅葱\nlist:\n  - one # first\n  - !Ref Two\nflow: { a: [1, 2] }  # end\ntext: |\n  x\n  y\n\nlast: ''\n";
    let (map, doc) = load(text);
    let shown = |pointer: &str| map.text(doc.get(pointer).expect(pointer).span);
    assert_eq!(shown("/名前"), "浅葱");
    assert_eq!(shown("/list/0"), "one");
    assert_eq!(shown("/list/1"), "Two");
    assert_eq!(shown("/list"), "- one # first\n  - !Ref Two");
    assert_eq!(shown("/flow"), "{ a: [1, 2] }");
    assert_eq!(shown("/text"), "x\n  y");
    assert_eq!(shown("/last"), "''");
    assert_eq!(doc.get("/text").and_then(|node| node.raw()), Some("x\ny\n"));
}

#[test]
fn empty_values_stand_where_their_key_does() {
    let (map, doc) = load("a:\nb:\n  - \n  - x\n");
    assert_eq!(doc.get("/a").map(|node| (node.is_null(), map.text(node.span))), Some((true, "a")));
    assert_eq!(doc.get("/b/0").map(|node| (node.is_null(), map.start(node.span).line)), Some((true, 3)));
}

#[test]
fn keys_are_text_whatever_they_look_like() {
    let (_, doc) = load("80: a\ntrue: b\n1.10: c\n012: d\n&k key: e\nother: { *k : f }\n");
    let keys: Vec<_> = doc.root.entries().iter().map(|entry| entry.key.as_str()).collect();
    assert_eq!(keys, ["80", "true", "1.10", "012", "key", "other"]);
    assert_eq!(doc.get("/other/key").and_then(|node| node.as_str()), Some("f"));
}

#[test]
fn what_is_not_yaml_is_said_with_its_place() {
    for (text, expected) in [
        ("a: 1\nb: 2\na: 3\n", "DuplicateKey 3:1 a: key `a` is there twice | 1:1 first here"),
        ("a: { b: 1, 'b': 2 }", "DuplicateKey 1:12 'b': key `b` is there twice | 1:6 first here"),
        ("a:\n\tb: 1\n", "Tab 2:1 \\t: a tab cannot indent YAML"),
        ("a:\n  b: 1\n\tc: 2\n", "Tab 3:1 \\t: a tab cannot indent YAML"),
        ("a: 1\n---\nb: 2\n", "SeveralDocuments 2:1 ---: a second document begins here"),
        ("\u{feff}a: 1\n", "Encoding 1:1 BOM: the file begins with a byte order mark"),
        ("a: { <<: 1 }", "BadMergeKey 1:10 1: only a mapping can be merged with `<<`"),
        ("a: { <<: [1] }", "BadMergeKey 1:11 1: only a mapping can be merged with `<<`"),
        ("[a]: 1", "BadKey 1:1 [a]: a list or mapping cannot be a key"),
        ("a: { : 1 }", "BadKey 1:6 : a value stands here without a key"),
        ("!Ref a: 1", "BadKey 1:6 a: a key cannot have a tag"),
        ("a: *nowhere", "BadAlias 1:4 *nowhere: this alias has no anchor before it"),
        ("a: &a [*a]", "BadAlias 1:8 *a: this alias stands inside its own anchor"),
        ("a: 'open\n", "NotYaml 1:4 ': this quote is not closed"),
        ("a: [1, 2\n", "NotYaml 1:4 [: `[` is never closed"),
        ("a: b: c\n", "NotYaml 1:5 :: `:` makes a mapping where none can stand"),
        (
            "a: 1\n b: 2\n",
            "NotYaml 2:1  : this line is indented deeper than the one above, whose key has a value already",
        ),
        ("a: 'it's'\n", "NotYaml 1:8 s: text goes on after the closing quote"),
        ("a: \"x\\q\"\n", "NotYaml 1:4 \": a `\\` in this text escapes nothing"),
        ("- a\nb: c\n", "NotYaml 2:1 b: a list item `-` is expected here"),
        ("a: - b\n", "NotYaml 1:4 -: a list item `-` cannot stand here"),
        ("a: { x: 1\nb: 3\n", "NotYaml 1:4 {: `{` is not closed | 2:2 not inside of it any more"),
        ("a: }\n", "NotYaml 1:4 }: this bracket closes nothing"),
        ("a: `b`\n", "NotYaml 1:4 `b`: a backtick cannot begin a value"),
        ("a: 1\nb：2\n", "NotYaml 2:2 ：: a full-width colon makes no key"),
        ("a: 1\nb:　2\n", "NotYaml 2:3 　: a full-width space stands after the colon"),
        ("a:\n  b: 1\n　c: 2\n  d: 3\n", "NotYaml 3:1 　: a full-width space cannot indent YAML"),
        (
            "a: 注意：x\n b: 2\n",
            "NotYaml 2:1  : this line is indented deeper than the one above, whose key has a value already",
        ),
        ("a: b\0c\n", "NotYaml 1:5 \0c: the control character U+0000 cannot stand in YAML"),
        ("a: [*]\n", "NotYaml 1:5 *: `*` or `&` begins no name here"),
        ("a: [b }\n", "NotYaml 1:4 [: `[` is closed by `}`"),
        ("a: @b\n", "NotYaml 1:4 @b: `@` cannot begin a value"),
    ] {
        assert_eq!(error(text), expected, "{text}");
    }
}

#[test]
fn an_alias_bomb_stops_fast() {
    let mut text = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n".to_owned();
    for level in 1..30 {
        let aliases = vec![format!("*a{}", level - 1); 9].join(", ");
        let _ = writeln!(text, "a{level}: &a{level} [{aliases}]");
    }
    let (_, result) = try_load(&text);
    assert_eq!(result.map_err(|error| error.kind), Err(SyntaxKind::TooManyNodes));
    let long = format!("a: &a {}\nb: [{}]\n", "x".repeat(1 << 20), vec!["*a"; 1000].join(", "));
    let (_, result) = try_load(&long);
    assert_eq!(result.map_err(|error| error.kind), Err(SyntaxKind::TooManyNodes));
}

#[test]
fn depth_and_size_have_their_limits() {
    let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    assert!(try_load(&nested(64)).1.is_ok());
    for depth in [65, 200, 5000] {
        assert_eq!(try_load(&nested(depth)).1.map_err(|error| error.kind), Err(SyntaxKind::TooDeep));
    }
    let through_aliases = format!("a: &a {}\nb: {}*a{}\n", nested(40), "[".repeat(40), "]".repeat(40));
    assert_eq!(try_load(&through_aliases).1.map_err(|error| error.kind), Err(SyntaxKind::TooDeep));
    let large = "#".repeat(MAX_BYTES + 1);
    assert_eq!(try_load(&large).1.map_err(|error| error.kind), Err(SyntaxKind::TooLarge));
}

#[test]
fn empty_files_are_null() {
    for text in ["", "\n", "# only a comment\n", "---\n", "~"] {
        let (_, doc) = load(text);
        assert!(doc.root.is_null(), "{text:?}");
    }
}
