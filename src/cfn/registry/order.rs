//! Which lists of a provider schema have no order.

use std::collections::BTreeSet;

use serde_json::Value;

/// Types such as WAF's rules nest without end; deeper than this their lists count as ordered.
const DEEPEST: usize = 6;

/// The paths of the lists without an order (`insertionOrder: false`), sorted; `*` is any item.
pub(super) fn unordered(schema: &Value) -> Vec<String> {
    let mut walk = Walk { schema, open: Vec::new(), found: BTreeSet::new() };
    walk.properties(schema, &mut Vec::new());
    walk.found.into_iter().collect()
}

struct Walk<'a> {
    schema: &'a Value,
    /// What is being read now: a node that refers to one of them is not read again.
    open: Vec<&'a str>,
    found: BTreeSet<String>,
}

impl<'a> Walk<'a> {
    fn properties(&mut self, node: &'a Value, path: &mut Vec<&'a str>) {
        for (name, inner) in node.get("properties").and_then(Value::as_object).into_iter().flatten() {
            path.push(name);
            self.node(inner, path);
            path.pop();
        }
    }

    fn node(&mut self, node: &'a Value, path: &mut Vec<&'a str>) {
        if path.len() > DEEPEST {
            return;
        }
        if let Some(reference) = node.get("$ref").and_then(Value::as_str) {
            let target = reference.strip_prefix('#').and_then(|target| self.schema.pointer(target));
            if let Some(target) = target.filter(|_| !self.open.contains(&reference)) {
                self.open.push(reference);
                self.node(target, path);
                self.open.pop();
            }
            return;
        }
        let items = node.get("items");
        if node.get("insertionOrder") == Some(&Value::Bool(false)) && items.is_some() {
            self.found.insert(path.join("/"));
        }
        if let Some(items) = items.filter(|items| items.is_object()) {
            path.push("*");
            self.node(items, path);
            path.pop();
        }
        self.properties(node, path);
    }
}
