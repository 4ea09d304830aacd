//! Any text on its way to a screen, a log, a comment or a document: it comes out as text and as nothing else.

use asagi::words::{Shown, json, markdown, visible, visible_lines, walled};
use serde_json::{Value, json as value};

use super::seen::{quoted_commands, shows_as_itself};

/// A text longer than this is cut where it is shown.
const SHOWN: usize = 1000;

pub fn run(data: &[u8]) {
    let text: String = String::from_utf8_lossy(data).chars().take(SHOWN).collect();
    let line = visible(&text);
    assert!(asagi::words::unseen(&line).next().is_none(), "{line:?}");
    quoted_commands(&line);
    assert_eq!(visible(&line), line, "what is visible is shown as it is");
    for line in visible_lines(&text) {
        assert!(asagi::words::unseen(&line).next().is_none(), "{line:?}");
    }
    let told = asagi::shown!("why   {}\n", text);
    assert_eq!(told.as_str(), format!("why   {line}\n"));
    behind_the_wall(&text);
    behind_the_wall(&format!("{line}\n  {line}"));
    in_markdown(&text);
    in_a_document(&text);
}

/// The wall before a stream stands behind everything, so it is asked of any text; it takes nothing of what it gave.
fn behind_the_wall(text: &str) {
    let once = walled(text);
    assert_eq!(walled(&once), once);
    assert_eq!(Shown::rendered(text).as_str(), once);
    shows_as_itself(&plain(&once));
}

/// Without colours, as a stream has it that is no terminal.
fn plain(text: &str) -> String {
    let mut parts = text.split("\u{1b}[");
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let end = part.find('m').expect("an escape is a colour");
        assert!(part[..end].chars().all(|c| c.is_ascii_digit() || c == ';'), "{part:?}");
        out.push_str(&part[end + 1..]);
    }
    out
}

fn in_markdown(text: &str) {
    let span = markdown::code(text);
    let inside = span.as_str().trim_matches('`');
    let fence = (span.as_str().len() - span.as_str().trim_start_matches('`').len()) as u32;
    assert!(span.as_str().ends_with(&"`".repeat(fence as usize)));
    assert!(inside.split(|c| c != '`').all(|ticks| ticks.len() < fence as usize), "{span:?}");
    assert!(!span.as_str().contains('\n') && !span.as_str().replace("\\|", "").contains('|'), "{span:?}");

    let element = markdown::html_code(text);
    let inside = element.as_str().strip_prefix("<code>").and_then(|rest| rest.strip_suffix("</code>"));
    let inside = inside.expect("an element");
    assert!(!inside.contains(['<', '>', '"', '\'', '\n']), "{element:?}");

    let comment = markdown::comment(text);
    let inside = comment.as_str().strip_prefix("<!-- ").and_then(|rest| rest.strip_suffix(" -->"));
    let inside = inside.expect("a comment");
    assert!(!inside.contains("--") && !inside.contains(['<', '>', '\n']), "{comment:?}");

    let block = markdown::block("text", visible_lines(text).map(|line| asagi::shown!("{}", line)));
    let lines: Vec<&str> = block.as_str().lines().collect();
    let [first, body @ .., last] = lines.as_slice() else { panic!("{block:?}") };
    assert_eq!(first.strip_suffix("text"), Some(*last));
    assert!(body.iter().all(|line| !line.contains(last)), "{block:?}");
    for words in [&span, &element, &comment, &block] {
        quoted_commands(words.as_str());
        words.as_str().lines().for_each(|line| assert!(asagi::words::unseen(line).next().is_none()));
    }
}

/// A document is read back as what it was made of, whatever a screen makes of it.
fn in_a_document(text: &str) {
    let first = text.split(' ').next().unwrap_or_default();
    let document = value!({ text: [text, { first: text }, [], null], "##": [first] });
    let shown = json::pretty(&document).expect("a document can be written");
    shows_as_itself(shown.as_str());
    let again: Value = serde_json::from_str(shown.as_str()).expect("a document can be read");
    assert_eq!(again, document);
}
