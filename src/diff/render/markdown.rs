//! For a comment on a pull request: what is severe is open, the rest folds, unchanged stacks are one line.

use super::super::StackDiff;
use super::Palette;
use super::human::{blocks, unchanged};

/// The diffs of an environment's stacks as Markdown with `<details>`, as Gitea and others show it. The comment on its
/// first line names the environment, so that a later run finds the comment it should edit.
pub fn markdown(environment: &str, diffs: &[StackDiff]) -> String {
    let (blocks, same) = blocks(diffs, &Palette::plain());
    let heading = match blocks.iter().filter(|block| block.is_severe).count() {
        _ if blocks.is_empty() => "nothing changes",
        0 => "nothing is replaced or removed",
        _ => "something is replaced or removed, or is wrong",
    };
    let name = escape(environment);
    let mut text = format!("<!-- asagi diff {name} -->\n### asagi diff {name}: {heading}\n");
    for block in blocks {
        let open = if block.is_severe { " open" } else { "" };
        let body: String = block.lines.iter().map(|line| format!("{}\n", marked(line))).collect();
        let fence = fence(&body);
        text += &format!("\n<details{open}><summary>{}</summary>\n\n", escape(&block.title()));
        text += &format!("{fence}diff\n{body}{fence}\n\n</details>\n");
    }
    if let Some(line) = unchanged(&same) {
        text += &format!("\n{}\n", escape(&line));
    }
    text
}

/// A line whose mark stands where highlighting looks for it: `+`, `-`, and `!` for a replacement.
fn marked(line: &str) -> String {
    let body = line.trim_start();
    let (mark, rest) = match body.chars().next() {
        _ if body.starts_with("-/+") => ("!", body),
        Some('+') => ("+", body.get(1..).unwrap_or_default()),
        Some('-') => ("-", body.get(1..).unwrap_or_default()),
        _ => (" ", body),
    };
    let indent = line.len() - body.len();
    format!("{mark}{:indent$}{}", "", rest.trim_start()).trim_end().to_owned()
}

/// A fence that nothing in the text ends.
fn fence(text: &str) -> String {
    let longest = text.split(|letter| letter != '`').map(str::len).max().unwrap_or(0);
    "`".repeat(longest.max(2) + 1)
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace("--", "-&#45;")
}
