//! Walking a provider schema.

use serde_json::Value;

/// As many references lead to each other at most.
const LONGEST_CHAIN: usize = 16;

/// What a node of the schema refers to with `$ref`, or the node itself.
pub fn resolved<'a>(schema: &'a Value, mut node: &'a Value) -> &'a Value {
    for _ in 0..LONGEST_CHAIN {
        let target = node.get("$ref").and_then(Value::as_str).and_then(|path| path.strip_prefix('#'));
        match target.and_then(|path| schema.pointer(path)) {
            Some(target) => node = target,
            None => break,
        }
    }
    node
}
