//! The tree as JSON: for JSON Schema, and for CloudFormation, whose short tags become their long forms.

use serde_json::{Map, Number, Value as Json, json};

use super::{Kind, Node, ScalarStyle, Value, scalar};

/// What to do with tags such as `!Ref`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tags {
    /// Leave them out: the value alone.
    Ignore,
    /// As CloudFormation does: `!Ref x` is `{"Ref": "x"}`, `!GetAtt a.b` is `{"Fn::GetAtt": ["a", "b"]}`,
    /// `!Condition x` is `{"Condition": "x"}`, any other `!X` is `{"Fn::X": …}`. Plain scalars are what YAML 1.1 makes of
    /// them: `yes` is true, `010` is eight.
    CloudFormation,
}

impl Node {
    /// The tree as JSON. Numbers JSON does not have (`.inf`, `.nan`) stay text.
    pub fn to_json(&self, tags: Tags) -> Json {
        self.clone().into_json(tags)
    }

    /// The same of a tree that nobody needs any longer: its texts are not copied.
    pub fn into_json(self, tags: Tags) -> Json {
        let bare = match self.kind {
            Kind::Scalar { value, style } => scalar_json(value, style, self.tag.as_deref(), tags),
            Kind::Sequence(items) => items.into_iter().map(|item| item.into_json(tags)).collect(),
            Kind::Mapping(entries) => {
                let pairs = entries.into_iter().map(|entry| (entry.key, entry.value.into_json(tags)));
                Json::Object(pairs.collect::<Map<_, _>>())
            }
        };
        match (tags, self.tag.as_deref().and_then(short_tag)) {
            (Tags::CloudFormation, Some(name)) => intrinsic(name, bare),
            _ => bare,
        }
    }
}

fn scalar_json(raw: String, style: ScalarStyle, tag: Option<&str>, tags: Tags) -> Json {
    let old = || scalar::as_yaml_1_1(&raw).filter(|_| tags == Tags::CloudFormation && tag.is_none());
    let value = if style == ScalarStyle::Plain { old() } else { None };
    let number = match value.unwrap_or_else(|| scalar::resolve(&raw, style, tag)) {
        Value::Null => return Json::Null,
        Value::Bool(value) => return json!(value),
        Value::Int(value) => Number::from_i128(value),
        Value::Float(value) => Number::from_f64(value),
        Value::Text(_) => None,
    };
    number.map_or(Json::String(raw), Json::Number)
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
    fn cloudformation_reads_plain_scalars_by_yaml_1_1() {
        let (_, doc) = load(
            "[yes, 'no', OFF, y, 010, 012345670123, 012345678901, 1_000, 12:30:45, 80:80, 0b11, 0o17, 1.10, 2012-10-17, !!str yes]",
        );
        let expected = json!([
            true,
            "no",
            false,
            "y",
            8,
            1_402_433_619,
            "012345678901",
            1_000,
            45_045,
            "80:80",
            3,
            "0o17",
            1.1,
            "2012-10-17",
            "yes"
        ]);
        assert_eq!(doc.root.to_json(Tags::CloudFormation), expected);
    }

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
            ("! 'Ref': Vpc", json!({"Ref": "Vpc"})),
        ] {
            let (_, doc) = load(short);
            assert_eq!(doc.root.to_json(Tags::CloudFormation), long, "{short}");
        }
        let (_, doc) = load("a: !Ref Vpc");
        assert_eq!(doc.root.to_json(Tags::Ignore), json!({"a": "Vpc"}));
    }
}
