//! What no text of a spec may hold: YAML tags, characters that nobody sees, and references that CloudFormation would
//! follow.

use super::shape::subject;
use crate::diagnostics::{Code, Diagnostic, Findings, type_codes};
use crate::source::{Node, Span, pointer};

/// Text with a character that cannot be seen, or that CloudFormation would replace.
pub const UNPLAIN: Code = Code::new("ASG0211");

/// Tags that only say what a plain value is already.
const CORE: [&str; 7] = ["!!str", "!!int", "!!float", "!!bool", "!!null", "!!seq", "!!map"];

/// Reports every key and value of `root` that holds one. A parameter of a team's own template is handed over as it is,
/// so it may refer.
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
        findings.extend(refused(text, at, &subject(at), node.span));
    }
    for (index, item) in node.items().iter().enumerate() {
        walk(item, &format!("{at}/{index}"), findings);
    }
    for entry in node.entries() {
        let below = format!("{at}{}", pointer([&entry.key]));
        findings.extend(refused(&entry.key, &below, &format!("a key of {}", subject(at)), entry.key_span));
        walk(&entry.value, &below, findings);
    }
}

fn refused(text: &str, at: &str, subject: &str, span: Span) -> Option<Diagnostic> {
    let (message, help) = match text.chars().find(|c| is_unseen(*c)) {
        Some(c) => (format!("{subject} holds the invisible character U+{:04X}", u32::from(c)), "remove it"),
        None if text.contains("{{resolve:") && !is_own_parameter(at) => (
            format!("{subject} holds `{{{{resolve:`, which CloudFormation would replace"),
            "let instances read it at boot: name it in `permissions`",
        ),
        None => return None,
    };
    Some(Diagnostic::error(UNPLAIN, message).primary(span, "").with_help(help))
}

/// Control characters but line breaks and tabs, and those that turn the direction of text in a review.
fn is_unseen(c: char) -> bool {
    let turns = matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    turns
        || matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}')
        || (c.is_control() && !matches!(c, '\n' | '\t'))
}

fn is_own_parameter(at: &str) -> bool {
    let mut parts = at.split('/').skip(1);
    parts.next() == Some("stacks") && parts.nth(1) == Some("parameters")
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
    fn what_nobody_sees_or_cloudformation_replaces_is_told_with_its_key() {
        for (text, expected) in [
            ("tags: { A: !Ref X }", "the tag `!Ref` of `A` means nothing in a spec"),
            ("region: !!binary eA==", "the tag `!!binary` of `region` means nothing in a spec"),
            ("tags: { A: \"a\\0b\" }", "`A` holds the invisible character U+0000"),
            ("tags: { A: a\u{202e}b }", "`A` holds the invisible character U+202E"),
            ("tags: { \"a\\eb\": c }", "a key of `tags` holds the invisible character U+001B"),
            (
                "paths: [\"/{{resolve:ssm:/x}}\"]",
                "item 1 of `paths` holds `{{resolve:`, which CloudFormation would replace",
            ),
        ] {
            assert_eq!(found(text).first().map(String::as_str), Some(expected), "{text}");
        }
    }

    #[test]
    fn other_text_is_left_alone() {
        for text in [
            "tags: { A: \"${AWS::AccountId} #{x} !Ref X 絵文字😀\\tx\\ny\", B: !!str 1 }",
            "stacks: { db: { parameters: { A: \"{{resolve:ssm:/x}}\" } } }",
        ] {
            assert_eq!(found(text), [""; 0], "{text}");
        }
    }
}
