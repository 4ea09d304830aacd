//! Texts in, texts in ASCII out; and what is read back of them.

use proptest::prelude::*;
use serde_json::json;

use crate::cfn::Template;

const HEAD: &str =
    "# Values are in ASCII: CloudFormation gives back a question mark for any other character.\n";

#[test]
fn values_are_written_with_escapes_and_comments_stay() {
    for (text, expected) in [
        (
            "# 夜間\nDescription: 夜間のみ # 夜\nResources: {}\n",
            "# 夜間\nDescription: \"\\u591c\\u9593\\u306e\\u307f\" # 夜\nResources: {}\n",
        ),
        ("a: '夜''間'\nb: \"夜\\t\\\"\"\n", "a: \"\\u591c'\\u9593\"\nb: \"\\u591c\\t\\\"\"\n"),
        (
            "- !Sub |\n  #!/bin/sh\n\n    # 夜 \"間\"\n  x\n- b\n",
            "- !Sub \"#!/bin/sh\\n\\\n  \\n\\\n  \\  # \\u591c \\\"\\u9593\\\"\\n\\\n  x\\n\"\n- b\n",
        ),
        ("a: >-\n  夜\n  間\nb: x\n", "a: \"\\u591c \\u9593\"\nb: x\n"),
        ("a: {夜: [😀, x], y: 1}\n", "a: {\"\\u591c\": [\"\\U0001f600\", x], y: 1}\n"),
        ("a: &x 夜\nb: *x\n", "a: &x \"\\u591c\"\nb: *x\n"),
        ("a: 夜\n  間\n  x\n", "a: \"\\u591c \\u9593 x\"\n"),
        ("夜: |+\n  間\n\n\nb: x\n", "\"\\u591c\": \"\\u9593\\n\\\n  \\n\\\n  \\n\"\n\n\nb: x\n"),
    ] {
        assert_eq!(Template::ascii(text), format!("{HEAD}{expected}"), "{text}");
        assert!(Template::is_exact(&Template::ascii(text)));
    }
    let json = "{\"Description\": \"夜😀\", \"a\": [\"\\\"間\"]}";
    assert_eq!(
        Template::ascii(json),
        "{\"Description\": \"\\u591c\\ud83d\\ude00\", \"a\": [\"\\\"\\u9593\"]}"
    );
}

#[test]
fn what_needs_no_escapes_or_takes_none_stays_as_it_is() {
    for text in ["a: b\n", "# 夜\na: b\n", "a: [夜\n", "a: &夜 b\nc: *夜\n"] {
        assert_eq!(Template::ascii(text), text);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_in_any_place_says_the_same(
        text in "[ -~\\n\\t夜😀é]{0,40}",
        indent in 0_usize..3,
    ) {
        let quoted = serde_json::to_string(&text).unwrap();
        let pad = " ".repeat(indent * 2);
        let block = text.lines().map(|line| format!("{pad}      {line}\n")).collect::<String>();
        for whole in [
            format!("a:\n  - {quoted}\n  - b: {quoted}\n    {quoted}: [x, {quoted}]\n"),
            format!("a:\n{pad}  - b: |2\n{block}{pad}    c: 夜\n"),
        ] {
            let Ok(before) = Template::value_of(&whole) else { continue };
            let written = Template::ascii(&whole);
            prop_assert_eq!(Template::value_of(&written).unwrap(), before);
            prop_assert!(written.is_ascii(), "{}", written);
        }
    }
}

/// Resources of a template that was read back, and of the desired one.
fn read_back(sent: &str, desired: &str) -> (Template, Template) {
    let whole = |properties: &str| {
        format!("Resources:\n  A:\n    Type: AWS::SSM::Parameter\n    Properties: {properties}\n")
    };
    let desired = Template::parse(&whole(desired)).unwrap();
    let text = Template::read_back(&whole(sent)).into_owned();
    (Template::parse_read_back(&text, &desired).unwrap(), desired)
}

#[test]
fn what_was_lost_is_put_back_where_the_desired_template_tells_it() {
    for (sent, desired, back) in [
        ("{ Value: 夜間 }", "{ Value: 夜間 }", json!({ "Value": "夜間" })),
        // nobody can tell these apart
        ("{ Value: 昼間 }", "{ Value: 夜間 }", json!({ "Value": "夜間" })),
        ("{ Value: 夜 }", "{ Value: 夜間 }", json!({ "Value": "?" })),
        (
            "{ Value: a?, Tags: [夜, 間] }",
            "{ Value: a?, Tags: [夜, 間] }",
            json!({ "Value": "a?", "Tags": ["夜", "間"] }),
        ),
        // moved, and the only one that it can be
        ("{ Tags: [x, 夜間] }", "{ Tags: [夜間] }", json!({ "Tags": ["x", "夜間"] })),
        ("{ Tags: [x, 夜, 間] }", "{ Tags: [夜, 間] }", json!({ "Tags": ["x", "間", "?"] })),
        ("{ Tags: { 夜間: x } }", "{ Tags: { 夜間: y } }", json!({ "Tags": { "夜間": "x" } })),
    ] {
        let (read, _) = read_back(sent, desired);
        assert_eq!(serde_json::Value::Object(read.resources["A"].properties.clone()), back, "{sent}");
    }
}

#[test]
fn what_was_sent_in_ascii_is_read_back_exactly() {
    let sent =
        Template::ascii("Description: 夜\nResources: { A: { Type: A::B, Properties: { P: \"?\" } } }\n")
            .into_owned();
    let desired = Template::parse("Resources: { A: { Type: A::B, Properties: { P: 夜 } } }\n").unwrap();
    let read = Template::parse_read_back(&Template::read_back(&sent), &desired).unwrap();
    assert_eq!(read.description.as_deref(), Some("夜"));
    assert_eq!(read.resources["A"].properties["P"], "?");
}
