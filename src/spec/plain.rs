//! What no value of a spec may have: a tag of YAML, and where AWS takes one line, more than one.

use std::collections::BTreeSet;

use super::shape::{Mistake, codes, subject};
use crate::diagnostics::{Diagnostic, Findings, type_codes};
use crate::source::{Node, Span, pointer};

/// Tags that only say what a plain value is already.
const CORE: [&str; 7] = ["!!str", "!!int", "!!float", "!!bool", "!!null", "!!seq", "!!map"];

/// Reports every value of `root` that has one.
pub fn plain(root: &Node, findings: &mut Findings) {
    walk(root, "", findings);
}

fn walk(node: &Node, at: &str, findings: &mut Findings) {
    if let Some(tag) = node.tag.as_deref().filter(|tag| !CORE.contains(tag)) {
        let message = format!("the tag `{tag}` of {} means nothing in a spec", subject(at));
        let error = Diagnostic::error(type_codes::WRONG_TYPE, message).primary(node.head(), "");
        findings.push(error.with_help("write the value itself, in quotes if it begins with `!`"));
    }
    for (index, item) in node.items().iter().enumerate() {
        walk(item, &format!("{at}/{index}"), findings);
    }
    for entry in node.entries() {
        walk(&entry.value, &format!("{at}{}", pointer([&entry.key])), findings);
    }
}

/// Keys and values with a line break or a tab, where nothing is told of them yet. Reasons, and what own templates take, may
/// have them; no name, path, tag or id of AWS does, and `|` leaves one at the end.
pub fn one_line(root: &Node, mistakes: &[Mistake]) -> Vec<Diagnostic> {
    let told = mistakes.iter().map(|mistake| mistake.at.as_str()).collect();
    let mut found = Vec::new();
    lines(root, "", 0, &told, &mut found);
    found
}

fn lines(node: &Node, at: &str, depth: usize, told: &BTreeSet<&str>, found: &mut Vec<Diagnostic>) {
    if let Some(text) = node.raw() {
        found.extend(broken(text, at, subject, node.span, told));
    }
    for (index, item) in node.items().iter().enumerate() {
        lines(item, &format!("{at}/{index}"), depth + 1, told, found);
    }
    for entry in node.entries() {
        let takes_lines = depth == 2
            && (at.starts_with("/policy/") && entry.key == "reason"
                || at.starts_with("/stacks/") && entry.key == "parameters");
        if !takes_lines {
            let below = format!("{at}{}", pointer([&entry.key]));
            let key = |at: &str| format!("the key {}", subject(at));
            found.extend(broken(&entry.key, &below, key, entry.key_span, told));
            lines(&entry.value, &below, depth + 1, told, found);
        }
    }
}

fn broken(
    text: &str,
    at: &str,
    subject: impl Fn(&str) -> String,
    place: Span,
    told: &BTreeSet<&str>,
) -> Option<Diagnostic> {
    let what = match text.chars().find(|c| matches!(c, '\n' | '\t')).map(|c| c == '\t') {
        None => return None,
        Some(true) => "a tab",
        Some(false) => "a line break",
    };
    if told.contains(at) {
        return None;
    }
    let error = Diagnostic::error(codes::FORM, format!("{}: expected one line, found {what}", subject(at)));
    let help = "write it in one line; `|-` and `>-` leave the last line break out";
    Some(error.primary(place, "").with_help(help))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::testing::load;

    #[test]
    fn what_aws_takes_as_one_line_is_one() {
        for (text, expected) in [
            ("tags: { A: \"a\\nb\" }", &["`A`: expected one line, found a line break"][..]),
            ("tags:\n  A: |\n    ops\n  B: |-\n    ops\n", &["`A`: expected one line, found a line break"]),
            ("a: [x, \"y\\tz\"]", &["item 2 of `a`: expected one line, found a tab"]),
            ("tags: { \"a\\nb\": c }", &["the key `a\nb`: expected one line, found a line break"]),
            ("policy: { X: { reason: \"a\\nb\" } }\nstacks: { own: { parameters: { A: \"a\\nb\" } } }", &[]),
            (
                "policy: { X: { severity: \"a\\nb\" } }\nreason: \"\\n\"",
                &[
                    "`severity`: expected one line, found a line break",
                    "`reason`: expected one line, found a line break",
                ],
            ),
        ] {
            let found: Vec<_> =
                one_line(&load(text).1.root, &[]).into_iter().map(|found| found.message).collect();
            assert_eq!(found, expected, "{text}");
        }
    }

    #[test]
    fn tags_are_told_with_their_key() {
        for (text, expected) in [
            ("tags: { A: !Ref X }", &["the tag `!Ref` of `A` means nothing in a spec"][..]),
            ("region: !!binary eA==", &["the tag `!!binary` of `region` means nothing in a spec"]),
            ("tags: { A: \"${AWS::AccountId} #{x} !Ref X\", B: !!str 1 }", &[]),
        ] {
            let mut findings = Findings::new();
            plain(&load(text).1.root, &mut findings);
            let found: Vec<_> = findings.into_iter().map(|found| found.message).collect();
            assert_eq!(found, expected, "{text}");
        }
    }
}
