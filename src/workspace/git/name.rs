//! A commit's name as people write it: a branch, tag or id, and steps back from there (`main~2`, `v1.2^{commit}`, `HEAD^2`).

use super::GitError;

/// A name taken apart.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Name<'a> {
    /// Branch, tag, reference or (part of an) id; `HEAD` for `@`.
    pub base: &'a str,
    /// From there, one after the other.
    pub steps: Vec<Step>,
}

/// One step back in history.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    /// `~3`: that many first parents.
    Back(u32),
    /// `^2`: that parent, from 1; `^0`, `^{}` and `^{commit}` are the commit itself.
    Parent(u32),
}

impl<'a> Name<'a> {
    /// # Errors
    /// Git could read it, and asagi does not: a range, a path, an entry of the reflog, a search. Or nobody can.
    pub(super) fn parse(text: &'a str) -> Result<Self, GitError> {
        let at = text.find(['~', '^']).unwrap_or(text.len());
        let (base, mut rest) = text.split_at(at);
        let refused = |why| Err(GitError::NotAName(why));
        match base {
            "" if text.starts_with('^') => return refused("a name that begins with `^` leaves commits out"),
            "" => return refused("there is no name before the `~`"),
            _ if base.contains("..") => return refused("it is a range, not one commit"),
            _ if base.contains("@{") => return refused("it asks the reflog, which asagi does not read"),
            _ if base.contains(':') => return refused("it names a path in a commit, not a commit"),
            _ => {}
        }
        let mut steps = Vec::new();
        while !rest.is_empty() {
            let (step, after) = step(rest)?;
            steps.push(step);
            rest = after;
        }
        Ok(Self { base: if base == "@" { "HEAD" } else { base }, steps })
    }
}

/// The step that a text begins with, and what follows it.
fn step(text: &str) -> Result<(Step, &str), GitError> {
    for itself in ["^{}", "^{commit}"] {
        if let Some(rest) = text.strip_prefix(itself) {
            return Ok((Step::Parent(0), rest));
        }
    }
    let refused =
        GitError::NotAName("behind the name may stand `~`, `^`, a number after either, and `^{commit}`");
    let Some(rest) = text.strip_prefix(['~', '^']) else { return Err(refused) };
    let end = rest.find(|character: char| !character.is_ascii_digit()).unwrap_or(rest.len());
    let (digits, after) = rest.split_at(end);
    let number = match digits {
        "" => 1,
        digits => {
            digits.parse().map_err(|_| GitError::NotAName("the number behind the name is too large"))?
        }
    };
    Ok((if text.starts_with('~') { Step::Back(number) } else { Step::Parent(number) }, after))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_taken_apart() {
        use Step::{Back, Parent};
        for (text, base, steps) in [
            ("main", "main", vec![]),
            ("@", "HEAD", vec![]),
            ("HEAD~1", "HEAD", vec![Back(1)]),
            ("main^", "main", vec![Parent(1)]),
            ("main~~^^2", "main", vec![Back(1), Back(1), Parent(1), Parent(2)]),
            ("v1.0^{}", "v1.0", vec![Parent(0)]),
            ("v1.0^{commit}~0", "v1.0", vec![Parent(0), Back(0)]),
            ("-x", "-x", vec![]),
            ("機能/一", "機能/一", vec![]),
        ] {
            assert_eq!(Name::parse(text).unwrap(), Name { base, steps }, "{text}");
        }
    }

    #[test]
    fn what_is_no_name_of_one_commit_is_told() {
        for (text, told) in [
            ("^main", "a name that begins with `^` leaves commits out"),
            ("~1", "there is no name before the `~`"),
            ("a..b", "it is a range, not one commit"),
            ("main@{yesterday}", "it asks the reflog, which asagi does not read"),
            ("main:environments", "it names a path in a commit, not a commit"),
            ("main^{tree}", "behind the name may stand `~`, `^`, a number after either, and `^{commit}`"),
            ("main~1x", "behind the name may stand `~`, `^`, a number after either, and `^{commit}`"),
            ("main~99999999999", "the number behind the name is too large"),
        ] {
            assert_eq!(Name::parse(text).unwrap_err().to_string(), told, "{text}");
        }
    }
}
