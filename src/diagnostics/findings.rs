//! All findings of a run, in an order that does not depend on how they were found.

use super::{Diagnostic, Severity};
use crate::source::SourceMap;

/// Every finding so far. A function that can find several things takes `&mut Findings` or returns one beside
/// its value.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Findings(Vec<Diagnostic>);

impl Findings {
    /// Nothing found.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds one.
    pub fn push(&mut self, diagnostic: impl Into<Diagnostic>) {
        self.0.push(diagnostic.into());
    }

    /// Keeps a value, or the error as a finding.
    pub fn keep<T, E: Into<Diagnostic>>(&mut self, result: Result<T, E>) -> Option<T> {
        result.map_err(|error| self.push(error)).ok()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether nothing was found.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How many there are of a severity.
    pub fn count(&self, severity: Severity) -> usize {
        self.0.iter().filter(|diagnostic| diagnostic.severity == severity).count()
    }

    /// Whether anything must stop.
    pub fn has_errors(&self) -> bool {
        self.count(Severity::Error) > 0
    }

    /// As they were found.
    pub fn iter(&self) -> std::slice::Iter<'_, Diagnostic> {
        self.0.iter()
    }

    /// Errors first, then by path, line, code, column and message; those without a place before the others.
    pub fn sorted(&self, map: &SourceMap) -> Vec<&Diagnostic> {
        let mut all: Vec<_> = self.0.iter().collect();
        all.sort_by_cached_key(|diagnostic| diagnostic.sort_key(map, ""));
        all
    }

    /// `2 errors, 1 warning`; empty if nothing was found.
    pub fn summary(&self) -> String {
        let counts = [(Severity::Error, "error"), (Severity::Warning, "warning"), (Severity::Note, "note")];
        let words = counts.into_iter().filter_map(|(severity, word)| match self.count(severity) {
            0 => None,
            1 => Some(format!("1 {word}")),
            count => Some(format!("{count} {word}s")),
        });
        words.collect::<Vec<_>>().join(", ")
    }
}

impl Extend<Diagnostic> for Findings {
    fn extend<I: IntoIterator<Item = Diagnostic>>(&mut self, diagnostics: I) {
        self.0.extend(diagnostics);
    }
}

impl FromIterator<Diagnostic> for Findings {
    fn from_iter<I: IntoIterator<Item = Diagnostic>>(diagnostics: I) -> Self {
        Self(diagnostics.into_iter().collect())
    }
}

impl IntoIterator for Findings {
    type Item = Diagnostic;
    type IntoIter = std::vec::IntoIter<Diagnostic>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl<'a> IntoIterator for &'a Findings {
    type Item = &'a Diagnostic;
    type IntoIter = std::slice::Iter<'a, Diagnostic>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostics::Code;
    use crate::source::Span;

    #[test]
    fn the_order_is_by_severity_file_line_and_code() {
        let mut map = SourceMap::new();
        let z = map.add("z.yaml", "one\ntwo three\n");
        let a = map.add("a.yaml", "one\n");
        let (low, high) = (Code::new("ASG0301"), Code::new("ASG0302"));
        let findings: Findings = [
            Diagnostic::warning(high, "z line 2, high").primary(Span::new(z, 4, 7), ""),
            Diagnostic::error(low, "z line 2, low, further right").primary(Span::new(z, 8, 13), ""),
            Diagnostic::error(low, "z line 1").primary(Span::new(z, 0, 3), ""),
            Diagnostic::note(high, "a").primary(Span::new(a, 0, 3), ""),
            Diagnostic::error(high, "nowhere"),
        ]
        .into_iter()
        .collect();
        let order: Vec<_> = findings.sorted(&map).iter().map(|found| found.message.as_str()).collect();
        assert_eq!(order, ["nowhere", "z line 1", "z line 2, low, further right", "z line 2, high", "a"]);
        assert_eq!(findings.summary(), "3 errors, 1 warning, 1 note");
        assert!(findings.has_errors());
    }
}
