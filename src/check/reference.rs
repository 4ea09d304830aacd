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
         | code | finds | severity |\n|---|---|---|\n",
    );
    for rule in rules {
        let code = rule.code;
        let anchor = code.as_str().to_lowercase();
        let title = rule.title.replace('|', "\\|");
        let _ = writeln!(text, "| [{code}](#{anchor}) | {title} | {} |", rule.severities());
    }
    for rule in rules {
        let _ = write!(text, "\n{}", page(rule));
    }
    text
}

/// One rule's page.
pub fn page(rule: &Rule) -> String {
    let head =
        format!("## {}\n\n**{}** ({})\n\n{}\n", rule.code, rule.title, rule.severities(), rule.docs.trim());
    if rule.fails.is_empty() {
        return head;
    }
    let block = |example: &str| format!("```yaml\n{}\n```\n", example.trim_matches('\n'));
    format!("{head}\nThis fails:\n\n{}\nThis is mended:\n\n{}", block(rule.fails), block(rule.mended))
}

/// `{"version": 1, "rules": [{code, title, severity, docs, fails, mended}]}`.
pub fn json(rules: &[Rule]) -> Value {
    let rules = rules.iter().map(|rule| {
        json!({
            "code": rule.code,
            "title": rule.title,
            "severity": rule.severity,
            "docs": rule.docs.trim(),
            "fails": rule.fails,
            "mended": rule.mended,
        })
    });
    json!({ "version": VERSION, "rules": rules.collect::<Vec<_>>() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::RULES;

    const PATH: &str = "schemas/rules.md";

    #[test]
    #[expect(clippy::disallowed_methods, reason = "freshness tests read and write the repository")]
    fn the_committed_reference_is_fresh() {
        let wanted = markdown(RULES);
        let full = format!("{}/{PATH}", env!("CARGO_MANIFEST_DIR"));
        if std::env::var("ASAGI_UPDATE").is_ok_and(|value| value == "1") {
            return std::fs::write(full, wanted).unwrap();
        }
        let found = std::fs::read_to_string(full).unwrap_or_default();
        if found != wanted {
            let diff = similar::TextDiff::from_lines(found.as_str(), wanted.as_str());
            let diff = diff.unified_diff().header(PATH, "made from src/check").to_string();
            panic!(
                "{PATH} is stale\n\n{diff}\nmend it by `ASAGI_UPDATE=1 cargo test --lib check::reference`"
            );
        }
    }

    #[test]
    fn a_page_is_the_rule_whole() {
        let rule = &RULES[0];
        let page = page(rule);
        for part in [rule.title, rule.docs.trim(), rule.fails.trim(), rule.mended.trim()] {
            assert!(page.contains(part), "no {part:?} in\n{page}");
        }
        assert_eq!(json(RULES)["rules"].as_array().map(Vec::len), Some(RULES.len()));
    }
}
