//! Characters that nobody sees, wherever a file has them: in keys and values, in comments, in its name.
//!
//! Which characters those are is said once, in [`words`](crate::words). Values are looked at as they are read, so that an
//! escape (`"\\u202e"`) hides nothing; then every line as it is written.

use std::collections::BTreeMap;

use serde_json::Value;

use super::shape::subject;
use crate::diagnostics::{Code, Diagnostic, Findings, syntax_codes};
use crate::source::{Node, SourceId, SourceMap, Span, pointer};
use crate::words::{unseen, unseen_name};

/// Text with a character that cannot be seen.
pub const UNSEEN: Code = Code::new("ASG0211");

/// Which line breaks a value may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Breaks {
    /// `\n` alone.
    Lines,
    /// `\r\n` too: templates make scripts for Windows.
    Pairs,
}

/// Reports the first such character of every key and value of a document, at its place where it stands there as itself.
pub fn unseen_in_values(root: &Node, sources: &SourceMap, breaks: Breaks, findings: &mut Findings) {
    Walk { sources, breaks, findings }.node(root, "");
}

struct Walk<'a> {
    sources: &'a SourceMap,
    breaks: Breaks,
    findings: &'a mut Findings,
}

impl Walk<'_> {
    fn node(&mut self, node: &Node, at: &str) {
        if let Some(text) = node.raw() {
            self.text(text, node.span, || subject(at));
        }
        for (index, item) in node.items().iter().enumerate() {
            self.node(item, &format!("{at}/{index}"));
        }
        for entry in node.entries() {
            self.text(&entry.key, entry.key_span, || format!("a key of {}", subject(at)));
            self.node(&entry.value, &format!("{at}{}", pointer([&entry.key])));
        }
    }

    fn text(&mut self, text: &str, span: Span, subject: impl Fn() -> String) {
        let Some((_, c)) = first(text, self.breaks) else { return };
        let written = first(self.sources.text(span), Breaks::Pairs);
        let place = written.map_or(span, |(at, c)| here(span.source, span.start + at, c));
        self.findings.push(told(&subject(), written.map_or(c, |(_, c)| c), place));
    }
}

/// The same of a template whose places are not known, at its beginning.
pub fn unseen_in_json(value: &Value, place: Span, findings: &mut Findings) {
    in_json(value, "", place, findings);
}

fn in_json(value: &Value, at: &str, place: Span, findings: &mut Findings) {
    match value {
        Value::String(text) => {
            findings.extend(first(text, Breaks::Pairs).map(|(_, c)| told(&subject(at), c, place)));
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                in_json(item, &format!("{at}/{index}"), place, findings);
            }
        }
        Value::Object(map) => {
            for (key, value) in map {
                let key_of = || format!("a key of {}", subject(at));
                findings.extend(first(key, Breaks::Pairs).map(|(_, c)| told(&key_of(), c, place)));
                in_json(value, &format!("{at}{}", pointer([key])), place, findings);
            }
        }
        _ => {}
    }
}

/// Reports such characters in the files that were read, whatever became of them.
pub fn unseen_in_files(sources: &SourceMap, findings: &mut Findings) {
    for (id, _) in sources.iter() {
        unseen_in_file(sources, id, findings);
    }
}

/// Reports a file's name, and the first such character of every line in which nothing of the kind is told yet. What is in
/// another encoding is told as that.
pub fn unseen_in_file(sources: &SourceMap, id: SourceId, findings: &mut Findings) {
    let Some(file) = sources.get(id) else { return };
    let mut known: BTreeMap<usize, bool> = BTreeMap::new();
    for found in findings.iter().filter(|found| found.span().is_some_and(|span| span.source == id)) {
        if found.code == syntax_codes::ENCODING {
            return;
        }
        let start = found.span().map_or(0, |span| span.start);
        *known.entry(start).or_default() |= found.code == UNSEEN;
    }
    if let Some((_, c)) =
        unseen(&file.path).next().filter(|_| !known.get(&0).is_some_and(|is_unseen| *is_unseen))
    {
        let error = told("the name of the file", c, Span::at(id, 0));
        findings.push(error.with_help("rename it"));
    }
    let mut start = 0;
    for line in file.text.split_inclusive('\n') {
        let lines = start..start + line.len();
        start = lines.end;
        if line.bytes().all(|byte| matches!(byte, b' '..=b'~' | b'\t' | b'\n')) {
            continue;
        }
        let Some((at, c)) = first(line, Breaks::Pairs) else { continue };
        let at = lines.start + at;
        if known.contains_key(&at) || known.range(lines).any(|(_, is_unseen)| *is_unseen) {
            continue;
        }
        let error = told("the line", c, here(id, at, c));
        findings.push(match (at, c) {
            (0, '\u{feff}') => error.with_help("save the file as UTF-8 without a byte order mark"),
            _ => error,
        });
    }
}

fn here(source: SourceId, at: usize, c: char) -> Span {
    Span::new(source, at, at + c.len_utf8())
}

fn told(subject: &str, c: char, place: Span) -> Diagnostic {
    let message =
        format!("{subject} holds the invisible character U+{:04X}, {}", u32::from(c), unseen_name(c));
    Diagnostic::error(UNSEEN, message).primary(place, "").with_help("remove it")
}

/// The first character of a text that nobody sees; line breaks and tabs do what one sees.
fn first(text: &str, breaks: Breaks) -> Option<(usize, char)> {
    let is_break = |at: usize, c: char| match c {
        '\n' | '\t' => true,
        '\r' => breaks == Breaks::Pairs && text.get(at + 1..).is_some_and(|rest| rest.starts_with('\n')),
        _ => false,
    };
    unseen(text).find(|(at, c)| !is_break(*at, *c))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::testing::load;

    fn found(text: &str) -> Vec<String> {
        let (sources, document) = load(text);
        let mut findings = Findings::new();
        unseen_in_values(&document.root, &sources, Breaks::Lines, &mut findings);
        unseen_in_files(&sources, &mut findings);
        let line = |found: &Diagnostic| {
            let start = found.span().map(|span| sources.start(span));
            let place = start.map(|start| format!("{}:{}", start.line, start.column)).unwrap_or_default();
            format!("{place} {}", found.message)
        };
        findings.sorted(&sources).into_iter().map(line).collect()
    }

    #[test]
    fn what_nobody_sees_is_told_with_its_key_and_its_place() {
        for (text, expected) in [
            ("tags: { A: \"a\\0b\" }", "1:12 `A` holds the invisible character U+0000, the null character"),
            ("tags: { A: a\u{202e}b }", "1:13 `A` holds the invisible character U+202E, a mark of direction"),
            (
                "tags: { \"a\\u202eb\": c }",
                "1:9 a key of `tags` holds the invisible character U+202E, a mark of direction",
            ),
            ("tags: { A: \"\\r\\n\" }", "1:12 `A` holds the invisible character U+000D, a carriage return"),
            (
                "tags: { A\u{200b}: b }",
                "1:10 a key of `tags` holds the invisible character U+200B, a space without width",
            ),
            (
                "a: |\n  x\n  y\u{2060}z\n",
                "3:4 `a` holds the invisible character U+2060, a joiner without width",
            ),
            ("a: 1 # 注\u{e0041}\n", "1:9 the line holds the invisible character U+E0041, a tag"),
            ("# \u{61c}\na: 1\n", "1:3 the line holds the invisible character U+061C, a mark of direction"),
            (
                "a: [x\u{fe0f}]\n",
                "1:6 item 1 of `a` holds the invisible character U+FE0F, a selector of variants",
            ),
            ("a: 'ㅤ'\n", "1:5 `a` holds the invisible character U+3164, a blank that is no space"),
        ] {
            assert_eq!(found(text), [expected], "{text}");
        }
    }

    #[test]
    fn each_line_is_told_once() {
        let text = "a: |\n  x\u{200b}\n  y\u{200b}\u{200b}\nb: c # \u{200b}\n";
        let lines: Vec<_> =
            found(text).into_iter().map(|line| line.split(' ').next().unwrap().to_owned()).collect();
        assert_eq!(lines, ["2:4", "3:4", "4:8"]);
        assert!(found(&"# \u{200b}\n".repeat(100_000)).len() < 1_100);
    }

    #[test]
    fn what_people_write_is_left_alone() {
        for text in [
            "tags: { A: \"${AWS::AccountId} #{x} 絵文字😀\\tx\\ny\" } # 全角　空白、①㍿\u{e000}\n",
            "a: 👨\u{200d}👩\u{200d}👧 ❤\u{fe0f} 1\u{fe0f}\u{20e3} 葛\u{e0100}城 か\u{3099} ｶﾞ # ⚠\u{fe0f} 本番\n",
            "a: b\r\nc: |\r\n  d\r\n",
            "a:\tb\n",
        ] {
            assert_eq!(found(text), [""; 0], "{text}");
        }
    }

    #[test]
    fn a_name_and_a_broken_file_are_told_too() {
        let mut sources = SourceMap::new();
        sources.add("environments/pro\u{200b}d.yaml", "a: [ # \u{202e}\n\u{1b}");
        let mut findings = Findings::new();
        unseen_in_files(&sources, &mut findings);
        unseen_in_files(&sources, &mut findings);
        let found: Vec<_> = findings.into_iter().map(|found| found.message).collect();
        assert_eq!(
            found,
            [
                "the name of the file holds the invisible character U+200B, a space without width",
                "the line holds the invisible character U+202E, a mark of direction",
                "the line holds the invisible character U+001B, an escape, which begins commands to a terminal",
            ]
        );
    }
}
