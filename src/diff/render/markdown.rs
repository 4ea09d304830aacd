//! For a comment on a pull request: what is severe is open, the rest folds, unchanged stacks are one line.

use crate::shown;
use crate::words::{Shown, markdown};

use super::super::{Awaited, Certainty, Change, StackDiff};
use super::Palette;
use super::human::{awaited, blocks, unchanged};
use super::remarks::seen;

/// The diffs of an environment's stacks as Markdown with `<details>`, as Gitea and others show it. The comment on its
/// first line names the environment, so that a later run finds the comment it should edit.
///
/// `roles` wait for a rollout.
pub fn markdown(environment: &str, diffs: &[StackDiff], roles: &[Awaited]) -> Shown {
    let (blocks, same) = blocks(diffs, &Palette::plain());
    let heading = heading(diffs, roles, blocks.is_empty());
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
    for role in roles {
        let (title, lines) = awaited(role, &Palette::plain());
        text.push(shown!("\n{}\n\n", title));
        let lines: Vec<Shown> = lines.iter().map(|line| marked(line.as_str())).collect();
        if !lines.is_empty() {
            text.push(markdown::block("diff", lines));
        }
    }
    if let Some(head) = unchanged(same.len()) {
        let names = Shown::join(same.iter().map(|name| markdown::code(name)), ", ");
        text.line(shown!("\n{}{}", head, names));
    }
    text
}

/// What happens, the worst first, each in its own words: what does not happen is not among them.
fn heading(diffs: &[StackDiff], roles: &[Awaited], is_same: bool) -> String {
    let happening = || {
        let resources = diffs.iter().flat_map(|diff| &diff.resources);
        resources.filter(|it| it.held.is_none() && seen(it) > Change::Modify)
    };
    let surely =
        |change: Change| happening().any(|it| it.certainty == Certainty::Certain && seen(it) == change);
    let removed = surely(Change::Remove) || diffs.iter().any(|diff| diff.is_removed);
    let perhaps = surely(Change::MayReplace) || happening().any(|it| it.certainty == Certainty::Possible);
    let said = [
        (
            diffs.iter().any(|diff| !diff.problems.is_empty() || !diff.refused.is_empty()),
            "something is wrong",
        ),
        (removed, "something is removed"),
        (surely(Change::Replace), "something is replaced"),
        (perhaps, "something may be replaced"),
    ];
    let mut words: Vec<String> =
        said.into_iter().filter(|(is, _)| *is).map(|(_, word)| word.to_owned()).collect();
    if words.is_empty() && !is_same {
        words.push("nothing is replaced or removed".to_owned());
    }
    let names: Vec<&str> = roles.iter().map(|it| it.role.as_str()).collect();
    match names.len() {
        0 => {}
        1 => words.push(format!("{} waits for a rollout", names.concat())),
        _ => words.push(format!("{} wait for a rollout", names.join(", "))),
    }
    if words.is_empty() { "nothing changes".to_owned() } else { words.join(", ") }
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
