//! Findings for a person: the source with the places marked, lined up under full-width text too.

use std::ops::Range;

use annotate_snippets::{Annotation, AnnotationKind, Element, Group, Level, Origin, Renderer, Snippet};

use super::window::Window;
use crate::diagnostics::{Diagnostic, Findings, Label, Severity};
use crate::source::{SourceFile, SourceId, SourceMap};
use crate::words::{Shown, visible};

/// Whether to colour. Where the text goes decides: the caller knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Paint {
    /// Text alone.
    Plain,
    /// ANSI colours.
    Colour,
}

/// All findings in their order, a blank line between them and a line break at the end; empty if there are none.
pub fn human(findings: &Findings, map: &SourceMap, paint: Paint) -> Shown {
    Shown::join(findings.sorted(map).into_iter().map(|found| human_one(found, map, paint)), "\n")
}

/// One finding, with a line break at the end.
pub fn human_one(diagnostic: &Diagnostic, map: &SourceMap, paint: Paint) -> Shown {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Note => Level::NOTE,
    };
    let title = level.primary_title(visible(&diagnostic.message)).id(diagnostic.code.as_str());
    let snippets = files(diagnostic).into_iter().filter_map(|id| Some(in_file(diagnostic, id, map.get(id)?)));
    let snippets = snippets.flatten();
    let notes = diagnostic.notes.iter().map(|note| Level::NOTE.message(visible(note)));
    let help = diagnostic.help.iter().map(|help| Level::HELP.message(visible(help)));
    let group = Group::with_title(title).elements(snippets).elements(notes).elements(help);
    let renderer = match paint {
        Paint::Plain => Renderer::plain(),
        Paint::Colour => Renderer::styled(),
    };
    let mut text = renderer.render(&[group]);
    text.push('\n');
    Shown::rendered(&text)
}

/// The files of the labels, that of the first primary place first.
fn files(diagnostic: &Diagnostic) -> Vec<SourceId> {
    let first = diagnostic.span().map(|span| span.source);
    let mut files: Vec<SourceId> = Vec::new();
    for id in first.into_iter().chain(diagnostic.labels.iter().map(|label| label.span.source)) {
        if !files.contains(&id) {
            files.push(id);
        }
    }
    files
}

/// Lines of more bytes than this are not shown whole: each place has its own few words of them.
const LONGEST: usize = 8_192;
/// How many bytes before and after a place are shown then.
const AROUND: usize = 60;

/// The places in one file.
fn in_file<'a>(diagnostic: &Diagnostic, id: SourceId, file: &SourceFile) -> Vec<Element<'a>> {
    let labels: Vec<&Label> = diagnostic.labels.iter().filter(|label| label.span.source == id).collect();
    match snippet(&labels, file) {
        Some(snippet) => vec![snippet.into()],
        None => labels.into_iter().flat_map(|label| cut(label, file)).collect(),
    }
}

/// A place with what stands around it in its line.
fn cut<'a>(label: &Label, file: &SourceFile) -> [Element<'a>; 2] {
    let at = file.position(label.span.start);
    let line = file.line_start(at.line)..file.line_start(at.line + 1);
    let edge = |offset: usize| {
        let mut offset = offset.clamp(line.start, line.end);
        while !file.text.is_char_boundary(offset) {
            offset -= 1;
        }
        offset
    };
    let from = edge(label.span.start.saturating_sub(AROUND));
    let to = edge(label.span.end.min(label.span.start + AROUND) + AROUND);
    let window = Window::of(file, from..to);
    let origin = Origin::path(visible(&file.path)).line(at.line).char_column(at.column);
    let annotation = annotation(label, from, &window);
    [origin.into(), Snippet::source(window.text).line_start(at.line).annotation(annotation).into()]
}

/// The lines of one file from its first label to its last; `None` when that is too much.
fn snippet<'a>(labels: &[&Label], file: &SourceFile) -> Option<Snippet<'a, Annotation<'a>>> {
    let first = labels.iter().map(|label| file.position(label.span.start).line).min()?;
    let last = labels.iter().map(|label| file.position(label.span.end.max(label.span.start)).line).max()?;
    let start = file.line_start(first);
    let lines = Some(start..file.line_start(last + 1)).filter(|lines| lines.len() <= LONGEST)?;
    let window = Window::of(file, lines);
    let annotations: Vec<_> = labels.iter().map(|label| annotation(label, start, &window)).collect();
    let source = Snippet::source(window.text).path(visible(&file.path));
    Some(source.line_start(first).annotations(annotations))
}

fn annotation<'a>(label: &Label, start: usize, window: &Window) -> Annotation<'a> {
    let kind = if label.primary { AnnotationKind::Primary } else { AnnotationKind::Context };
    let annotation = kind.span(range(label, start, window));
    if label.text.is_empty() { annotation } else { annotation.label(visible(&label.text)) }
}

/// The label's bytes within the window, on character boundaries whatever it says.
fn range(label: &Label, start: usize, window: &Window) -> Range<usize> {
    let from = window.offset(label.span.start.saturating_sub(start));
    from..window.offset(label.span.end.saturating_sub(start)).max(from)
}
