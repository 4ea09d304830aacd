//! The parser's errors in asagi's words.

use granit_parser::{ErrorKind, ScanError};

use super::file::floor;
use super::{SourceId, Span, SyntaxError, SyntaxKind};

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
    let (kind, message, help) = words(error);
    let error = SyntaxError::new(kind, token(text, offset, source), message);
    match help {
        Some(help) => error.help(help),
        None => error,
    }
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

fn words(error: &ScanError) -> (SyntaxKind, String, Option<&'static str>) {
    use ErrorKind as E;
    let not_yaml = |message: &str, help| (SyntaxKind::NotYaml, message.to_owned(), Some(help));
    match error.kind() {
        E::TabNotAllowed | E::TabInBlockIndentation | E::TabInIndentation | E::TabAtBlockScalarStart => {
            (SyntaxKind::Tab, "a tab cannot indent YAML".to_owned(), Some("indent with spaces"))
        }
        E::RecursionLimitExceeded => {
            (SyntaxKind::TooDeep, "collections are nested too deep".to_owned(), None)
        }
        E::BomInsideDocument => {
            (SyntaxKind::Encoding, "a byte order mark stands inside the file".to_owned(), Some("remove it"))
        }
        E::UnknownAnchor => {
            let help = "define it first as `&name`; quote the text if it begins with `*`";
            (SyntaxKind::BadAlias, "this alias has no anchor before it".to_owned(), Some(help))
        }
        E::UnclosedQuotedScalar => not_yaml("a quote is never closed", "close it with the same quote"),
        E::InvalidQuotedScalarIndent => not_yaml(
            "a text in quotes goes on in a line that is not indented",
            "close the quote, or indent the line",
        ),
        E::UnclosedFlowCollection { open } => {
            not_yaml(&format!("`{open}` is never closed"), "close it, or quote the text that begins with it")
        }
        E::MappingValueNotAllowed | E::InvalidColonPlacement => {
            not_yaml("`:` makes a mapping where none can stand", "quote text that contains `: `")
        }
        E::UnexpectedCharacter { character } => not_yaml(
            &format!("`{}` cannot begin a value", character.escape_default()),
            "quote text that begins with it",
        ),
        E::ExpectedBlockMappingKey | E::SimpleKeyExpected | E::InvalidSimpleKey | E::InvalidIndentation => {
            not_yaml("a key with `:` is expected here", "check the indentation, and the colon after the key")
        }
        other => (SyntaxKind::NotYaml, phrase(&other.to_string()), None),
    }
}

/// The parser's own message in the house style: lower case, backticks.
fn phrase(message: &str) -> String {
    let message = message.replace(['\'', '"'], "`").replace("EOF", "end of the file");
    let mut chars = message.chars();
    chars.next().map(|first| first.to_lowercase().chain(chars).collect()).unwrap_or_default()
}
