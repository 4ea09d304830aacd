//! A value of the template and the pointer it stands at, asked for the shape it should have.

use serde_json::{Map, Value};

use crate::cfn::TemplateError;
use crate::source::{Document, escape};

type Result<T> = std::result::Result<T, TemplateError>;

/// A value and where it stands.
#[derive(Clone)]
pub(super) struct At<'a> {
    /// The value, short tags already long.
    pub(super) value: &'a Value,
    pointer: String,
    /// The text it came from, where numbers still have their digits.
    document: Option<&'a Document>,
}

impl<'a> At<'a> {
    pub(super) fn root(value: &'a Value, document: Option<&'a Document>) -> Self {
        Self { value, pointer: String::new(), document }
    }

    pub(super) fn error(&self, message: impl Into<String>) -> TemplateError {
        TemplateError { message: message.into(), pointer: self.pointer.clone() }
    }

    /// An error about a key of this mapping.
    pub(super) fn error_at(&self, key: &str, message: impl Into<String>) -> TemplateError {
        TemplateError { message: message.into(), pointer: format!("{}/{}", self.pointer, escape(key)) }
    }

    fn wrong(&self, wanted: &str) -> TemplateError {
        let name = self.pointer.rsplit('/').next().unwrap_or_default().replace("~1", "/").replace("~0", "~");
        let name = if name.is_empty() { "the template".to_owned() } else { format!("`{name}`") };
        self.error(format!("{name} must be {wanted}, not {}", describe(self.value)))
    }

    pub(super) fn child(&self, key: &str, value: &'a Value) -> Self {
        Self { value, pointer: format!("{}/{}", self.pointer, escape(key)), document: self.document }
    }

    /// The value of a key; absent and null are nothing.
    pub(super) fn get(&self, key: &str) -> Option<Self> {
        let value = self.value.get(key).filter(|value| !value.is_null())?;
        Some(self.child(key, value))
    }

    pub(super) fn mapping(&self) -> Result<&'a Map<String, Value>> {
        self.value.as_object().ok_or_else(|| self.wrong("a mapping"))
    }

    /// The entries of a mapping, each where it stands.
    pub(super) fn entries(&self) -> Result<impl Iterator<Item = (&'a String, Self)>> {
        Ok(self.mapping()?.iter().map(|(key, value)| (key, self.child(key, value))))
    }

    /// Keys of the mapping that are not among these are an error.
    pub(super) fn only(&self, known: &[&str]) -> Result<()> {
        match self.mapping()?.keys().find(|key| !known.contains(&key.as_str())) {
            None => Ok(()),
            Some(key) => {
                let message = format!("`{key}` is not known here; known are {}", known.join(", "));
                Err(self.error_at(key, message))
            }
        }
    }

    pub(super) fn text(&self) -> Result<String> {
        self.value.as_str().map(str::to_owned).ok_or_else(|| self.wrong("text"))
    }

    /// Text, a number or a boolean, as text; a number keeps its digits.
    pub(super) fn scalar(&self) -> Result<String> {
        match self.value {
            Value::String(text) => Ok(text.clone()),
            Value::Bool(value) => Ok(value.to_string()),
            Value::Number(number) => {
                let written = self.document.and_then(|document| document.get(&self.pointer)?.raw());
                Ok(written.map_or_else(|| number.to_string(), str::to_owned))
            }
            _ => Err(self.wrong("text")),
        }
    }

    /// A boolean, also as the text `true` or `false`, as the service takes it.
    pub(super) fn boolean(&self) -> Result<bool> {
        match self.value {
            Value::Bool(value) => Ok(*value),
            Value::String(text) if text.eq_ignore_ascii_case("true") => Ok(true),
            Value::String(text) if text.eq_ignore_ascii_case("false") => Ok(false),
            _ => Err(self.wrong("true or false")),
        }
    }

    pub(super) fn number<T: std::str::FromStr>(&self) -> Result<T> {
        self.scalar()?.trim().parse().map_err(|_| self.wrong("a number"))
    }

    pub(super) fn items(&self) -> Result<impl Iterator<Item = Self>> {
        let items = self.value.as_array().ok_or_else(|| self.wrong("a list"))?;
        Ok(items.iter().enumerate().map(|(index, value)| self.child(&index.to_string(), value)))
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
