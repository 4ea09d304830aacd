//! One finding.

use std::borrow::Cow;

use serde::Serialize;

use super::Code;
use crate::source::{SourceMap, Span};
use crate::words::beginning;

/// How much a finding matters. Only errors stop anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// It will not work, or must not be done.
    Error,
    /// It will work, and is probably not what is wanted.
    Warning,
    /// Worth knowing.
    Note,
}

impl Severity {
    /// Its word.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Note => "note",
        }
    }
}

/// A place and what it has to do with the finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// Where.
    pub span: Span,
    /// A few ASCII words; may be empty for the primary place.
    pub text: String,
    /// Whether this is where the finding is; others explain it.
    pub primary: bool,
}

/// One finding, worded, with its places.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// Its kind.
    pub code: Code,
    /// How much it matters.
    pub severity: Severity,
    /// A lower-case phrase without a full stop.
    pub message: String,
    /// Its places, in any files; none for what no file shows.
    pub labels: Vec<Label>,
    /// What else helps to understand it.
    pub notes: Vec<String>,
    /// What to write.
    pub help: Option<String>,
    /// How many others of its code it stands for, which are not kept; 0 where it is itself.
    pub more: usize,
}

/// Characters of one message, label, note or help: names in it may be as long as a file.
const LONGEST: usize = 2_000;
/// Places and notes of one finding.
const PLACES: usize = 100;

impl Diagnostic {
    fn new(severity: Severity, code: Code, message: impl Into<String>) -> Self {
        Self {
            code,
            severity,
            message: message.into(),
            labels: Vec::new(),
            notes: Vec::new(),
            help: None,
            more: 0,
        }
    }

    /// This one with texts that a person can read and places that a person can look at.
    pub(super) fn bounded(mut self) -> Self {
        let labels = self.labels.iter_mut().map(|label| &mut label.text);
        let texts = labels.chain(&mut self.notes).chain(&mut self.help).chain([&mut self.message]);
        texts.for_each(|text| {
            if let Cow::Owned(short) = beginning(text, LONGEST) {
                *text = short;
            }
        });
        self.labels.truncate(PLACES);
        self.notes.truncate(PLACES);
        self
    }

    /// What tells of this one without listing it.
    pub(super) fn and_more(&self) -> Self {
        let made = Self::new(self.severity, self.code, String::new());
        Self { more: 1, ..made }.with_help("mend those that are listed first").counted()
    }

    /// What tells of this one's and of another's, of the same code.
    pub(super) fn and(&self, other: &Self) -> Self {
        let severity = self.severity.min(other.severity);
        Self { severity, more: self.more + other.more.max(1), ..self.clone() }.counted()
    }

    fn counted(self) -> Self {
        let word = if self.more == 1 { "finding of this kind is" } else { "findings of this kind are" };
        Self { message: format!("{} more {word} not listed", grouped(self.more)), ..self }
    }

    /// An error without places yet.
    pub fn error(code: Code, message: impl Into<String>) -> Self {
        Self::new(Severity::Error, code, message)
    }

    /// A warning without places yet.
    pub fn warning(code: Code, message: impl Into<String>) -> Self {
        Self::new(Severity::Warning, code, message)
    }

    /// A note without places yet.
    pub fn note(code: Code, message: impl Into<String>) -> Self {
        Self::new(Severity::Note, code, message)
    }

    /// Adds the place it is at; `text` may be empty.
    #[must_use]
    pub fn primary(self, span: Span, text: impl Into<String>) -> Self {
        self.label(Label { span, text: text.into(), primary: true })
    }

    /// Adds a place that explains it.
    #[must_use]
    pub fn secondary(self, span: Span, text: impl Into<String>) -> Self {
        self.label(Label { span, text: text.into(), primary: false })
    }

    /// Adds a place.
    #[must_use]
    pub fn label(mut self, label: Label) -> Self {
        self.labels.push(label);
        self
    }

    /// Adds a note below the places.
    #[must_use]
    pub fn with_note(mut self, note: impl Into<String>) -> Self {
        self.notes.push(note.into());
        self
    }

    /// Says what to write.
    #[must_use]
    pub fn with_help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// What orders findings: how much they matter, then where they are, then what they are. `fallback` is the file of
    /// those without a place.
    pub(super) fn sort_key(&self, map: &SourceMap, fallback: &str) -> impl Ord + use<> {
        let place = self.span().map(|span| (map.path(span.source), map.start(span)));
        let (path, start) = place.map_or((fallback, None), |(path, start)| (path, Some(start)));
        let (line, column) = (start.map(|start| start.line), start.map(|start| start.column));
        (self.severity, path.to_owned(), line, self.code, column, self.message.clone())
    }

    /// Where it is: its first primary place, else its first place.
    pub fn span(&self) -> Option<Span> {
        let primary = self.labels.iter().find(|label| label.primary);
        primary.or(self.labels.first()).map(|label| label.span)
    }
}

/// `12,345`.
fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let comma = |(index, digit): (usize, char)| {
        let comma = index > 0 && (digits.len() - index).is_multiple_of(3);
        comma.then_some(',').into_iter().chain([digit])
    };
    digits.chars().enumerate().flat_map(comma).collect()
}
