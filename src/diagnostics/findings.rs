//! All findings of a run, in an order that does not depend on how they were found.

use std::collections::BTreeMap;

use super::{Code, Diagnostic, Severity};
use crate::source::SourceMap;

/// The most findings of one code that are kept; of more it is told how many they are.
const MOST: usize = 1_000;

/// Every finding so far. A function that can find several things takes `&mut Findings` or returns one beside
/// its value.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Findings {
    all: Vec<Diagnostic>,
    kinds: BTreeMap<Code, Kind>,
}

/// What there is of one code.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Kind {
    count: usize,
    /// Where the finding stands that says how many more there are.
    more: Option<usize>,
}

impl Findings {
    /// Nothing found.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds one. Of one code a thousand are kept, and one that says how many more there are.
    pub fn push(&mut self, diagnostic: impl Into<Diagnostic>) {
        let found: Diagnostic = diagnostic.into();
        let kind = self.kinds.entry(found.code).or_default();
        if found.more == 0 && kind.count < MOST {
            kind.count += 1;
            self.all.push(found.bounded());
            return;
        }
        match kind.more.and_then(|at| self.all.get_mut(at)) {
            Some(more) => *more = more.and(&found),
            None => {
                kind.more = Some(self.all.len());
                self.all.push(if found.more == 0 { found.and_more() } else { found });
            }
        }
    }

    /// So many of that code were found that others are only counted.
    pub fn are_full(&self, code: Code) -> bool {
        self.kinds.get(&code).is_some_and(|kind| kind.count >= MOST)
    }

    /// Keeps a value, or the error as a finding.
    pub fn keep<T, E: Into<Diagnostic>>(&mut self, result: Result<T, E>) -> Option<T> {
        result.map_err(|error| self.push(error)).ok()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.all.len()
    }

    /// Whether nothing was found.
    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// How many there are of a severity.
    pub fn count(&self, severity: Severity) -> usize {
        self.all.iter().filter(|diagnostic| diagnostic.severity == severity).count()
    }

    /// Whether anything must stop.
    pub fn has_errors(&self) -> bool {
        self.count(Severity::Error) > 0
    }

    /// As they were found.
    pub fn iter(&self) -> std::slice::Iter<'_, Diagnostic> {
        self.all.iter()
    }

    /// Errors first, then by path, line, code, column and message; those without a place before the others.
    pub fn sorted(&self, map: &SourceMap) -> Vec<&Diagnostic> {
        let mut all: Vec<_> = self.all.iter().collect();
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
        diagnostics.into_iter().for_each(|found| self.push(found));
    }
}

impl FromIterator<Diagnostic> for Findings {
    fn from_iter<I: IntoIterator<Item = Diagnostic>>(diagnostics: I) -> Self {
        let mut findings = Self::default();
        findings.extend(diagnostics);
        findings
    }
}

impl IntoIterator for Findings {
    type Item = Diagnostic;
    type IntoIter = std::vec::IntoIter<Diagnostic>;

    fn into_iter(self) -> Self::IntoIter {
        self.all.into_iter()
    }
}

impl<'a> IntoIterator for &'a Findings {
    type Item = &'a Diagnostic;
    type IntoIter = std::slice::Iter<'a, Diagnostic>;

    fn into_iter(self) -> Self::IntoIter {
        self.all.iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
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

    #[test]
    fn of_one_kind_a_thousand_are_kept_and_the_others_counted() {
        let (many, one) = (Code::new("ASG0301"), Code::new("ASG0302"));
        let mut findings = Findings::new();
        for number in 0..5_000 {
            findings.push(Diagnostic::warning(many, format!("number {number}")));
        }
        findings.push(Diagnostic::error(many, "the worst"));
        findings.push(Diagnostic::error(one, "x".repeat(100_000)).with_help("y".repeat(100_000)));
        assert_eq!(findings.len(), MOST + 2);
        assert!(findings.are_full(many) && !findings.are_full(one));
        let more = |findings: &Findings| {
            let more = findings.iter().find(|found| found.more > 0).unwrap();
            (more.severity, more.message.clone())
        };
        let expected = (Severity::Error, "4,001 more findings of this kind are not listed".to_owned());
        assert_eq!(more(&findings), expected);
        let long = findings.iter().find(|found| found.code == one).unwrap();
        assert!(long.message.chars().count() < 3_000 && long.help.as_ref().unwrap().chars().count() < 3_000);
        // what is gathered anew counts the same
        let mut again: Findings = findings.clone().into_iter().collect();
        assert_eq!(again, findings);
        again.extend(findings);
        assert_eq!(more(&again).1, "9,002 more findings of this kind are not listed");
    }
}
