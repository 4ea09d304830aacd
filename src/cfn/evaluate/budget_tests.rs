//! Templates that would come to more than memory holds: each ends with a problem that says so, in few steps.

use serde_json::{Value, json};

use super::tests::evaluate;
use crate::cfn::{Effective, Evaluation};

/// One parameter of a store with that value, beside the other sections.
fn of_value(value: &Value, others: &Value) -> Evaluation {
    let properties = json!({ "Type": "String", "Value": value });
    let mut template =
        json!({ "Resources": { "R": { "Type": "AWS::SSM::Parameter", "Properties": properties } } });
    for (section, content) in others.as_object().into_iter().flatten() {
        template[section] = content.clone();
    }
    evaluate(&template.to_string(), &[])
}

fn problems(evaluation: &Evaluation) -> Vec<&str> {
    evaluation.problems.iter().map(|problem| problem.message.as_str()).collect()
}

/// The value counts as surely another one than before, and one problem with these words is told.
fn ends(evaluation: &Evaluation, words: &str) {
    assert!(problems(evaluation).iter().any(|problem| problem.contains(words)), "{:?}", problems(evaluation));
    let value = evaluation.resources["R"].properties.get("Value");
    let anew = |value: &Effective| super::budget::weight(value) < 1 << 25 && is_anew(value);
    assert!(value.is_some_and(anew), "{:?}", problems(evaluation));
}

fn is_anew(value: &Effective) -> bool {
    match value {
        Effective::Unknown(unknown) => unknown.is_anew(),
        Effective::List(items) => items.iter().any(is_anew),
        Effective::Map(map) => map.values().any(is_anew),
        _ => false,
    }
}

/// `depth` times: `make` of what was made so far.
fn nested(first: Value, depth: usize, make: impl Fn(Value) -> Value) -> Value {
    (0..depth).fold(first, |inner, _| make(inner))
}

const TOO_LONG: &str = "makes a text of more than 1048576 bytes";
const SPENT: &str = "comes to more than 16777216 bytes";
const NOTHING: Value = Value::Null;

#[test]
fn text_that_multiplies_itself_ends_at_one_mebibyte() {
    let twice = |name: &str| "${a}".repeat(100) + name;
    let sub = nested(json!("x".repeat(100)), 6, |inner| json!({ "Fn::Sub": [twice(""), { "a": inner }] }));
    ends(&of_value(&sub, &NOTHING), TOO_LONG);
    let join = nested(
        json!("x".repeat(100)),
        6,
        |inner| json!({ "Fn::Join": ["", [{ "Fn::Sub": [twice(""), { "a": inner }] }, "y"]] }),
    );
    ends(&of_value(&join, &NOTHING), TOO_LONG);
    let unknown =
        nested(json!({ "Ref": "R2" }), 6, |inner| json!({ "Fn::Sub": [twice(""), { "a": inner }] }));
    let other = json!({ "Parameters": { "R2": { "Type": "String" } } });
    ends(&of_value(&unknown, &other), TOO_LONG);
    let escaped = nested(json!(["\"\\"]), 30, |inner| json!([{ "Fn::ToJsonString": inner }]));
    ends(&of_value(&escaped, &NOTHING), TOO_LONG);
    let base64 = nested(json!("x".repeat(900_000)), 3, |inner| json!({ "Fn::Base64": inner }));
    ends(&of_value(&base64, &NOTHING), TOO_LONG);
}

#[test]
fn many_values_end_at_sixteen_mebibytes() {
    let long = json!({ "Fn::Sub": ["${a}".repeat(250), { "a": "x".repeat(4_000) }] });
    ends(&of_value(&json!(vec![long.clone(); 40]), &NOTHING), SPENT);
    let split = json!({ "Fn::Split": ["x", long] });
    ends(&of_value(&json!(vec![split; 10]), &NOTHING), SPENT);
    let default = json!({ "P": { "Type": "CommaDelimitedList", "Default": "a,".repeat(4_000) } });
    let list = json!({ "Ref": "P" });
    ends(&of_value(&json!(vec![list.clone(); 100]), &json!({ "Parameters": default })), SPENT);
    let select = json!({ "Fn::Select": ["0", list] });
    ends(&of_value(&json!(vec![select; 100]), &json!({ "Parameters": default })), SPENT);
    let blocks = json!({ "Fn::Cidr": ["10.0.0.0/8", 256, 8] });
    ends(&of_value(&json!(vec![blocks; 2_000]), &NOTHING), SPENT);
    let mapping = json!({ "Mappings": { "M": { "a": { "b": vec!["x"; 10_000] } } } });
    let found = json!({ "Fn::FindInMap": ["M", "a", "b"] });
    ends(&of_value(&json!(vec![found; 100]), &mapping), SPENT);
}

#[test]
fn what_is_known_of_unknown_values_counts() {
    // each holds where ten thousand others come from
    let parameters: serde_json::Map<_, _> =
        (0..5_000).map(|index| (format!("P{index}"), json!({ "Type": "String" }))).collect();
    let names: Vec<_> = (0..5_000).map(|index| json!({ "Ref": format!("P{index}") })).collect();
    let joined = json!({ "Fn::Join": ["", names] });
    let sub = json!({ "Fn::Sub": ["${a}".repeat(20), { "a": joined }] });
    ends(&of_value(&json!(vec![sub; 10]), &json!({ "Parameters": parameters })), SPENT);
}

#[test]
fn long_parameters_are_not_copied() {
    let parameter = json!({ "P": { "Type": "CommaDelimitedList", "Default": ",".repeat(500_000) } });
    let told = of_value(&json!([{ "Ref": "P" }, { "Ref": "P" }]), &json!({ "Parameters": parameter }));
    ends(&told, "parameter `P` has more than 8192 bytes");
    assert_eq!(told.problems.len(), 1, "{:?}", problems(&told));
}

#[test]
fn conditions_are_asked_once_and_not_for_ever() {
    // a diamond of diamonds: each condition names the one below twice
    let mut conditions = serde_json::Map::from_iter([("C0".to_owned(), json!({ "Fn::Equals": ["a", "a"] }))]);
    for index in 1..90 {
        let below = json!({ "Condition": format!("C{}", index - 1) });
        conditions.insert(format!("C{index}"), json!({ "Fn::And": [below, below] }));
    }
    let chosen = of_value(&json!({ "Fn::If": ["C89", "yes", "no"] }), &json!({ "Conditions": conditions }));
    assert_eq!(chosen.resources["R"].properties["Value"], Effective::text("yes"));
    assert_eq!(chosen.problems, []);
    // a chain of deep ones
    let deep = |below: &str| nested(json!({ "Condition": below }), 30, |inner| json!({ "Fn::Not": [inner] }));
    conditions.clear();
    for index in (1..99).rev() {
        conditions.insert(format!("C{index}"), deep(&format!("C{}", index - 1)));
    }
    conditions.insert("C0".to_owned(), json!({ "Fn::Equals": ["a", "a"] }));
    let told = of_value(&json!("x"), &json!({ "Conditions": conditions }));
    assert_eq!(told.conditions["C98"], None);
    assert!(problems(&told).iter().any(|it| it.contains("more than 320 deep")), "{:?}", problems(&told));
}

#[test]
fn loops_end_before_what_they_make_is_made() {
    let items: Vec<String> = (0..40).map(|index| format!("{index}{}", "x".repeat(5_000))).collect();
    let body = json!({ "K${I}": { "a": "${I}".repeat(300), "b": "&{I}".repeat(300) } });
    let told = of_value(&json!({ "Fn::ForEach::L": ["I", items, body] }), &NOTHING);
    assert!(problems(&told).iter().any(|it| it.contains(SPENT)), "{:?}", problems(&told));
    let few: Vec<String> = (0..100).map(|index| format!("i{index}")).collect();
    let inner = nested(json!({ "K${I}": 1 }), 4, |inner| json!({ "Fn::ForEach::L": ["I", few, inner] }));
    let told = of_value(&inner, &NOTHING);
    assert!(told.problems.is_empty(), "a loop that repeats too often stays: {:?}", problems(&told));
    // an item that looks like a name is none: it is not filled again
    let trick = ["&{I}".repeat(2_000)];
    let made = of_value(&json!({ "Fn::ForEach::L": ["I", trick, { "K": "${I}".repeat(100) }] }), &NOTHING);
    let Some(Effective::Map(map)) = made.resources["R"].properties.get("Value") else { panic!("{made:?}") };
    assert_eq!(map["K"], Effective::text("&{I}".repeat(200_000)));
}

#[test]
fn problems_are_few_and_short() {
    let wrong = json!({ "Fn::GetAtt": "x".repeat(10_000) });
    let names: serde_json::Map<_, _> = (0..1_000)
        .map(|index| (format!("R{index}"), json!({ "Type": "A::B::C", "Properties": { "P": wrong } })))
        .collect();
    let told = evaluate(&json!({ "Resources": names }).to_string(), &[]);
    assert_eq!(told.problems.len(), 200);
    let unknown = json!({ "Ref": "y".repeat(100_000) });
    let told = of_value(&unknown, &NOTHING);
    assert!(told.problems[0].message.chars().count() <= 301);
}
