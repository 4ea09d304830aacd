//! What `Fn::GetAtt` gives.

use serde_json::Value;

use super::{ResourceType, older, resolved};

/// What a value is, as far as functions care.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// Text, a number or a boolean.
    Scalar,
    /// A list.
    List,
    /// A mapping, or something that the schema leaves open.
    Other,
}

impl ResourceType {
    /// What `Fn::GetAtt` may ask for; `Outputs.*` is any name after the point.
    pub fn attributes(&self) -> Vec<&str> {
        let own = self.schema().get("attributes").and_then(Value::as_array).into_iter().flatten();
        let mut names: Vec<&str> = own.filter_map(Value::as_str).collect();
        names.extend(older::attributes(self.name));
        names
    }

    /// What `Fn::GetAtt` of that attribute gives, where it has one.
    pub fn attribute(&self, asked: &str) -> Option<Shape> {
        if let Some(is_list) = older::attribute(self.name, asked) {
            return Some(if is_list { Shape::List } else { Shape::Scalar });
        }
        let own = self.schema().get("attributes")?.as_array()?.iter().filter_map(Value::as_str);
        let of_any_name = |known: &str| {
            known.strip_suffix('*').is_some_and(|front| asked.len() > front.len() && asked.starts_with(front))
        };
        for known in own {
            if known == asked {
                return Some(self.property(asked).map_or(Shape::Other, |node| self.shape(node)));
            }
            if of_any_name(known) {
                return Some(Shape::Scalar);
            }
        }
        None
    }

    /// The schema of a property; nested ones have points between.
    fn property(&self, path: &str) -> Option<&Value> {
        path.split('.').try_fold(self.schema(), |node, step| {
            let node = resolved(self.schema(), node);
            node.get("properties")?.get(step)
        })
    }

    fn shape(&self, node: &Value) -> Shape {
        let node = resolved(self.schema(), node);
        match node.get("type") {
            Some(Value::String(kind)) => match kind.as_str() {
                "array" => Shape::List,
                "string" | "integer" | "number" | "boolean" => Shape::Scalar,
                _ => Shape::Other,
            },
            None if node.get("items").is_some() => Shape::List,
            None if node.get("enum").is_some() || node.get("pattern").is_some() => Shape::Scalar,
            _ => Shape::Other,
        }
    }
}
