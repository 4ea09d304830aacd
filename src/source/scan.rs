//! The parser's errors in asagi's words.

use granit_parser::{ErrorKind, ScanError};

use super::file::floor;
use super::{MAX_DEPTH, SourceId, Span, SyntaxError, SyntaxKind, slips};

/// Words a scan error and gives it the text it stopped at.
pub(super) fn translate(error: &ScanError, text: &str, source: SourceId) -> SyntaxError {
    let offset = floor(text, offset(error, text));
    let line = text.get(..offset).and_then(|before| before.rfind('\n')).map_or(0, |at| at + 1);
    let next_line = text.get(offset..).and_then(|rest| rest.find('\n')).map(|at| offset + at + 1);
    let next_line = next_line.filter(|_| *error.kind() == ErrorKind::TabInPlainScalar);
    if let Some(tab) = std::iter::once(line).chain(next_line).find_map(|line| indentation_tab(text, line)) {
        let span = Span::new(source, tab, tab + 1);
        return SyntaxError::new(SyntaxKind::Tab, span, "a tab cannot indent YAML")
            .help("indent with spaces");
    }
    if let Some(error) = full_width(text, line, source) {
        return error;
    }
    if let Some(error) = slips::slip(error.kind(), text, offset, source) {
        return error;
    }
    let first = text.get(line..offset).is_some_and(|before| !before.contains(": "));
    let (kind, message, help) = match error.kind() {
        ErrorKind::MappingValueNotAllowed | ErrorKind::InvalidColonPlacement => colon(first),
        kind => words(kind),
    };
    let error = SyntaxError::new(kind, token(text, offset, source), message);
    match help {
        Some(help) => error.help(help),
        None => error,
    }
}

/// What an input method leaves behind, in the line or in the one before: white space that is none to YAML, and a colon
/// that makes no key.
fn full_width(text: &str, line: usize, source: SourceId) -> Option<SyntaxError> {
    let before =
        text.get(..line.saturating_sub(1)).and_then(|above| above.rfind('\n')).map_or(0, |at| at + 1);
    let told = |at: usize, c: char, message: String, help: &str| {
        let span = Span::new(source, at, at + c.len_utf8());
        Some(SyntaxError::new(SyntaxKind::NotYaml, span, message).help(help))
    };
    for start in [line, before] {
        let content = text.get(start..).and_then(|rest| rest.lines().next()).unwrap_or_default();
        let content = content.split(" #").next().unwrap_or_default();
        let mut characters = content.char_indices().skip_while(|(_, c)| *c == ' ');
        if let Some((at, c)) = characters.clone().next().filter(|(_, c)| matches!(c, '\u{3000}' | '\u{a0}')) {
            let name = if c == '\u{3000}' { "full-width" } else { "no-break" };
            return told(
                start + at,
                c,
                format!("a {name} space cannot indent YAML"),
                "indent with plain spaces",
            );
        }
        if start != line || content.trim_start().starts_with(['"', '\'', '#']) {
            continue;
        }
        let next = characters.find(|(_, c)| matches!(c, '：' | ':' | '\u{3000}'));
        match next {
            Some((at, c @ '：')) => {
                return told(start + at, c, "a full-width colon makes no key".to_owned(), "write `: `");
            }
            Some((at, ':')) if content.get(at + 1..).is_some_and(|rest| rest.starts_with('\u{3000}')) => {
                let message = "a full-width space stands after the colon".to_owned();
                return told(start + at + 1, '\u{3000}', message, "write a plain space");
            }
            _ => {}
        }
    }
    None
}

fn offset(error: &ScanError, text: &str) -> usize {
    let marker = error.marker();
    marker
        .byte_offset()
        .unwrap_or_else(|| text.char_indices().nth(marker.index()).map_or(text.len(), |(offset, _)| offset))
}

/// The first tab in the white space a line begins with.
fn indentation_tab(text: &str, line: usize) -> Option<usize> {
    let rest = text.get(line..)?;
    let indentation = rest.len() - rest.trim_start_matches([' ', '\t']).len();
    rest.get(..indentation)?.find('\t').map(|at| line + at)
}

/// The word at `offset`, at least one character unless the line ends there; at the end of the file the last
/// character that can be seen.
fn token(text: &str, offset: usize, source: SourceId) -> Span {
    let seen = text.trim_end();
    let last = seen.char_indices().next_back().map_or(0, |(last, _)| last);
    let offset = if offset < seen.len() { offset } else { last };
    let rest = text.get(offset..).unwrap_or_default();
    let word = rest.find(|c: char| c.is_whitespace() || ",[]{}:\"'".contains(c)).unwrap_or(rest.len());
    let first = rest.chars().next().filter(|c| !c.is_whitespace()).map_or(0, char::len_utf8);
    Span::new(source, offset, offset + word.max(first))
}

type Words = (SyntaxKind, String, Option<&'static str>);

fn not_yaml(message: impl Into<String>, help: &'static str) -> Words {
    (SyntaxKind::NotYaml, message.into(), Some(help))
}

/// A colon too many: the line's first is where the lines above went wrong, a later one is inside text.
fn colon(first: bool) -> Words {
    let help = match first {
        true => "check the indentation, and the lines above for a missing colon, quote or bracket",
        false => "quote text that contains `: `",
    };
    not_yaml("`:` makes a mapping where none can stand", help)
}

fn words(kind: &ErrorKind) -> Words {
    use ErrorKind as E;
    match kind {
        E::TabNotAllowed | E::TabInBlockIndentation | E::TabInIndentation | E::TabAtBlockScalarStart => {
            (SyntaxKind::Tab, "a tab cannot indent YAML".to_owned(), Some("indent with spaces"))
        }
        E::RecursionLimitExceeded => {
            (SyntaxKind::TooDeep, format!("lists and mappings are nested more than {MAX_DEPTH} deep"), None)
        }
        E::BomInsideDocument => {
            (SyntaxKind::Encoding, "a byte order mark stands inside the file".to_owned(), Some("remove it"))
        }
        E::UnknownAnchor => {
            let help = "define it first as `&name`; quote the text if it begins with `*`";
            (SyntaxKind::BadAlias, "this alias has no anchor before it".to_owned(), Some(help))
        }
        E::ExpectedBlockMappingKey | E::SimpleKeyExpected | E::InvalidSimpleKey | E::InvalidIndentation => {
            not_yaml("a key with `:` is expected here", "check the indentation, and the colon after the key")
        }
        E::ExpectedBlockSequenceEntry => not_yaml(
            "a list item `-` is expected here",
            "check the indentation: keys cannot follow list items",
        ),
        E::BlockSequenceEntryNotAllowed => {
            not_yaml("a list item `-` cannot stand here", "begin the list on a line of its own")
        }
        kind => flow_or_scalar(kind),
    }
}

fn flow_or_scalar(kind: &ErrorKind) -> Words {
    use ErrorKind as E;
    match kind {
        E::UnclosedFlowCollection { open } => {
            not_yaml(format!("`{open}` is never closed"), "close it, or quote the text that begins with it")
        }
        E::ExpectedFlowMappingSeparator => not_yaml("`,` or `}` is expected here", "close the `{` before it"),
        E::ExpectedFlowSequenceSeparator => {
            not_yaml("`,` or `]` is expected here", "close the `[` before it")
        }
        E::MisplacedFlowCollectionEnd => not_yaml("this bracket closes nothing", "quote it if it is text"),
        E::UnclosedQuotedScalar => not_yaml("a quote is never closed", "close it with the same quote"),
        E::InvalidQuotedScalarIndent => not_yaml(
            "a text in quotes goes on in a line that is not indented",
            "close the quote, or indent the line",
        ),
        E::InvalidTrailingSingleQuotedScalar => {
            not_yaml("text goes on after the closing quote", "write `''` for a quote inside single quotes")
        }
        E::InvalidTrailingDoubleQuotedScalar => {
            not_yaml("text goes on after the closing quote", "write `\\\"` for a quote inside double quotes")
        }
        E::UnknownQuotedScalarEscape => {
            not_yaml("a `\\` in this text escapes nothing", "write `\\\\`, or use single quotes")
        }
        E::UnexpectedCharacter { character: '`' } => {
            not_yaml("a backtick cannot begin a value", "quote text that begins with it")
        }
        E::UnexpectedCharacter { character } if character.is_control() => not_yaml(
            format!("the control character U+{:04X} cannot stand in YAML", u32::from(*character)),
            "remove it",
        ),
        E::UnexpectedCharacter { character } => not_yaml(
            format!("`{}` cannot begin a value", character.escape_default()),
            "quote text that begins with it",
        ),
        E::MismatchedFlowCollectionEnd { open, close } => not_yaml(
            format!("`{open}` is closed by `{close}`"),
            "close what was opened last first, or quote the text",
        ),
        other => named(&phrase(&other.to_string())),
    }
}

/// An anchor or alias without a name is most often text that begins with `*` or `&`.
fn named(message: &str) -> Words {
    if message.contains("anchor or alias") {
        return not_yaml("`*` or `&` begins no name here", "quote text that begins with it");
    }
    (SyntaxKind::NotYaml, message.to_owned(), None)
}

/// The parser's own message in the house style: lower case, backticks.
fn phrase(message: &str) -> String {
    let message = message.replace(['\'', '"'], "`").replace("EOF", "end of the file");
    let mut chars = message.chars();
    chars.next().map(|first| first.to_lowercase().chain(chars).collect()).unwrap_or_default()
}
