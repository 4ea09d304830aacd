//! What can be wrong with a text before anyone asks what it means.

use super::Span;

/// The kinds of syntax error; [`crate::diagnostics`] has a code for each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum SyntaxKind {
    /// The text is not YAML.
    NotYaml,
    /// A mapping has the same key twice.
    DuplicateKey,
    /// More nodes or text than [`super::MAX_NODES`] and [`super::MAX_TEXT`] once aliases are followed.
    TooManyNodes,
    /// Collections nested deeper than [`super::MAX_DEPTH`].
    TooDeep,
    /// A tab where YAML wants spaces.
    Tab,
    /// A file of more than [`super::MAX_BYTES`].
    TooLarge,
    /// More than one document in the file.
    SeveralDocuments,
    /// Not UTF-8, or a byte order mark.
    Encoding,
    /// A merge key `<<` whose value is not a mapping.
    BadMergeKey,
    /// A key that is a collection, empty or tagged.
    BadKey,
    /// An alias that has no anchor before it, or stands inside its own anchor.
    BadAlias,
}

/// One syntax error, worded, with its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SyntaxError {
    /// What kind.
    pub kind: SyntaxKind,
    /// Where.
    pub span: Span,
    /// A lower-case phrase without a full stop.
    pub message: String,
    /// A second place and what it has to do with the first.
    pub related: Option<Box<(Span, String)>>,
    /// What to write instead.
    pub help: Option<String>,
}

impl SyntaxError {
    pub(super) fn new(kind: SyntaxKind, span: Span, message: impl Into<String>) -> Self {
        Self { kind, span, message: message.into(), related: None, help: None }
    }

    pub(super) fn related(mut self, span: Span, text: impl Into<String>) -> Self {
        self.related = Some(Box::new((span, text.into())));
        self
    }

    pub(super) fn help(mut self, text: impl Into<String>) -> Self {
        self.help = Some(text.into());
        self
    }
}

impl std::fmt::Display for SyntaxError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for SyntaxError {}
