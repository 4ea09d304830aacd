//! For a comment on a pull request: what is severe is open, the rest folds, unchanged stacks are one line.

use crate::shown;
use crate::words::{Shown, markdown};

use super::super::StackDiff;
use super::Palette;
use super::human::{blocks, unchanged};

/// The diffs of an environment's stacks as Markdown with `<details>`, as Gitea and others show it. The comment on its
/// first line names the environment, so that a later run finds the comment it should edit.
pub fn markdown(environment: &str, diffs: &[StackDiff]) -> Shown {
    let (blocks, same) = blocks(diffs, &Palette::plain());
    let heading = match blocks.iter().filter(|block| block.is_severe).count() {
        _ if blocks.is_empty() => "nothing changes",
        0 => "nothing is replaced or removed",
        _ => "something is replaced or removed, or is wrong",
    };
    let mut text = Shown::default();
    text.line(markdown::comment(&format!("asagi diff {environment}")));
    text.line(shown!("### asagi diff {}: {}", markdown::code(environment), heading));
    for block in blocks {
        let open = if block.is_severe { " open" } else { "" };
        let names = Shown::join(block.names.iter().map(|name| markdown::html_code(name)), ", ");
        let body = markdown::block("diff", block.lines.iter().map(|line| marked(line.as_str())));
        text.push(shown!("\n<details{}><summary>{}{}</summary>\n\n", open, names, block.what()));
        text.push(shown!("{}\n</details>\n", body));
    }
    if let Some(head) = unchanged(same.len()) {
        let names = Shown::join(same.iter().map(|name| markdown::code(name)), ", ");
        text.line(shown!("\n{}{}", head, names));
    }
    text
}

/// A line whose mark stands where highlighting looks for it: `+`, `-`, and `!` for a replacement.
fn marked(line: &str) -> Shown {
    let body = line.trim_start();
    let (mark, rest) = match body.chars().next() {
        _ if body.starts_with("-/+") => ("!", body),
        Some('+') => ("+", body.get(1..).unwrap_or_default()),
        Some('-') => ("-", body.get(1..).unwrap_or_default()),
        _ => (" ", body),
    };
    let indent = line.len() - body.len();
    Shown::from(format!("{mark}{:indent$}{}", "", rest.trim_start())).trim_end()
}
