//! What the texts of findings must not say: secrets that stand in the files they are about.

use std::borrow::Cow;

use aho_corasick::AhoCorasick;

use super::{Diagnostic, Label};
use crate::source::SourceMap;
use crate::words::{self, MASK};

/// A shorter secret is found in too many other words.
const LEAST: usize = 4;

/// The secrets of the files of an environment.
pub(super) struct Secrets(Option<AhoCorasick>);

impl Secrets {
    /// Those that no quotation of the files shows.
    pub(super) fn of(sources: &SourceMap) -> Self {
        let hidden = sources
            .iter()
            .flat_map(|(_, file)| file.hidden().iter().filter_map(|range| file.text.get(range.clone())));
        let quotes: &[char] = &['"', '\''];
        let texts = hidden.map(|text| text.trim_matches(quotes)).filter(|text| text.len() >= LEAST);
        let mut texts: Vec<&str> = texts.collect();
        texts.sort_unstable();
        texts.dedup();
        Self(if texts.is_empty() { None } else { AhoCorasick::new(texts).ok() })
    }

    /// The finding without a secret in its words.
    pub(super) fn mask<'a>(&self, diagnostic: &'a Diagnostic) -> Cow<'a, Diagnostic> {
        let masked = Diagnostic {
            message: self.text(&diagnostic.message),
            notes: diagnostic.notes.iter().map(|note| self.text(note)).collect(),
            help: diagnostic.help.as_deref().map(|help| self.text(help)),
            labels: diagnostic.labels.iter().map(|label| self.label(label)).collect(),
            ..diagnostic.clone()
        };
        if masked == *diagnostic { Cow::Borrowed(diagnostic) } else { Cow::Owned(masked) }
    }

    fn label(&self, label: &Label) -> Label {
        Label { text: self.text(&label.text), ..label.clone() }
    }

    fn text(&self, text: &str) -> String {
        let text = words::mask(text);
        match &self.0 {
            Some(secrets) if secrets.is_match(text.as_ref()) => {
                secrets.replace_all(&text, &vec![MASK; secrets.patterns_len()])
            }
            _ => text.into_owned(),
        }
    }
}
