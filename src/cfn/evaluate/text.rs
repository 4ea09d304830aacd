//! Functions that make text. Text with an unknown part is unknown, and shows the part where it stands.

use indexmap::IndexMap;
use serde_json::Value;

use std::borrow::Cow;

use super::budget::{self, Budget, Over, TEXT, json_length, weight};
use super::{Evaluator, function::Outcome};
use crate::cfn::{Effective, Unknown, made};

/// Text that grows, and remembers whether all of it is known.
struct Builder<'a> {
    function: &'static str,
    budget: &'a Budget,
    text: String,
    /// The same, as it is made.
    made: String,
    /// Where its unknown parts come from.
    unknown: Option<Unknown>,
}

impl<'a> Builder<'a> {
    fn new(function: &'static str, budget: &'a Budget) -> Self {
        Self { function, budget, text: String::new(), made: String::new(), unknown: None }
    }

    fn literal(&mut self, text: &str) -> Outcome<()> {
        self.made.push_str(&made::literal(text));
        self.shown(text)
    }

    fn shown(&mut self, text: &str) -> Outcome<()> {
        if self.text.len() + text.len() > TEXT {
            return Err(Over::Text(self.function).into());
        }
        self.budget.spend(text.len())?;
        self.text.push_str(text);
        Ok(())
    }

    fn push(&mut self, value: &Effective) -> Outcome<()> {
        match value {
            Effective::Unknown(unknown) => {
                self.budget.spend(weight(value))?;
                let known = self.unknown.get_or_insert_with(|| Unknown::of("", "", []));
                known.references.extend(unknown.references.iter().cloned());
                known.outside.extend(unknown.outside.iter().cloned());
                self.made.push_str(&unknown.made);
                self.shown(&unknown.text)
            }
            Effective::String(text) => self.literal(text),
            other => match other.as_text() {
                Some(text) => self.literal(&text),
                None => Err(format!("`{}` can only use text", self.function).into()),
            },
        }
    }

    fn finish(self) -> Effective {
        let Self { text, made, unknown, .. } = self;
        match unknown {
            Some(unknown) => Effective::Unknown(Unknown { text, made, ..unknown }),
            None if text.contains("{{resolve:") => Effective::looked_up(text),
            None => Effective::String(text),
        }
    }
}

/// An argument among others: a word as it is, any other text in quotation marks.
fn shown(value: &Effective) -> String {
    let is_word = |text: &str| {
        text.contains(char::is_alphanumeric)
            && text.chars().all(|letter| letter.is_alphanumeric() || "._/:-".contains(letter))
    };
    match value {
        Effective::Unknown(unknown) => unknown.text.clone(),
        Effective::String(text) if is_word(text) => text.clone(),
        other => other.to_json().to_string(),
    }
}

impl Evaluator<'_> {
    /// What a function makes of arguments of which one is unknown: unknown, shown as `Name(${…}, 4)`.
    pub(super) fn derived(&self, name: &'static str, arguments: &[Effective]) -> Outcome {
        self.budget.spend(arguments.iter().map(weight).sum())?;
        let shown: Vec<String> = arguments.iter().map(shown).collect();
        let text = format!("{name}({})", shown.join(", "));
        self.text(name, text.len())?;
        let made: Vec<_> = arguments.iter().map(made::of).collect();
        let made = made::call(name, made.iter().map(AsRef::as_ref));
        Ok(Effective::Unknown(Unknown::of(text, made, arguments)))
    }

    /// A function is to make a text of that many bytes.
    fn text(&self, function: &'static str, bytes: usize) -> Outcome<()> {
        if bytes > TEXT { Err(Over::Text(function).into()) } else { self.budget.spend(bytes) }
    }

    pub(super) fn substitute(&self, argument: &Value) -> Outcome {
        let none = IndexMap::new();
        match argument {
            Value::String(text) => self.fill(text, &none),
            Value::Array(items) => match items.as_slice() {
                [Value::String(text)] => self.fill(text, &none),
                [Value::String(text), Value::Object(variables)] => self.fill(text, &self.entries(variables)),
                _ => Err("`Fn::Sub` must have a text and a mapping of variables".into()),
            },
            _ => Err("`Fn::Sub` must have a text".into()),
        }
    }

    fn fill(&self, text: &str, variables: &IndexMap<String, Effective>) -> Outcome {
        let mut built = Builder::new("Fn::Sub", &self.budget);
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("${") {
            built.literal(before)?;
            let Some((name, after)) = after.split_once('}') else {
                return Err("`Fn::Sub` has a `${` that is never closed".into());
            };
            match name.strip_prefix('!') {
                Some(literal) => ["${", literal, "}"].into_iter().try_for_each(|part| built.literal(part))?,
                None => built.push(&*self.variable(name.trim(), variables)?)?,
            }
            rest = after;
        }
        built.literal(rest)?;
        Ok(built.finish())
    }

    fn variable<'v>(
        &self,
        name: &str,
        variables: &'v IndexMap<String, Effective>,
    ) -> Outcome<Cow<'v, Effective>> {
        match (variables.get(name), name.split_once('.')) {
            (Some(value), _) => Ok(Cow::Borrowed(value)),
            (None, Some((id, attribute))) => self.attribute(id, attribute).map(Cow::Owned),
            (None, None) => self.named(name).map(Cow::Owned),
        }
    }

    pub(super) fn join(&self, argument: &Value) -> Outcome {
        let arguments = self.arguments("Fn::Join", argument, &[2])?;
        let [separator, items] = arguments.as_slice() else { return Err("".into()) };
        let items = match items {
            Effective::List(items) => items,
            Effective::Unknown(_) => return self.derived("Join", &arguments),
            _ => return Err("the second of `Fn::Join` must be a list".into()),
        };
        let mut built = Builder::new("Fn::Join", &self.budget);
        for (index, item) in items.iter().enumerate() {
            if index > 0 {
                built.push(separator)?;
            }
            built.push(item)?;
        }
        Ok(built.finish())
    }

    pub(super) fn split(&self, argument: &Value) -> Outcome {
        let arguments = self.arguments("Fn::Split", argument, &[2])?;
        let [separator, text] = arguments.as_slice() else { return Err("".into()) };
        let is_text = text.as_text().is_some() || matches!(text, Effective::Unknown(_));
        if matches!(separator, Effective::Unknown(_)) && is_text {
            return self.derived("Split", &arguments);
        }
        let separator = separator.as_text().filter(|text| !text.is_empty());
        let separator = separator.ok_or("the first of `Fn::Split` must be a text that is not empty")?;
        match text.as_text() {
            Some(text) => {
                let parts = text.matches(&separator).count() + 1;
                self.budget.spend(budget::of_values(parts, text.len()))?;
                Ok(Effective::List(text.split(&separator).map(Effective::text).collect()))
            }
            None if matches!(text, Effective::Unknown(_)) => self.derived("Split", &arguments),
            None => Err("the second of `Fn::Split` must be text".into()),
        }
    }

    /// Base64 of what is known; what is not stays readable, with its unknown parts.
    pub(super) fn base64(&self, argument: &Value) -> Outcome {
        let value = self.value(argument);
        match value.as_text() {
            Some(text) => {
                self.text("Fn::Base64", text.len().div_ceil(3) * 4)?;
                Ok(Effective::String(crate::cfn::base64::encode(text.as_bytes())))
            }
            None => match value {
                Effective::Unknown(unknown) => {
                    let made = made::call("Base64", [unknown.made.as_str()]);
                    self.text("Fn::Base64", made.len())?;
                    Ok(Effective::Unknown(Unknown { made, ..unknown }))
                }
                _ => Err("`Fn::Base64` must have text".into()),
            },
        }
    }

    pub(super) fn to_json_string(&self, argument: &Value) -> Outcome {
        let value = self.value(argument);
        if !matches!(value, Effective::Map(_) | Effective::List(_) | Effective::Unknown(_)) {
            return Err("`Fn::ToJsonString` must have a mapping or a list".into());
        }
        self.budget.spend(weight(&value))?;
        let json = value.to_json();
        self.text("Fn::ToJsonString", json_length(&json))?;
        let text = json.to_string();
        if value.is_known() {
            return Ok(Effective::String(text));
        }
        let made = made::call("ToJsonString", [&*made::of(&value)]);
        Ok(Effective::Unknown(Unknown::of(text, made, [&value])))
    }
}
