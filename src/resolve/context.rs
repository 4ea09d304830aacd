//! What every part of resolving needs: places to point at, files to read, somewhere to report.

use indexmap::IndexMap;

use crate::diagnostics::{Code, Diagnostic, Findings};
use crate::model;
use crate::source::{FileError, Files, Node, SourceMap};
use crate::spec;

use super::{codes, paths};

/// What every part of resolving needs.
pub(super) struct Context<'a> {
    pub(super) files: &'a dyn Files,
    pub(super) sources: &'a mut SourceMap,
    pub(super) root: &'a Node,
    pub(super) findings: &'a mut Findings,
    /// Documents of a team's own templates, by the names of their stacks.
    pub(super) templates: &'a mut IndexMap<String, Node>,
}

impl Context<'_> {
    /// An error at a pointer, still to be labelled and helped.
    pub(super) fn error(&self, code: Code, pointer: &str, message: impl Into<String>) -> Diagnostic {
        Diagnostic::error(code, message).primary(self.root.place(pointer), "")
    }

    /// Reports.
    pub(super) fn push(&mut self, diagnostic: Diagnostic) {
        self.findings.push(diagnostic);
    }

    /// A length of time; the schema has checked its form.
    pub(super) fn period(&mut self, pointer: &str, text: &spec::Period) -> model::Period {
        text.as_str().parse().unwrap_or_else(|error: model::PeriodError| {
            let error = self.error(codes::PERIOD, pointer, error.to_string());
            self.push(error);
            model::Period::ZERO
        })
    }

    /// The path that a value means: relative to the file it is written in.
    pub(super) fn path(&mut self, pointer: &str, relative: &str) -> Option<String> {
        let file = self.sources.path(self.root.place(pointer).source);
        let path = paths::beside(file, relative);
        if path.is_none() {
            let error =
                self.error(codes::OUTSIDE, pointer, format!("`{relative}` lies outside the repository"));
            self.push(error.with_help("name a file by its path relative to this one"));
        }
        path
    }

    /// The text of a file that a value names, and its path.
    pub(super) fn text(&mut self, pointer: &str, relative: &str) -> Option<(String, String)> {
        let path = self.path(pointer, relative)?;
        let problem = match self.files.read(&path) {
            Ok(bytes) => match String::from_utf8(bytes) {
                Ok(text) => {
                    let text = checked_in(text);
                    if self.sources.find(&path).is_none() {
                        self.sources.add(path.as_str(), text.as_str());
                    }
                    return Some((path, text));
                }
                Err(_) => "it is not UTF-8 text".to_owned(),
            },
            Err(FileError::Outside) => return self.outside(pointer, &path),
            Err(error) => error.to_string(),
        };
        let mut error = self.error(codes::FILE, pointer, format!("cannot read `{path}`: {problem}"));
        error.help = paths::meant(self.files, &path);
        self.push(error);
        None
    }

    fn outside<T>(&mut self, pointer: &str, path: &str) -> Option<T> {
        let error = self.error(codes::OUTSIDE, pointer, format!("`{path}` leads outside the repository"));
        self.push(error);
        None
    }
}

/// A text as Git keeps it: a checkout on Windows ends every line with a carriage return too, and is the same file. Where only
/// some lines have one, it is a part of them.
fn checked_in(text: String) -> String {
    let breaks = text.matches('\n').count();
    let is_converted =
        breaks > 0 && breaks == text.matches("\r\n").count() && breaks == text.matches('\r').count();
    if is_converted { text.replace("\r\n", "\n") } else { text }
}

#[cfg(test)]
mod tests {
    use super::checked_in;

    #[test]
    fn a_checkout_on_windows_is_the_same_text() {
        for (text, expected) in [
            ("#!/bin/sh\r\necho\r\n", "#!/bin/sh\necho\n"),
            ("a\r\nb", "a\nb"),
            ("#!/bin/sh\necho\r\n", "#!/bin/sh\necho\r\n"),
            ("a\rb\r\n", "a\rb\r\n"),
            ("a\r", "a\r"),
            ("", ""),
        ] {
            assert_eq!(checked_in(text.to_owned()), expected, "{text:?}");
        }
    }
}
