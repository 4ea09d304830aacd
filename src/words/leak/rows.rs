//! The table of forms: each row says what it finds, by which signs a line is worth looking at, and the pattern.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::{LazyLock, OnceLock};

use aho_corasick::AhoCorasick;
use regex::{Captures, Regex, RegexBuilder};

use super::literal::is_literal;
use super::{Leak, lines, names, places, tokens};

/// One form of secret.
pub(super) struct Row {
    /// What it is, to be put after "holds".
    pub(super) what: &'static str,
    /// A line that holds none of these (lower case, compared without case) is not looked at.
    pub(super) signs: &'static [&'static str],
    /// Where it is: the first group that took part, or all of it.
    pub(super) pattern: &'static str,
    /// How a find is judged.
    pub(super) judge: Judge,
}

impl Row {
    /// The pattern, made ready. Tokens are ASCII, and much smaller when the pattern knows that.
    fn regex(&self) -> Result<Regex, regex::Error> {
        RegexBuilder::new(self.pattern).unicode(self.judge != Judge::Form).build()
    }
}

/// How a find is judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Judge {
    /// The form alone is enough; only fill characters are none.
    Form,
    /// What was found must be written out: no reference, no placeholder.
    Literal,
    /// The value of a name, judged with that name.
    Named,
}

/// How sure one must be of a value that is a secret by its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Strictness {
    /// As sure as somebody must be who is told to mend it.
    Told,
    /// To hide it: too much does no harm.
    Hidden,
}

/// All rows, made ready once.
struct Table {
    signs: AhoCorasick,
    /// The row of each sign.
    row_of: Vec<usize>,
    rows: Vec<(&'static Row, OnceLock<Option<Regex>>)>,
}

static TABLE: LazyLock<Option<Table>> = LazyLock::new(|| {
    let rows: Vec<_> = all().map(|row| (row, OnceLock::new())).collect();
    let signs =
        rows.iter().enumerate().flat_map(|(index, (row, _))| row.signs.iter().map(move |sign| (index, sign)));
    let (row_of, signs): (Vec<usize>, Vec<&&str>) = signs.unzip();
    let signs = AhoCorasick::builder().ascii_case_insensitive(true).build(signs).ok()?;
    Some(Table { signs, row_of, rows })
});

/// Every row there is.
pub(super) fn all() -> impl Iterator<Item = &'static Row> {
    tokens::ROWS.iter().chain(places::ROWS).chain([&names::ROW])
}

/// Adds what the rows find in a text.
pub(super) fn find(text: &str, strictness: Strictness, found: &mut Vec<Leak>) {
    let Some(table) = TABLE.as_ref().filter(|table| table.signs.is_match(text)) else { return };
    for range in lines::logical(text) {
        let Some(line) = text.get(range.clone()) else { continue };
        let signs = table.signs.find_overlapping_iter(line);
        let worth: BTreeSet<usize> =
            signs.filter_map(|sign| table.row_of.get(sign.pattern().as_usize()).copied()).collect();
        for (row, pattern) in worth.iter().filter_map(|index| table.rows.get(*index)) {
            let Some(pattern) = pattern.get_or_init(|| row.regex().ok()) else { continue };
            for captures in pattern.captures_iter(line) {
                if let Some(Range { start, end }) = judged(row, line, &captures, strictness) {
                    let is_certain = row.judge != Judge::Named;
                    let range = range.start + start..range.start + end;
                    found.push(Leak { range, what: row.what, is_certain });
                }
            }
        }
    }
}

/// Where the secret of a find is, if it is one.
fn judged(row: &Row, line: &str, captures: &Captures<'_>, strictness: Strictness) -> Option<Range<usize>> {
    let whole = captures.get(0)?;
    if row.judge == Judge::Named {
        return names::judged(line, captures, strictness);
    }
    let secret = captures.iter().skip(1).flatten().next().unwrap_or(whole);
    let holds = match row.judge {
        Judge::Literal => is_literal(secret.as_str()) && !secret.as_str().starts_with('/'),
        Judge::Form | Judge::Named => !is_filled(secret.as_str()),
    };
    holds.then(|| secret.range())
}

/// `ghp_XXXXXXXX`: the end is one character again and again.
fn is_filled(token: &str) -> bool {
    let mut end = token.chars().rev().take(8);
    end.next().is_some_and(|last| end.all(|c| c == last))
}

#[cfg(test)]
mod tests {
    use super::{TABLE, all};

    #[test]
    fn every_pattern_is_one_and_every_sign_is_lower_case() {
        assert!(TABLE.is_some());
        for row in all() {
            let pattern = row.regex();
            assert!(pattern.is_ok(), "{}: {pattern:?}", row.what);
            assert!(!row.signs.is_empty(), "{}", row.what);
            let lower = |sign: &&&str| sign.to_ascii_lowercase() == **sign && !sign.is_empty();
            assert!(row.signs.iter().all(|sign| lower(&sign)), "{:?}", row.signs);
        }
    }
}
