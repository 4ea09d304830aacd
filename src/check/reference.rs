//! The rules as documents: one Markdown reference, and JSON for programs.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::Rule;

/// Version of the JSON document.
const VERSION: u32 = 1;

/// Every rule's page under a table of them all.
pub fn markdown(rules: &[Rule]) -> String {
    let mut text = String::from(
        "# What `asagi check` finds\n\n\
         Made by `asagi explain --all --format markdown`. `asagi explain CODE` prints one page of it.\n\n\
         | code | finds |\n|---|---|\n",
    );
    for rule in rules {
        let code = rule.code;
        let anchor = code.as_str().to_lowercase();
        let _ = writeln!(text, "| [{code}](#{anchor}) | {} |", rule.title.replace('|', "\\|"));
    }
    for rule in rules {
        let _ = write!(text, "\n{}", page(rule));
    }
    text
}

/// One rule's page.
pub fn page(rule: &Rule) -> String {
    let block = |example: &str| format!("```yaml\n{}\n```\n", example.trim_matches('\n'));
    format!(
        "## {}\n\n**{}**\n\n{}\n\nThis fails:\n\n{}\nThis is mended:\n\n{}",
        rule.code,
        rule.title,
        rule.docs.trim(),
        block(rule.fails),
        block(rule.mended)
    )
}

/// `{"version": 1, "rules": [{code, title, docs, fails, mended}]}`.
pub fn json(rules: &[Rule]) -> Value {
    let rules = rules.iter().map(|rule| {
        json!({
            "code": rule.code,
            "title": rule.title,
            "docs": rule.docs.trim(),
            "fails": rule.fails,
            "mended": rule.mended,
        })
    });
    json!({ "version": VERSION, "rules": rules.collect::<Vec<_>>() })
}
