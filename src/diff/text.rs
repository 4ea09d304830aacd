//! Text against text, line by line.

use similar::{DiffTag, TextDiff, group_diff_ops};

use super::lines::operations;
use super::secret::Lines;
use super::stack::{parameters, texts, values};
use super::{Side, StackDiff};

/// Texts of more bytes than this are compared at a cost that grows with their length.
const LONG: usize = 64 << 10;

/// Lines that differ with `context` lines around them, each with `+`, `-` or a space before it; a line of `⋯`
/// between parts that are not next to each other. A secret that differs is told as a line that differs, and not shown.
pub fn line_diff(before: &str, after: &str, context: usize) -> Vec<String> {
    let lines = if before.len().max(after.len()) > LONG {
        long_diff(before, after, context)
    } else {
        short_diff(before, after, context)
    };
    let shown = Lines::of([before, after]);
    lines.iter().map(|line| shown.signed(line)).collect()
}

fn short_diff(before: &str, after: &str, context: usize) -> Vec<String> {
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

fn long_diff(before: &str, after: &str, context: usize) -> Vec<String> {
    let [before, after] = [before, after].map(|text| text.split_inclusive('\n').collect::<Vec<_>>());
    let mut lines = Vec::new();
    for (index, group) in group_diff_ops(operations(&before, &after), context).iter().enumerate() {
        if index > 0 {
            lines.push("⋯".to_owned());
        }
        for op in group {
            let (tag, old, new) = op.as_tag_tuple();
            let mut push = |sign: char, of: &[&str], range: std::ops::Range<usize>| {
                let texts = of.get(range).unwrap_or_default().iter();
                lines.extend(texts.map(|text| format!("{sign}{}", text.trim_end_matches(['\n', '\r']))));
            };
            if tag == DiffTag::Equal {
                push(' ', &before, old);
            } else {
                push('-', &before, old);
                push('+', &after, new);
            }
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
