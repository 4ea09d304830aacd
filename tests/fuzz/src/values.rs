//! A sound environment with a few values exchanged: deeper than any text that is made up gets.

use std::sync::LazyLock;

use asagi::source::{Node, SourceMap, Tags, parse};
use serde_json::Value;

use super::spec::{FILES, load};

/// The environments that values are exchanged in.
static SPECS: LazyLock<[Value; 2]> = LazyLock::new(|| {
    let tree = |text: &str| {
        let mut map = SourceMap::new();
        let id = map.add("spec", text);
        parse(&map, id).expect("the examples can be read").root
    };
    let poc = tree(include_str!("../../../environments/poc.yaml"));
    let base = tree(include_str!("../../../environments/base-idhub.yaml"));
    let prod = Node::merge(base, tree(include_str!("../../../environments/prod.yaml")));
    let mut prod = prod.to_json(Tags::Ignore);
    if let Value::Object(map) = &mut prod {
        map.shift_remove("extends");
    }
    [poc.to_json(Tags::Ignore), prod]
});

pub fn run(data: &[u8]) {
    let Some((first, rest)) = data.split_first() else { return };
    let mut spec = SPECS[usize::from(first & 1)].clone();
    edits(&mut spec, rest);
    let text = serde_json::to_string_pretty(&spec).expect("JSON can be written");
    load(&FILES.clone().with("environments/fuzz.yaml", text), "environments/fuzz.yaml");
}

/// Exchanges up to eight values: where (two bytes), how (one), how long (one) and with which text.
pub fn edits(document: &mut Value, mut rest: &[u8]) {
    for _ in 0..8 {
        let [low, high, how, length, more @ ..] = rest else { break };
        let (text, after) = more.split_at(usize::from(*length).min(more.len()));
        rest = after;
        let text = String::from_utf8_lossy(text);
        let pointers = pointers(document);
        let at = usize::from(u16::from_le_bytes([*low, *high])) % pointers.len();
        edit(document, &pointers[at], *how, &text);
    }
}

/// Every value below the root, by pointer.
fn pointers(value: &Value) -> Vec<String> {
    fn walk(value: &Value, at: &str, found: &mut Vec<String>) {
        found.push(at.to_owned());
        let escaped = |key: &str| key.replace('~', "~0").replace('/', "~1");
        match value {
            Value::Object(map) => {
                map.iter().for_each(|(key, value)| walk(value, &format!("{at}/{}", escaped(key)), found))
            }
            Value::Array(items) => {
                items
                    .iter()
                    .enumerate()
                    .for_each(|(index, item)| walk(item, &format!("{at}/{index}"), found));
            }
            _ => {}
        }
    }
    let mut found = Vec::new();
    walk(value, "", &mut found);
    found
}

fn edit(spec: &mut Value, pointer: &str, how: u8, text: &str) {
    let Some(value) = spec.pointer_mut(pointer) else { return };
    match how % 8 {
        0 | 1 => *value = Value::from(text),
        2 => *value = serde_json::from_str(text).unwrap_or_else(|_| Value::from(text.len())),
        3 => *value = Value::Null,
        4 => *value = Value::Array(vec![value.take(), Value::from(text)]),
        5 => match value {
            Value::String(own) => own.push_str(text),
            Value::Number(number) => *value = Value::from(number.as_f64().unwrap_or(1.0) * 1e6),
            Value::Array(items) => items.push(Value::from(text)),
            Value::Object(map) => {
                map.insert(text.to_owned(), Value::from(text));
            }
            _ => {}
        },
        6 => match value {
            Value::Array(items) => items.extend(items.clone()),
            Value::Object(map) => {
                if let Some(first) = map.keys().next().cloned().and_then(|key| map.shift_remove(&key)) {
                    map.insert(text.to_owned(), first);
                }
            }
            _ => *value = serde_json::json!({ text: value.take() }),
        },
        _ => match value {
            Value::Array(items) => items.clear(),
            Value::Object(map) => {
                if let Some(key) = map.keys().nth(text.len() % map.len().max(1)).cloned() {
                    map.shift_remove(&key);
                }
            }
            _ => *value = Value::Bool(text.len().is_multiple_of(2)),
        },
    }
}
