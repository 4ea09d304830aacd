//! What stays the same about a finding while lines move, files are laid out anew and messages are worded better.

use std::collections::BTreeMap;

use super::{Diagnostic, Findings};
use crate::source::{Document, SourceId, SourceMap, Span, parse, short_digest};

impl Findings {
    /// Every finding in the order of [`Findings::sorted`] with its fingerprint: a digest of its code, its file, the way to
    /// its place in the document and the names in its message. Where a file is no document, the text of the line stands
    /// for the way. Findings that would be the same otherwise are counted. `fallback` is the file of those without one.
    pub fn fingerprinted(&self, map: &SourceMap, fallback: &str) -> Vec<(&Diagnostic, String)> {
        let mut documents: BTreeMap<SourceId, Option<Document>> = BTreeMap::new();
        let mut seen: BTreeMap<String, usize> = BTreeMap::new();
        let with_print = |found: &'_ Diagnostic| {
            let (path, place) = match found.span() {
                None => (fallback, String::new()),
                Some(span) => {
                    let document =
                        documents.entry(span.source).or_insert_with(|| parse(map, span.source).ok());
                    let place =
                        document.as_ref().map_or_else(|| line(map, span), |document| document.address(span));
                    (map.path(span.source), place)
                }
            };
            let about = format!("{}\n{path}\n{place}\n{}", found.code, names(&found.message).join("\n"));
            let nth = seen.entry(about.clone()).and_modify(|count| *count += 1).or_insert(0);
            short_digest(format!("{about}\n{nth}").as_bytes())
        };
        let sorted = self.sorted(map);
        let prints: Vec<String> = sorted.iter().copied().map(with_print).collect();
        sorted.into_iter().zip(prints).collect()
    }
}

/// The longest line, in bytes, that stands for the places in it.
const LONGEST: usize = 2_000;

fn line(map: &SourceMap, span: Span) -> String {
    let Some(file) = map.get(span.source) else { return String::new() };
    let line = file.line(file.position(span.start).line).trim();
    // of a line that no person wrote the place itself has to do
    if line.len() > LONGEST { map.text(span).chars().take(LONGEST).collect() } else { line.to_owned() }
}

/// What stands in backticks: the user's own names. The words around them are asagi's, and may be worded better one day.
fn names(message: &str) -> Vec<&str> {
    message.split('`').skip(1).step_by(2).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostics::Code;

    /// The fingerprint of one finding at the first `needle`.
    fn print(text: &str, needle: &str, message: &str) -> String {
        let mut map = SourceMap::new();
        let id = map.add("a.yaml", text);
        let start = text.find(needle).expect(needle);
        let found = Diagnostic::error(Code::new("ASG0331"), message);
        let findings: Findings =
            [found.primary(Span::new(id, start, start + needle.len()), "")].into_iter().collect();
        findings.fingerprinted(&map, "a.yaml").remove(0).1
    }

    #[test]
    fn layout_lines_and_wording_do_not_count() {
        let message = "at least 9 of `web`, but at most 4";
        let first = print("web: { max: 4, min: 9 }\n", "9", message);
        for (text, message) in [
            ("# a comment\n\nweb:\n  min: 9\n  max: 4\n", message),
            ("web: { min: 9 }", "`web` wants more than it may have"),
        ] {
            assert_eq!(print(text, "9", message), first, "{text}");
        }
        assert_ne!(print("hlp: { max: 4, min: 9 }\n", "9", message), first, "another place");
        assert_ne!(print("web: { max: 4, min: 9 }\n", "9", "at least 9 of `hlp`"), first, "another name");
    }

    #[test]
    fn the_same_thing_twice_is_two_findings() {
        let mut map = SourceMap::new();
        let id = map.add("a.yaml", "tags: [x, y]\n");
        let found = || Diagnostic::error(Code::new("ASG0323"), "again").primary(Span::new(id, 0, 4), "");
        let findings: Findings = [found(), found()].into_iter().collect();
        let prints = findings.fingerprinted(&map, "a.yaml");
        assert_ne!(prints[0].1, prints[1].1);
    }

    #[test]
    fn a_file_that_is_no_document_is_told_by_its_line() {
        let twelve = print("a: [1\nb: 2\n", "b", "not closed");
        assert_eq!(print("\n\na: [1\nb: 2\n", "b", "not closed"), twelve);
        assert_ne!(print("a: [1\nc: 2\n", "c", "not closed"), twelve);
    }
}
