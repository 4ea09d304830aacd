//! Syntax errors as findings: 01xx.

use self::codes::{
    BAD_ALIAS, BAD_KEY, BAD_MERGE_KEY, DUPLICATE_KEY, ENCODING, NOT_YAML, SEVERAL_DOCUMENTS, TAB, TOO_DEEP,
    TOO_LARGE, TOO_MANY_NODES,
};
use super::{Code, Diagnostic};
use crate::source::{SyntaxError, SyntaxKind};

/// The codes of syntax errors.
pub mod codes {
    use super::Code;

    /// The text is not YAML.
    pub const NOT_YAML: Code = Code::new("ASG0101");
    /// A mapping has the same key twice.
    pub const DUPLICATE_KEY: Code = Code::new("ASG0102");
    /// Too many values or too much text once aliases are followed.
    pub const TOO_MANY_NODES: Code = Code::new("ASG0103");
    /// Lists and mappings nested too deep.
    pub const TOO_DEEP: Code = Code::new("ASG0104");
    /// A tab indents.
    pub const TAB: Code = Code::new("ASG0105");
    /// The file is too large.
    pub const TOO_LARGE: Code = Code::new("ASG0106");
    /// More than one document in a file.
    pub const SEVERAL_DOCUMENTS: Code = Code::new("ASG0107");
    /// Not UTF-8, or a byte order mark.
    pub const ENCODING: Code = Code::new("ASG0108");
    /// `<<` with something that is not a mapping.
    pub const BAD_MERGE_KEY: Code = Code::new("ASG0109");
    /// A key that is a collection, empty or tagged.
    pub const BAD_KEY: Code = Code::new("ASG0110");
    /// An alias without its anchor.
    pub const BAD_ALIAS: Code = Code::new("ASG0111");
}

impl From<SyntaxKind> for Code {
    fn from(kind: SyntaxKind) -> Self {
        match kind {
            SyntaxKind::NotYaml => NOT_YAML,
            SyntaxKind::DuplicateKey => DUPLICATE_KEY,
            SyntaxKind::TooManyNodes => TOO_MANY_NODES,
            SyntaxKind::TooDeep => TOO_DEEP,
            SyntaxKind::Tab => TAB,
            SyntaxKind::TooLarge => TOO_LARGE,
            SyntaxKind::SeveralDocuments => SEVERAL_DOCUMENTS,
            SyntaxKind::Encoding => ENCODING,
            SyntaxKind::BadMergeKey => BAD_MERGE_KEY,
            SyntaxKind::BadKey => BAD_KEY,
            SyntaxKind::BadAlias => BAD_ALIAS,
        }
    }
}

impl From<SyntaxError> for Diagnostic {
    fn from(error: SyntaxError) -> Self {
        let mut diagnostic = Self::error(error.kind.into(), error.message).primary(error.span, "");
        if let Some(related) = error.related {
            let (span, text) = *related;
            diagnostic = diagnostic.secondary(span, text);
        }
        diagnostic.help = error.help;
        diagnostic
    }
}
