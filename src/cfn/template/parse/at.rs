//! A value of the template and the place it stands at, asked for the shape it should have and taken from there.

use serde_json::{Map, Value};

use crate::cfn::TemplateError;

use super::digits::Digits;
use super::place::Place;

type Result<T> = std::result::Result<T, TemplateError>;

/// A value and where it stands.
pub(super) struct At<'a> {
    /// The value, short tags already long. What is read of it is taken out.
    value: &'a mut Value,
    place: Place<'a>,
    /// Numbers as they were written.
    digits: &'a Digits,
}

impl<'a> At<'a> {
    pub(super) fn root(value: &'a mut Value, digits: &'a Digits) -> Self {
        Self { value, place: Place::ROOT, digits }
    }

    pub(super) fn error(&self, message: impl Into<String>) -> TemplateError {
        TemplateError { message: message.into(), pointer: self.place.pointer() }
    }

    /// An error about a key of this mapping.
    pub(super) fn error_at(&self, key: &str, message: impl Into<String>) -> TemplateError {
        TemplateError { message: message.into(), pointer: self.place.key(key).pointer() }
    }

    fn wrong(&self, wanted: &str) -> TemplateError {
        self.error(format!("{} must be {wanted}, not {}", self.place.name(), describe(self.value)))
    }

    /// The value as it stands.
    pub(super) fn value(&self) -> &Value {
        self.value
    }

    /// The value itself.
    pub(super) fn take(self) -> Value {
        self.value.take()
    }

    /// The value of a key; absent and null are nothing.
    pub(super) fn get<'b>(&'b mut self, key: &'b str) -> Option<At<'b>> {
        let value = self.value.get_mut(key).filter(|value| !value.is_null())?;
        Some(At { value, place: self.place.key(key), digits: self.digits })
    }

    fn object(&self) -> Result<&Map<String, Value>> {
        self.value.as_object().ok_or_else(|| self.wrong("a mapping"))
    }

    /// The mapping itself.
    pub(super) fn mapping(self) -> Result<Map<String, Value>> {
        match self.value {
            Value::Object(map) => Ok(std::mem::take(map)),
            _ => Err(self.wrong("a mapping")),
        }
    }

    /// The entries of a mapping, each where it stands.
    pub(super) fn entries<'b>(&'b mut self) -> Result<impl Iterator<Item = (&'b String, At<'b>)>> {
        self.object()?;
        let Self { value, place, digits } = self;
        let (place, digits) = (&*place, *digits);
        let entry = move |(key, value): (&'b String, &'b mut Value)| {
            (key, At { value, place: place.key(key), digits })
        };
        Ok(value.as_object_mut().into_iter().flatten().map(entry))
    }

    /// Keys of the mapping that are not among these are an error.
    pub(super) fn only(&self, known: &[&str]) -> Result<()> {
        match self.object()?.keys().find(|key| !known.contains(&key.as_str())) {
            None => Ok(()),
            Some(key) => {
                let message = format!("`{key}` is not known here; known are {}", known.join(", "));
                Err(self.error_at(key, message))
            }
        }
    }

    pub(super) fn text(self) -> Result<String> {
        match self.value {
            Value::String(text) => Ok(std::mem::take(text)),
            _ => Err(self.wrong("text")),
        }
    }

    pub(super) fn as_text(&self) -> Result<&str> {
        self.value.as_str().ok_or_else(|| self.wrong("text"))
    }

    /// Text, a number or a boolean, as text; a number keeps its digits.
    pub(super) fn scalar(&self) -> Result<String> {
        match &*self.value {
            Value::String(text) => Ok(text.clone()),
            Value::Bool(value) => Ok(value.to_string()),
            Value::Number(number) => {
                let written = self.digits.get(&self.place);
                Ok(written.map_or_else(|| number.to_string(), str::to_owned))
            }
            _ => Err(self.wrong("text")),
        }
    }

    /// A boolean, also as the text `true` or `false`, as the service takes it.
    pub(super) fn boolean(&self) -> Result<bool> {
        match &*self.value {
            Value::Bool(value) => Ok(*value),
            Value::String(text) if text.eq_ignore_ascii_case("true") => Ok(true),
            Value::String(text) if text.eq_ignore_ascii_case("false") => Ok(false),
            _ => Err(self.wrong("true or false")),
        }
    }

    pub(super) fn number<T: std::str::FromStr>(&self) -> Result<T> {
        self.scalar()?.trim().parse().map_err(|_| self.wrong("a number"))
    }

    pub(super) fn items(&mut self) -> Result<impl Iterator<Item = At<'_>>> {
        if !self.value.is_array() {
            return Err(self.wrong("a list"));
        }
        let Self { value, place, digits } = self;
        let (place, digits) = (&*place, *digits);
        let item = move |(index, value)| At { value, place: place.item(index), digits };
        Ok(value.as_array_mut().into_iter().flatten().enumerate().map(item))
    }
}

/// What a value is, for messages.
fn describe(value: &Value) -> String {
    match value {
        Value::Null => "nothing".to_owned(),
        Value::Bool(value) => format!("the boolean `{value}`"),
        Value::Number(number) => format!("the number `{number}`"),
        Value::String(text) => {
            format!(
                "the text `{}`",
                text.lines().next().unwrap_or_default().chars().take(40).collect::<String>()
            )
        }
        Value::Array(_) => "a list".to_owned(),
        Value::Object(map) => match map.keys().next() {
            Some(key) if map.len() == 1 && (key == "Ref" || key.starts_with("Fn::")) => format!("`{key}`"),
            _ => "a mapping".to_owned(),
        },
    }
}
