//! What can be judged of a document that is no spec, so that a person hears of all that is wrong at once.
//!
//! A mistake whose help says what to write is read as if that were written. One that no help mends takes its role with it,
//! and with a role all of `stacks:`, which may refer to it: what is found in the rest is true without them. Anywhere else
//! nothing is judged any further, since much of an environment follows from its top.

use crate::diagnostics::type_codes;
use crate::source::{Kind, Node, SourceMap, Span, parse};
use crate::spec::{Mistake, conform};

/// Taking help at its word can show further mistakes, so many times.
const ROUNDS: usize = 4;

/// The document as it may be judged, or nothing.
pub(super) fn read_on(root: &Node, mut mistakes: Vec<Mistake>) -> Option<Node> {
    let mut root = root.clone();
    for _ in 0..ROUNDS {
        for mistake in &mistakes {
            if follow(&mut root, mistake).is_none() {
                leave_out(&mut root, &mistake.at)?;
            }
        }
        mistakes = conform(&root);
        if mistakes.is_empty() {
            return Some(root);
        }
    }
    None
}

/// Writes what the help says to write; `None` where it does not say.
fn follow(root: &mut Node, mistake: &Mistake) -> Option<()> {
    let help = mistake.told.help.as_deref()?;
    let quoted = help.strip_prefix("write `").or(help.strip_prefix("did you mean `"))?;
    let (written, _) = quoted.split_once('`')?;
    if mistake.told.code == type_codes::UNKNOWN_KEY {
        return rename(root, &mistake.at, written);
    }
    let node = root.get_mut(&mistake.at)?;
    *node = snippet(written, node.span)?;
    Some(())
}

/// Gives an unknown key the name that is meant, with the value that is meant where it has one: `port: 80` for `port:80`.
fn rename(root: &mut Node, at: &str, written: &str) -> Option<()> {
    let (parent, key) = at.rsplit_once('/')?;
    let key = key.replace("~1", "/").replace("~0", "~");
    let Kind::Mapping(entries) = &mut root.get_mut(parent)?.kind else { return None };
    let index = entries.iter().position(|entry| entry.key == key)?;
    let (name, value) = match snippet(written, entries.get(index)?.key_span)?.kind {
        Kind::Mapping(mut one) => one.pop().map(|entry| (entry.key, Some(entry.value)))?,
        Kind::Scalar { value, .. } => (value, None),
        Kind::Sequence(_) => return None,
    };
    if entries.iter().any(|entry| entry.key == name) {
        return None;
    }
    let entry = entries.get_mut(index)?;
    entry.key = name;
    if let Some(value) = value {
        entry.value = value;
    }
    Some(())
}

/// A value as the help writes it, in the place of what is wrong.
fn snippet(text: &str, place: Span) -> Option<Node> {
    let mut sources = SourceMap::new();
    let id = sources.add("help", text);
    let mut node = parse(&sources, id).ok()?.root;
    settle(&mut node, place);
    Some(node)
}

fn settle(node: &mut Node, place: Span) {
    node.span = place;
    match &mut node.kind {
        Kind::Scalar { .. } => {}
        Kind::Sequence(items) => items.iter_mut().for_each(|item| settle(item, place)),
        Kind::Mapping(entries) => {
            for entry in entries {
                entry.key_span = place;
                settle(&mut entry.value, place);
            }
        }
    }
}

/// Leaves out the role or the stack that a pointer leads into; `None` where it leads elsewhere.
fn leave_out(root: &mut Node, at: &str) -> Option<()> {
    let mut segments = at.split('/').skip(1);
    let (section, name) = (segments.next()?, segments.next()?);
    let Kind::Mapping(sections) = &mut root.kind else { return None };
    match section {
        "roles" => {
            let roles = sections.iter_mut().find(|entry| entry.key == "roles")?;
            let Kind::Mapping(roles) = &mut roles.value.kind else { return None };
            roles.retain(|role| role.key != name);
        }
        "stacks" => {}
        _ => return None,
    }
    sections.retain(|entry| entry.key != "stacks");
    Some(())
}

#[cfg(test)]
mod tests {
    use crate::resolve::testing::{alone, poc, small_with};

    /// What is read of `SMALL` with those changes: its account, its roles, the fewest instances of the first.
    fn left(changes: &[(&str, &str)]) -> Option<(String, String, u32)> {
        let resolution = poc(&alone(small_with(changes)));
        assert!(resolution.findings.has_errors(), "{changes:?}");
        let environment = resolution.environment?;
        let names: Vec<&str> = environment.roles.iter().map(|role| role.name.as_str()).collect();
        let min = environment.roles.first()?.instances.capacity.min;
        Some((environment.account.clone(), names.join(" "), min))
    }

    fn read(account: &str, roles: &str, min: u32) -> Option<(String, String, u32)> {
        Some((account.to_owned(), roles.to_owned(), min))
    }

    #[test]
    fn help_is_taken_at_its_word() {
        let (account, two) = ("444455556666", "min: 2");
        assert_eq!(left(&[("\"444455556666\"", account)]), read(account, "web", 2));
        assert_eq!(left(&[("\"444455556666\"", "\"4444-5555-6666\"")]), read(account, "web", 2));
        assert_eq!(left(&[(two, "min: \"2\"")]), read(account, "web", 2));
        assert_eq!(left(&[(two, "minimum: 3")]), read(account, "web", 3));
        assert_eq!(left(&[(two, "min:3")]), read(account, "web", 3));
        assert_eq!(left(&[(two, "minimum: \"3\"")]), read(account, "web", 3), "one after the other");
    }

    #[test]
    fn a_role_that_cannot_be_read_is_left_out_and_the_rest_is_judged() {
        let other = "roles:\n  bad: { instances: [] }\n";
        assert_eq!(left(&[("roles:\n", other)]), read("444455556666", "web", 2));
        assert_eq!(left(&[("min: 2", "min: few")]), None, "no other role");
        assert_eq!(
            left(&[("region: ap-northeast-1", "region: Tokyo")]),
            None,
            "much follows from the Region"
        );
    }
}
