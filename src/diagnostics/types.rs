//! Type errors as findings: 02xx.

use super::{Code, Diagnostic, nearest};
use crate::source::{TypeError, TypeErrorKind};

/// The codes of type errors.
pub mod codes {
    use super::Code;

    /// A key that does not exist.
    pub const UNKNOWN_KEY: Code = Code::new("ASG0201");
    /// A value of another type.
    pub const WRONG_TYPE: Code = Code::new("ASG0202");
    /// A text that is none of the names allowed.
    pub const UNKNOWN_NAME: Code = Code::new("ASG0203");
    /// A version, an account or another text that is a number without quotes.
    pub const UNQUOTED: Code = Code::new("ASG0204");
    /// A key that has to be there.
    pub const MISSING_KEY: Code = Code::new("ASG0205");
    /// A value its type refuses.
    pub const REFUSED: Code = Code::new("ASG0206");
}

impl From<&TypeErrorKind> for Code {
    fn from(kind: &TypeErrorKind) -> Self {
        match kind {
            TypeErrorKind::UnknownKey { .. } => codes::UNKNOWN_KEY,
            TypeErrorKind::WrongType { .. } => codes::WRONG_TYPE,
            TypeErrorKind::UnknownName { .. } => codes::UNKNOWN_NAME,
            TypeErrorKind::Unquoted { .. } => codes::UNQUOTED,
            TypeErrorKind::MissingKey { .. } => codes::MISSING_KEY,
            TypeErrorKind::Refused { .. } => codes::REFUSED,
        }
    }
}

impl From<TypeError> for Diagnostic {
    fn from(error: TypeError) -> Self {
        let mut diagnostic = Self::error((&error.kind).into(), error.to_string()).primary(error.span, "");
        diagnostic.help = error.help.or_else(|| match &error.kind {
            TypeErrorKind::UnknownKey { key, known } => Some(meant(key, known)),
            TypeErrorKind::UnknownName { name, known } => Some(meant(name, known)),
            _ => None,
        });
        diagnostic
    }
}

impl From<Box<TypeError>> for Diagnostic {
    fn from(error: Box<TypeError>) -> Self {
        (*error).into()
    }
}

/// What to write instead of an unknown name: the nearest, or the choice.
fn meant(word: &str, known: &[&str]) -> String {
    let names = || known.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    match nearest(word, known.iter().copied()) {
        Some(name) => format!("did you mean `{name}`?"),
        None if known.is_empty() => "remove it".to_owned(),
        None => format!("known here: {}", names()),
    }
}
