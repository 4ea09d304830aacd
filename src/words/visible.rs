//! Text that others gave, so that it shows as itself and does nothing.

use super::is_unseen;

/// So many characters of one foreign text are shown; no name, reason or line of a file that a person reads is longer.
pub(super) const LONGEST: usize = 16_384;

/// Foreign text in one line: line breaks as `\n`, tabs as `\t`, what else nobody sees as `\u{202e}`.
pub fn visible(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    push_visible(&mut out, text);
    out
}

/// Foreign text of several lines: each as [`visible`] shows it, tabs as four spaces. A carriage return before a line break
/// is part of it.
pub fn visible_lines(text: &str) -> impl Iterator<Item = String> + '_ {
    text.lines().map(|line| visible(&line.replace('\t', "    ")))
}

/// One character by its number, in the one form: `\u{202e}`, `\n`.
pub fn escaped(c: char) -> String {
    let mut out = String::new();
    push_escaped(&mut out, c);
    out
}

/// The same behind what stands in the line already.
pub(super) fn push_visible(out: &mut String, text: &str) {
    let mut left = LONGEST;
    let mut characters = text.chars().peekable();
    while let Some(c) = characters.next() {
        if left == 0 {
            out.push('…');
            return;
        }
        left -= 1;
        match c {
            c if is_escaped(out, c, characters.peek().copied()) => push_escaped(out, c),
            c => out.push(c),
        }
    }
}

/// Whether a character is shown by its number where it stands: nobody sees it, or it makes a command of what is before it.
pub fn is_escaped(before: &str, c: char, after: Option<char>) -> bool {
    is_unseen(before, c, after) || (c == '[' && ends_like_a_command(before))
}

/// The one form of what is not shown as itself.
pub(super) fn push_escaped(out: &mut String, c: char) {
    match c {
        ' '..='~' => out.extend(c.escape_unicode()),
        c => out.extend(c.escape_default()),
    }
}

/// `##[` and `##vso[` are commands to a CI wherever in a line they stand.
/// <https://learn.microsoft.com/en-us/azure/devops/pipelines/scripts/logging-commands>
fn ends_like_a_command(out: &str) -> bool {
    out.trim_end_matches(|c: char| c.is_ascii_alphabetic()).ends_with("##")
}
