//! Functions that make text. Text with an unknown part is unknown, and shows the part where it stands.

use indexmap::IndexMap;
use serde_json::Value;

use super::{Evaluator, function::Outcome};
use crate::cfn::{Effective, Unknown};

/// Text that grows, and remembers whether all of it is known.
#[derive(Default)]
struct Builder {
    text: String,
    unknown: Vec<Effective>,
}

impl Builder {
    fn push(&mut self, value: &Effective, function: &str) -> Outcome<()> {
        if let Effective::Unknown(unknown) = value {
            self.text.push_str(&unknown.text);
            self.unknown.push(value.clone());
            return Ok(());
        }
        let text = value.as_text().ok_or_else(|| format!("`{function}` can only use text"))?;
        self.text.push_str(&text);
        Ok(())
    }

    fn finish(self) -> Effective {
        let Self { text, unknown } = self;
        let is_unknown = !unknown.is_empty() || text.contains("{{resolve:");
        if is_unknown { Effective::Unknown(Unknown::of(text, &unknown)) } else { Effective::String(text) }
    }
}

/// What a function makes of an unknown value: unknown, shown as `Name(${…})`.
pub(super) fn derived(name: &str, value: &Effective) -> Effective {
    let text = match value.to_json() {
        Value::String(text) => text,
        other => other.to_string(),
    };
    Effective::Unknown(Unknown::of(format!("{name}({text})"), [value]))
}

impl Evaluator<'_> {
    pub(super) fn substitute(&self, argument: &Value) -> Outcome {
        let none = IndexMap::new();
        match argument {
            Value::String(text) => self.fill(text, &none),
            Value::Array(items) => match items.as_slice() {
                [Value::String(text)] => self.fill(text, &none),
                [Value::String(text), Value::Object(variables)] => self.fill(text, &self.entries(variables)),
                _ => Err("`Fn::Sub` must have a text and a mapping of variables".to_owned()),
            },
            _ => Err("`Fn::Sub` must have a text".to_owned()),
        }
    }

    fn fill(&self, text: &str, variables: &IndexMap<String, Effective>) -> Outcome {
        let mut built = Builder::default();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("${") {
            built.text.push_str(before);
            let Some((name, after)) = after.split_once('}') else {
                return Err("`Fn::Sub` has a `${` that is never closed".to_owned());
            };
            match name.strip_prefix('!') {
                Some(literal) => built.text.extend(["${", literal, "}"]),
                None => built.push(&self.variable(name.trim(), variables)?, "Fn::Sub")?,
            }
            rest = after;
        }
        built.text.push_str(rest);
        Ok(built.finish())
    }

    fn variable(&self, name: &str, variables: &IndexMap<String, Effective>) -> Outcome {
        match (variables.get(name), name.split_once('.')) {
            (Some(value), _) => Ok(value.clone()),
            (None, Some((id, attribute))) => self.attribute(id, attribute),
            (None, None) => self.named(name),
        }
    }

    pub(super) fn join(&self, argument: &Value) -> Outcome {
        let arguments = self.arguments("Fn::Join", argument, &[2])?;
        let [separator, items] = arguments.as_slice() else { return Err(String::new()) };
        let items = match items {
            Effective::List(items) => items,
            Effective::Unknown(_) => return Ok(derived("Join", items)),
            _ => return Err("the second of `Fn::Join` must be a list".to_owned()),
        };
        let mut built = Builder::default();
        for (index, item) in items.iter().enumerate() {
            if index > 0 {
                built.push(separator, "Fn::Join")?;
            }
            built.push(item, "Fn::Join")?;
        }
        Ok(built.finish())
    }

    pub(super) fn split(&self, argument: &Value) -> Outcome {
        let arguments = self.arguments("Fn::Split", argument, &[2])?;
        let [separator, text] = arguments.as_slice() else { return Err(String::new()) };
        let separator = separator.as_text().filter(|text| !text.is_empty());
        let separator = separator.ok_or("the first of `Fn::Split` must be a text that is not empty")?;
        match text.as_text() {
            Some(text) => Ok(Effective::List(text.split(&separator).map(Effective::text).collect())),
            None if matches!(text, Effective::Unknown(_)) => Ok(derived("Split", text)),
            None => Err("the second of `Fn::Split` must be text".to_owned()),
        }
    }

    /// Base64 of what is known; what is not stays readable, with its unknown parts.
    pub(super) fn base64(&self, argument: &Value) -> Outcome {
        let value = self.value(argument);
        match value.as_text() {
            Some(text) => Ok(Effective::String(crate::cfn::base64::encode(text.as_bytes()))),
            None if matches!(value, Effective::Unknown(_)) => Ok(value),
            None => Err("`Fn::Base64` must have text".to_owned()),
        }
    }

    pub(super) fn to_json_string(&self, argument: &Value) -> Outcome {
        let value = self.value(argument);
        if !matches!(value, Effective::Map(_) | Effective::List(_) | Effective::Unknown(_)) {
            return Err("`Fn::ToJsonString` must have a mapping or a list".to_owned());
        }
        let text = value.to_json().to_string();
        if value.is_known() {
            return Ok(Effective::String(text));
        }
        Ok(Effective::Unknown(Unknown::of(text, [&value])))
    }
}
