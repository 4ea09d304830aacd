//! The tree as JSON: for JSON Schema, and for CloudFormation, whose short tags become their long forms.

use serde_json::{Map, Number, Value as Json, json};

use super::{Kind, Node, Value};

/// What to do with tags such as `!Ref`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tags {
    /// Leave them out: the value alone.
    Ignore,
    /// As CloudFormation does: `!Ref x` is `{"Ref": "x"}`, `!GetAtt a.b` is `{"Fn::GetAtt": ["a", "b"]}`,
    /// `!Condition x` is `{"Condition": "x"}`, any other `!X` is `{"Fn::X": …}`.
    CloudFormation,
}

impl Node {
    /// The tree as JSON. Numbers JSON does not have (`.inf`, `.nan`) stay text.
    pub fn to_json(&self, tags: Tags) -> Json {
        let bare = match &self.kind {
            Kind::Scalar { value, .. } => self.scalar_json(value),
            Kind::Sequence(items) => items.iter().map(|item| item.to_json(tags)).collect(),
            Kind::Mapping(entries) => {
                let pairs = entries.iter().map(|entry| (entry.key.clone(), entry.value.to_json(tags)));
                Json::Object(pairs.collect::<Map<_, _>>())
            }
        };
        match (tags, self.tag.as_deref().and_then(short_tag)) {
            (Tags::CloudFormation, Some(name)) => intrinsic(name, bare),
            _ => bare,
        }
    }

    fn scalar_json(&self, raw: &str) -> Json {
        match self.value() {
            Some(Value::Null) | None => Json::Null,
            Some(Value::Bool(value)) => json!(value),
            Some(Value::Int(value)) => Number::from_i128(value).map_or_else(|| json!(raw), Json::Number),
            Some(Value::Float(value)) => Number::from_f64(value).map_or_else(|| json!(raw), Json::Number),
            Some(Value::Text(value)) => json!(value),
        }
    }
}

/// `Ref` of `!Ref`; nothing for `!!str` and verbatim tags.
fn short_tag(tag: &str) -> Option<&str> {
    tag.strip_prefix('!').filter(|name| !name.is_empty() && !name.starts_with(['!', '<']))
}

fn intrinsic(name: &str, value: Json) -> Json {
    let (key, value) = match (name, value) {
        ("Ref" | "Condition", value) => (name.to_owned(), value),
        ("GetAtt", Json::String(path)) => {
            let value = path.split_once('.').map_or_else(|| json!(path), |(id, name)| json!([id, name]));
            ("Fn::GetAtt".to_owned(), value)
        }
        (_, value) => (format!("Fn::{name}"), value),
    };
    Json::Object(std::iter::once((key, value)).collect())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::source::{Tags, testing::load};

    #[test]
    fn scalars_keep_their_types() {
        let (_, doc) = load("[1, 1.5, true, ~, '1', yes, 012, .inf, 18446744073709551615]");
        let expected = json!([1, 1.5, true, null, "1", "yes", "012", ".inf", 18_446_744_073_709_551_615_u64]);
        assert_eq!(doc.root.to_json(Tags::Ignore), expected);
    }

    #[test]
    fn short_tags_become_cloudformations_long_forms() {
        for (short, long) in [
            ("!Ref Vpc", json!({"Ref": "Vpc"})),
            ("!GetAtt Role.Arn", json!({"Fn::GetAtt": ["Role", "Arn"]})),
            ("!GetAtt Nested.Outputs.Id", json!({"Fn::GetAtt": ["Nested", "Outputs.Id"]})),
            ("!GetAtt [Role, Arn]", json!({"Fn::GetAtt": ["Role", "Arn"]})),
            ("!Condition IsProd", json!({"Condition": "IsProd"})),
            ("!Sub '${A}-1'", json!({"Fn::Sub": "${A}-1"})),
            ("!GetAZs ''", json!({"Fn::GetAZs": ""})),
            ("!Select [0, !GetAZs '']", json!({"Fn::Select": [0, {"Fn::GetAZs": ""}]})),
            (
                "!If [C, !Ref A, !Ref 'AWS::NoValue']",
                json!({"Fn::If": ["C", {"Ref": "A"}, {"Ref": "AWS::NoValue"}]}),
            ),
            ("!Base64\n  Fn::Sub: x", json!({"Fn::Base64": {"Fn::Sub": "x"}})),
            ("!!str 12", json!("12")),
        ] {
            let (_, doc) = load(short);
            assert_eq!(doc.root.to_json(Tags::CloudFormation), long, "{short}");
        }
        let (_, doc) = load("a: !Ref Vpc");
        assert_eq!(doc.root.to_json(Tags::Ignore), json!({"a": "Vpc"}));
    }
}
