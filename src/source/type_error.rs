//! What can be wrong with a value that is well-formed YAML: its type, its keys, its name.

use super::Span;

/// A value that does not fit the type it is read as. Reading stops at the first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TypeError {
    /// What kind.
    pub kind: TypeErrorKind,
    /// Where: the innermost value or key.
    pub span: Span,
    /// The same as a JSON pointer.
    pub pointer: String,
    /// What a person calls it: `` `port` ``, `` item 2 of `subnets` ``, `the file`.
    pub subject: String,
    /// What to write, where that does not need the known names.
    pub help: Option<String>,
}

/// The kinds of type error; [`crate::diagnostics`] has a code for each.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TypeErrorKind {
    /// A key the type does not have.
    UnknownKey {
        /// As written.
        key: String,
        /// The keys there are.
        known: &'static [&'static str],
    },
    /// A value of another type.
    WrongType {
        /// `an integer`.
        expected: String,
        /// `` the text `abc` ``.
        found: String,
    },
    /// A text that is none of the names allowed.
    UnknownName {
        /// As written.
        name: String,
        /// The names there are.
        known: &'static [&'static str],
    },
    /// Text was wanted, and what was written means a number or a boolean without quotes.
    Unquoted {
        /// `` the number `1.10` ``.
        found: String,
    },
    /// A key that has to be there.
    MissingKey {
        /// Its name.
        key: &'static str,
    },
    /// The type itself refused the value, in its own words.
    Refused {
        /// Why: a lower-case phrase.
        reason: String,
    },
}

impl std::fmt::Display for TypeError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let subject = &self.subject;
        match &self.kind {
            TypeErrorKind::UnknownKey { key, .. } => write!(f, "unknown key `{key}` in {subject}"),
            TypeErrorKind::MissingKey { key } => write!(f, "missing key `{key}` in {subject}"),
            TypeErrorKind::WrongType { expected, found } => {
                write!(f, "expected {expected} for {subject}, found {found}")
            }
            TypeErrorKind::UnknownName { name, .. } => write!(f, "unknown value `{name}` for {subject}"),
            TypeErrorKind::Unquoted { found } => {
                write!(f, "expected text for {subject}, found {found} without quotes")
            }
            TypeErrorKind::Refused { reason } => write!(f, "{subject}: {reason}"),
        }
    }
}

impl std::error::Error for TypeError {}
