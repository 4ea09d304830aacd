//! What no text of a spec may hold: YAML tags, and characters that nobody sees.

use super::shape::subject;
use crate::diagnostics::{Code, Diagnostic, Findings, type_codes};
use crate::source::{Node, Span, pointer};

/// Text with a character that cannot be seen.
pub const UNPLAIN: Code = Code::new("ASG0211");

/// Tags that only say what a plain value is already.
const CORE: [&str; 7] = ["!!str", "!!int", "!!float", "!!bool", "!!null", "!!seq", "!!map"];

/// Reports every key and value of `root` that holds one.
pub fn plain(root: &Node, findings: &mut Findings) {
    walk(root, "", findings);
}

fn walk(node: &Node, at: &str, findings: &mut Findings) {
    if let Some(tag) = node.tag.as_deref().filter(|tag| !CORE.contains(tag)) {
        let message = format!("the tag `{tag}` of {} means nothing in a spec", subject(at));
        let error = Diagnostic::error(type_codes::WRONG_TYPE, message).primary(node.head(), "");
        findings.push(error.with_help("write the value itself, in quotes if it begins with `!`"));
    }
    if let Some(text) = node.raw() {
        findings.extend(refused(text, &subject(at), node.span));
    }
    for (index, item) in node.items().iter().enumerate() {
        walk(item, &format!("{at}/{index}"), findings);
    }
    for entry in node.entries() {
        let below = format!("{at}{}", pointer([&entry.key]));
        findings.extend(refused(&entry.key, &format!("a key of {}", subject(at)), entry.key_span));
        walk(&entry.value, &below, findings);
    }
}

fn refused(text: &str, subject: &str, span: Span) -> Option<Diagnostic> {
    let unseen = text.chars().find(|c| is_unseen(*c))?;
    let message = format!("{subject} holds the invisible character U+{:04X}", u32::from(unseen));
    Some(Diagnostic::error(UNPLAIN, message).primary(span, "").with_help("remove it"))
}

/// Control characters but line breaks and tabs, and those that turn the direction of text in a review.
fn is_unseen(c: char) -> bool {
    let turns = matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    turns
        || matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}')
        || (c.is_control() && !matches!(c, '\n' | '\t'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::testing::load;

    fn found(text: &str) -> Vec<String> {
        let (_, document) = load(text);
        let mut findings = Findings::new();
        plain(&document.root, &mut findings);
        findings.into_iter().map(|found| found.message).collect()
    }

    #[test]
    fn what_nobody_sees_is_told_with_its_key() {
        for (text, expected) in [
            ("tags: { A: !Ref X }", "the tag `!Ref` of `A` means nothing in a spec"),
            ("region: !!binary eA==", "the tag `!!binary` of `region` means nothing in a spec"),
            ("tags: { A: \"a\\0b\" }", "`A` holds the invisible character U+0000"),
            ("tags: { A: a\u{202e}b }", "`A` holds the invisible character U+202E"),
            ("tags: { \"a\\eb\": c }", "a key of `tags` holds the invisible character U+001B"),
        ] {
            assert_eq!(found(text).first().map(String::as_str), Some(expected), "{text}");
        }
    }

    #[test]
    fn other_text_is_left_alone() {
        let text = "tags: { A: \"${AWS::AccountId} #{x} !Ref X 絵文字😀\\tx\\ny\", B: !!str 1 }";
        assert_eq!(found(text), [""; 0], "{text}");
    }
}
