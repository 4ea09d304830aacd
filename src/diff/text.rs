//! Text against text, line by line.

use similar::TextDiff;

use super::stack::{parameters, texts, values};
use super::{Side, StackDiff};

/// Lines that differ with `context` lines around them, each with `+`, `-` or a space before it; a line of `⋯`
/// between parts that are not next to each other.
pub fn line_diff(before: &str, after: &str, context: usize) -> Vec<String> {
    let diff = TextDiff::from_lines(before, after);
    let mut lines = Vec::new();
    for (index, group) in diff.grouped_ops(context).iter().enumerate() {
        if index > 0 {
            lines.push("⋯".to_owned());
        }
        for change in group.iter().flat_map(|op| diff.iter_changes(op)) {
            lines.push(format!("{}{}", change.tag(), change.value().trim_end_matches(['\n', '\r'])));
        }
    }
    lines
}

/// What becomes of a stack of which one side is no readable template: the texts' difference, or nothing when they
/// are the same.
pub fn diff_texts(stack: &str, before: &str, after: &str) -> StackDiff {
    let lines = line_diff(before, after, 3);
    let text = (before != after).then(|| {
        if lines.is_empty() {
            "only line endings differ\n".to_owned()
        } else {
            format!("{}\n", lines.join("\n"))
        }
    });
    StackDiff { stack: stack.to_owned(), text, ..StackDiff::default() }
}

/// Sceptre opens a template with `---` where it has none.
fn unmarked(text: &str) -> &str {
    text.strip_prefix("---\n").unwrap_or(text)
}

/// What would become of a stack whose template macros rewrite: the texts' difference beside parameters and tags. What
/// resources it comes to is known when there is a change set.
pub fn diff_rewritten(desired: &Side, deployed: Option<&Side>, before: &str, after: &str) -> StackDiff {
    let diff = diff_texts(&desired.surroundings.stack_name, unmarked(before), unmarked(after));
    let Some(deployed) = deployed else { return StackDiff { is_new: true, ..diff } };
    StackDiff {
        parameters: parameters(desired, deployed),
        tags: values(&texts(&deployed.tags), &texts(&desired.tags)),
        ..diff
    }
}
