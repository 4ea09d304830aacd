//! What people slip on, found in the text around the place where the parser stopped: often a line or a bracket before it.

use granit_parser::ErrorKind;

use super::{SourceId, Span, SyntaxError, SyntaxKind};

/// The slip that explains a parser's error at `offset`, if one of the known ones does.
pub(super) fn slip(kind: &ErrorKind, text: &str, offset: usize, source: SourceId) -> Option<SyntaxError> {
    use ErrorKind as E;
    let slips = Slips { text, offset, source };
    slips.conflict().or_else(|| match kind {
        E::MappingValueNotAllowed | E::InvalidColonPlacement => slips.line_before(),
        E::ExpectedFlowMappingSeparator | E::ExpectedFlowSequenceSeparator => slips.in_brackets(),
        E::UnclosedFlowCollection { .. } => slips.in_brackets().filter(|error| error.related.is_none()),
        E::InvalidQuotedScalarIndent | E::UnclosedQuotedScalar => slips.open_quote(),
        _ => None,
    })
}

/// `{{ name }}` is what other tools fill in; to YAML it is a mapping as a key.
pub(super) fn placeholder(error: SyntaxError, text: &str) -> SyntaxError {
    let before = text.get(..error.span.start).unwrap_or_default().trim_end();
    let begins = |text: &str| text.starts_with('{') || text.ends_with('{');
    let inside = text.get(error.span.start..).is_some_and(begins) || before.ends_with("{{");
    if error.kind != SyntaxKind::BadKey || !inside || !before.ends_with('{') {
        return error;
    }
    let error = SyntaxError { message: "`{{` begins no variable here".to_owned(), ..error };
    error.help("write the value itself, or quote text that holds `{{`")
}

struct Slips<'a> {
    text: &'a str,
    offset: usize,
    source: SourceId,
}

/// A line with the offset it begins at.
#[derive(Clone, Copy)]
struct Line<'a> {
    start: usize,
    text: &'a str,
}

/// Brackets and quotes that are open where the parser stopped.
struct Open {
    brackets: Vec<(usize, char)>,
    quote: Option<usize>,
    /// Where comments begin, of those inside brackets.
    comments: Vec<usize>,
}

impl<'a> Slips<'a> {
    fn error(&self, start: usize, length: usize, message: impl Into<String>, help: &str) -> SyntaxError {
        let span = Span::new(self.source, start, start + length);
        SyntaxError::new(SyntaxKind::NotYaml, span, message).help(help)
    }

    fn before(&self) -> &'a str {
        self.text.get(..self.offset).unwrap_or_default()
    }

    /// Lines up to the one the parser stopped in, the last first.
    fn lines_back(&self) -> impl Iterator<Item = Line<'a>> {
        let end = self.text.get(self.offset..).and_then(|rest| rest.find('\n'));
        let mut end = Some(end.map_or(self.text.len(), |at| self.offset + at));
        std::iter::from_fn(move || {
            let stop = end?;
            let head = self.text.get(..stop)?;
            let start = head.rfind('\n').map_or(0, |at| at + 1);
            end = start.checked_sub(1);
            Some(Line { start, text: head.get(start..)? })
        })
    }

    /// What git leaves when two branches touched the same lines.
    fn conflict(&self) -> Option<SyntaxError> {
        let marks = |line: &Line<'_>| {
            ["<<<<<<< ", ">>>>>>> "].iter().any(|mark| line.text.starts_with(mark)) || line.text == "======="
        };
        let line = self.lines_back().take(200).find(marks)?;
        let message = "a merge conflict of git stands here";
        Some(self.error(
            line.start,
            7,
            message,
            "keep one of the two sides, and remove the lines with the marks",
        ))
    }

    /// A line that was to be a key and its value, but is text to YAML, so that the next one cannot be a key.
    fn line_before(&self) -> Option<SyntaxError> {
        let mut lines = self.lines_back();
        let here = lines.next()?;
        let first = here.text.split(": ").next().is_some_and(|key| self.offset <= here.start + key.len());
        if !first {
            return self.hyphen(here);
        }
        let skipped =
            |line: &Line<'_>| line.text.trim().is_empty() || line.text.trim_start().starts_with('#');
        let above = lines.find(|line| !skipped(line))?;
        self.key_without_space(above).or_else(|| self.assignment(above)).or_else(|| deeper(self, above, here))
    }

    /// `－ x`: a hyphen that makes no item.
    fn hyphen(&self, line: Line<'_>) -> Option<SyntaxError> {
        let content = line.text.trim_start();
        let first = content.chars().next().filter(|c| matches!(c, '－' | '−' | '–' | '—' | 'ー' | '・'))?;
        let at = line.start + line.text.len() - content.len();
        Some(self.error(at, first.len_utf8(), format!("`{first}` makes no list item"), "write a plain `-`"))
    }

    /// `port:8080`, `port：8080`, `port:　8080`.
    fn key_without_space(&self, line: Line<'_>) -> Option<SyntaxError> {
        let content = line.text.trim_start().trim_start_matches("- ");
        if content.starts_with(['"', '\'', '{', '[', '|', '>']) {
            return None;
        }
        let at = line.start + line.text.len() - content.len();
        let (colon, c) = content.char_indices().find(|(_, c)| matches!(c, ':' | '：'))?;
        let (key, rest) = (content.get(..colon)?, content.get(colon + c.len_utf8()..)?);
        if key.is_empty() || !key.chars().all(|c| c.is_alphanumeric() || c == '-' || c == '_') {
            return None;
        }
        let at = at + colon;
        match (c, rest.chars().next()) {
            ('：', _) => Some(self.error(at, c.len_utf8(), "a full-width colon makes no key", "write `: `")),
            (_, Some(' ' | '\t') | None) => None,
            (_, Some('\u{3000}')) => {
                let message = "a full-width space stands after the colon";
                Some(self.error(at + 1, '\u{3000}'.len_utf8(), message, "write a plain space"))
            }
            _ => {
                let help = format!("write `{key}: `, with a space");
                Some(self.error(at, 1, "a `:` without a space after it makes no key", &help))
            }
        }
    }

    /// `type = m7i.large`.
    fn assignment(&self, line: Line<'_>) -> Option<SyntaxError> {
        let (key, _) = line.text.split_once('=')?;
        let name = key.trim();
        if name.is_empty() || !name.chars().all(|c| c.is_alphanumeric() || c == '-' || c == '_') {
            return None;
        }
        let help = format!("write `{name}: ` and the value");
        Some(self.error(line.start + key.len(), 1, "`=` gives no value to a key", &help))
    }

    /// Commas, comments and ends that are missing inside of brackets.
    fn in_brackets(&self) -> Option<SyntaxError> {
        let open = self.open();
        let (start, bracket) = *open.brackets.last()?;
        let inside = self.text.get(start..self.offset)?;
        if let Some((at, comma)) = inside.char_indices().find(|(_, c)| matches!(c, '，' | '、')) {
            let message = "a full-width comma separates nothing";
            return Some(self.error(start + at, comma.len_utf8(), message, "write `, `"));
        }
        let closing = if bracket == '{' { '}' } else { ']' };
        let closes = |at: &&usize| {
            let comment = self.text.get(**at..).and_then(|rest| rest.lines().next());
            comment.is_some_and(|comment| comment.contains(closing))
        };
        if let Some(at) = open.comments.iter().filter(|at| **at > start).find(closes) {
            let message = format!("a comment begins here, so that the `{closing}` in it closes nothing");
            return Some(self.error(*at, 1, message, "quote the text that begins with `#`"));
        }
        let line = self.before().rfind('\n').map_or(0, |at| at + 1);
        if start >= line {
            let message = format!("`,` or `{closing}` is expected here");
            return Some(self.error(self.offset, 1, message, "write `,` between two entries")).map(|error| {
                let word = self.text.get(self.offset..).and_then(|rest| rest.chars().next());
                let length = word.filter(|c| *c != '\n').map_or(0, char::len_utf8);
                SyntaxError { span: Span::new(self.source, self.offset, self.offset + length), ..error }
            });
        }
        let help = format!("write `{closing}` where it ends");
        let error = self.error(start, 1, format!("`{bracket}` is not closed"), &help);
        Some(error.related(Span::at(self.source, self.offset), "not inside of it any more"))
    }

    /// A quote that takes the lines after it along.
    fn open_quote(&self) -> Option<SyntaxError> {
        let at = self.open().quote?;
        let quote = self.text.get(at..)?.chars().next()?;
        let help =
            format!("write `{quote}` where the text ends, in the same line or in lines that are indented");
        Some(self.error(at, 1, "this quote is not closed", &help))
    }

    /// What is open at the offset, as far as a look from the last line that begins with a key at the margin shows.
    fn open(&self) -> Open {
        let mut open = Open { brackets: Vec::new(), quote: None, comments: Vec::new() };
        let (mut before, mut escaped) = ('\n', false);
        let mut comment = false;
        for (at, c) in self.before().char_indices() {
            let quote = open.quote.and_then(|at| self.text.get(at..)?.chars().next());
            match (quote, c) {
                _ if comment => comment = c != '\n',
                (Some('"'), '\\') if !escaped => {
                    (escaped, before) = (true, c);
                    continue;
                }
                (Some(quote), c) if c == quote && !escaped => open.quote = None,
                (Some(_), _) => {}
                (None, '"' | '\'') if !before.is_alphanumeric() => open.quote = Some(at),
                (None, '#') if before.is_whitespace() => {
                    comment = true;
                    if !open.brackets.is_empty() {
                        open.comments.push(at);
                    }
                }
                (None, '{' | '[') if !before.is_alphanumeric() => open.brackets.push((at, c)),
                (None, '}' | ']') => {
                    open.brackets.pop();
                }
                _ => {}
            }
            (escaped, before) = (false, c);
        }
        open
    }
}

/// A line that is indented deeper than the one above it, whose key has a value already.
fn deeper(slips: &Slips<'_>, above: Line<'_>, here: Line<'_>) -> Option<SyntaxError> {
    let indentation = |line: Line<'_>| line.text.len() - line.text.trim_start_matches(' ').len();
    let (outer, inner) = (indentation(above), indentation(here));
    let valued = above.text.split_once(": ").is_some_and(|(_, value)| !value.trim().is_empty());
    if inner <= outer || !valued {
        return None;
    }
    let help = format!("indent it by {outer} spaces, as the line above");
    let message = "this line is indented deeper than the one above, whose key has a value already";
    Some(slips.error(here.start, inner, message, &help))
}
