//! A type error on its way out of serde: it gathers its place first and its path as it passes each level.

use std::fmt::Display;

use serde::de::{self, Expected, Unexpected};

use crate::source::{Span, TypeError, TypeErrorKind, pointer};

/// A step of the path to the value.
#[derive(Debug)]
pub(super) enum Segment {
    /// Of a mapping.
    Key(String),
    /// Of a list.
    Index(usize),
}

/// A [`TypeError`] that may not know its place yet.
#[derive(Debug)]
pub(super) struct Failure(Box<Inner>);

#[derive(Debug)]
struct Inner {
    kind: TypeErrorKind,
    span: Option<Span>,
    help: Option<String>,
    /// Innermost first.
    path: Vec<Segment>,
}

impl Failure {
    pub(super) fn new(kind: TypeErrorKind) -> Self {
        Self(Box::new(Inner { kind, span: None, help: None, path: Vec::new() }))
    }

    pub(super) fn wrong_type(expected: impl Into<String>, found: impl Into<String>) -> Self {
        Self::new(TypeErrorKind::WrongType { expected: expected.into(), found: found.into() })
    }

    pub(super) fn help(mut self, help: impl Into<String>) -> Self {
        self.0.help = Some(help.into());
        self
    }

    /// Says where, unless something further in has said so.
    pub(super) fn at(mut self, span: Span) -> Self {
        self.0.span.get_or_insert(span);
        self
    }

    /// Passes out of a mapping or list.
    pub(super) fn within(mut self, segment: Segment) -> Self {
        self.0.path.push(segment);
        self
    }

    pub(super) fn finish(self, root: Span) -> TypeError {
        let Inner { kind, span, help, path } = *self.0;
        let subject = subject(&path);
        let names = path.iter().rev().map(|segment| match segment {
            Segment::Key(key) => key.clone(),
            Segment::Index(index) => index.to_string(),
        });
        TypeError { kind, span: span.unwrap_or(root), pointer: pointer(names), subject, help }
    }
}

fn subject(path: &[Segment]) -> String {
    match path {
        [] => "the file".to_owned(),
        [Segment::Key(key), ..] => format!("`{key}`"),
        [Segment::Index(index), rest @ ..] => format!("item {} of {}", index + 1, subject(rest)),
    }
}

/// serde's words for what it wants, in ours.
fn wanted(expected: &dyn Expected) -> String {
    let text = expected.to_string();
    match text.as_str() {
        "a string" | "a borrowed string" | "a str" => "text".to_owned(),
        "a sequence" => "a list".to_owned(),
        "a map" => "a mapping".to_owned(),
        "unit" => "nothing".to_owned(),
        "i8" | "i16" | "i32" | "i64" | "u8" | "u16" | "u32" | "u64" | "usize" | "isize" => {
            "an integer".to_owned()
        }
        "f32" | "f64" => "a number".to_owned(),
        _ if text.starts_with("struct ") => "a mapping".to_owned(),
        _ if text.starts_with("tuple ") => "a list".to_owned(),
        _ => text,
    }
}

fn found(unexpected: &Unexpected<'_>) -> String {
    match unexpected {
        Unexpected::Bool(value) => format!("the boolean `{value}`"),
        Unexpected::Unsigned(value) => format!("the integer `{value}`"),
        Unexpected::Signed(value) => format!("the integer `{value}`"),
        Unexpected::Float(value) => format!("the number `{value}`"),
        Unexpected::Str(value) => format!("the text `{value}`"),
        Unexpected::Unit | Unexpected::Option => "nothing".to_owned(),
        Unexpected::Seq => "a list".to_owned(),
        Unexpected::Map => "a mapping".to_owned(),
        other => other.to_string(),
    }
}

impl de::Error for Failure {
    fn custom<T: Display>(message: T) -> Self {
        Self::new(TypeErrorKind::Refused { reason: message.to_string() })
    }

    fn invalid_type(unexpected: Unexpected<'_>, expected: &dyn Expected) -> Self {
        use Unexpected::{Bool, Float, Signed, Unsigned};
        let found = found(&unexpected);
        match (unexpected, wanted(expected)) {
            (Bool(_) | Float(_) | Signed(_) | Unsigned(_), wanted) if wanted == "text" => {
                Self::new(TypeErrorKind::Unquoted { found }).help("put the value in quotes")
            }
            (_, wanted) => Self::wrong_type(wanted, found),
        }
    }

    fn invalid_value(unexpected: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::wrong_type(wanted(expected), found(&unexpected))
    }

    fn unknown_variant(variant: &str, known: &'static [&'static str]) -> Self {
        Self::new(TypeErrorKind::UnknownName { name: variant.to_owned(), known })
    }

    fn unknown_field(field: &str, known: &'static [&'static str]) -> Self {
        Self::new(TypeErrorKind::UnknownKey { key: field.to_owned(), known })
    }

    fn missing_field(field: &'static str) -> Self {
        Self::new(TypeErrorKind::MissingKey { key: field })
    }
}

impl Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:?}", self.0.kind)
    }
}

impl std::error::Error for Failure {}
