//! What no value of a spec may have: a tag of YAML.

use super::shape::subject;
use crate::diagnostics::{Diagnostic, Findings, type_codes};
use crate::source::{Node, pointer};

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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::testing::load;

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
