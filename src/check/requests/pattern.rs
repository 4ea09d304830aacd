//! Patterns of listener rules: whether one matches everything that another does, and whether two share a text.
//!
//! `*` is any text, `?` any one character. <https://docs.aws.amazon.com/elasticloadbalancing/latest/application/rule-condition-types.html>

use std::collections::BTreeSet;

/// Positions of a pattern as bits; a longer pattern than this is compared as text only.
const POSITIONS: usize = 127;
/// States looked at before giving up; rules AWS takes need a few hundred.
const STATES: usize = 20_000;

/// A pattern, as an automaton whose states are positions in its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::check) struct Pattern {
    symbols: Vec<Symbol>,
    /// Positions that stay where they are on any character.
    many: u128,
    /// Positions that any character leads on from.
    one: u128,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Symbol {
    Is(char),
    One,
    Many,
}

/// What texts there are at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::check) enum Universe {
    /// Every text.
    Any,
    /// Paths: they begin with `/`.
    Paths,
}

impl Pattern {
    /// Reads a pattern; `**` is `*`.
    pub(in crate::check) fn new(text: &str) -> Self {
        let mut symbols: Vec<Symbol> = text.chars().map(symbol).collect();
        symbols.dedup_by(|a, b| *a == Symbol::Many && *b == Symbol::Many);
        let bits = |wanted: Symbol| {
            let at = symbols.iter().enumerate().take(POSITIONS).filter(|(_, symbol)| **symbol == wanted);
            at.fold(0_u128, |bits, (index, _)| bits | (1 << index))
        };
        let (many, one) = (bits(Symbol::Many), bits(Symbol::One));
        Self { symbols, many, one }
    }

    /// Whether every text that this pattern matches is matched by one of `others`. `false` also where that would take
    /// too long to tell.
    pub(in crate::check) fn is_within(&self, others: &[Self], universe: Universe) -> bool {
        if others.contains(self) {
            return true;
        }
        let mut all = others.iter().chain([self]);
        if all.any(|pattern| pattern.symbols.len() > POSITIONS) {
            return false;
        }
        let alphabet = alphabet(others.iter().chain([self]));
        let mut seen = BTreeSet::new();
        let mut open = vec![State { own: self.start(), others: others.iter().map(Self::start).collect() }];
        let mut first = universe == Universe::Paths;
        while let Some(state) = open.pop() {
            if !first && self.accepts(state.own) && !state.matched(others) {
                return false;
            }
            let next = alphabet.iter().filter(|c| !first || **c == Some('/')).map(|c| State {
                own: self.step(state.own, *c),
                others: others.iter().zip(&state.others).map(|(other, set)| other.step(*set, *c)).collect(),
            });
            let next = next.filter(|next| next.own != 0 && !next.matches_all(others));
            open.extend(next.filter(|next| seen.insert(next.clone())));
            first = false;
            if seen.len() > STATES {
                return false;
            }
        }
        true
    }

    /// Whether some text is matched by both.
    pub(in crate::check) fn meets(&self, other: &Self) -> bool {
        let (mut seen, mut open) = (BTreeSet::new(), vec![(0, 0)]);
        while let Some((i, j)) = open.pop() {
            if !seen.insert((i, j)) {
                continue;
            }
            match (self.symbols.get(i), other.symbols.get(j)) {
                (None, None) => return true,
                (Some(Symbol::Many), _) if open.len() > STATES => return true,
                (Some(Symbol::Many), Some(Symbol::Many)) => open.extend([(i + 1, j), (i, j + 1)]),
                (Some(Symbol::Many), Some(_)) => open.extend([(i + 1, j), (i, j + 1)]),
                (Some(_), Some(Symbol::Many)) => open.extend([(i, j + 1), (i + 1, j)]),
                (Some(Symbol::Many), None) => open.push((i + 1, j)),
                (None, Some(Symbol::Many)) => open.push((i, j + 1)),
                (Some(Symbol::Is(a)), Some(Symbol::Is(b))) if a != b => {}
                (Some(_), Some(_)) => open.push((i + 1, j + 1)),
                (Some(_), None) | (None, Some(_)) => {}
            }
        }
        false
    }

    fn start(&self) -> u128 {
        self.closed(1)
    }

    fn step(&self, set: u128, c: Option<char>) -> u128 {
        let literal = self
            .symbols
            .iter()
            .enumerate()
            .filter(|(_, symbol)| c.is_some_and(|c| **symbol == Symbol::Is(c)));
        let literal = literal.fold(0_u128, |bits, (index, _)| bits | (1 << index));
        self.closed(((set & (self.one | literal)) << 1) | (set & self.many))
    }

    /// `*` may also be nothing.
    fn closed(&self, set: u128) -> u128 {
        set | ((set & self.many) << 1)
    }

    fn accepts(&self, set: u128) -> bool {
        set & (1 << self.symbols.len()) != 0
    }

    /// Whether everything is matched from here on.
    fn accepts_all(&self, set: u128) -> bool {
        self.symbols.last() == Some(&Symbol::Many) && set & (1 << (self.symbols.len() - 1)) != 0
    }
}

fn symbol(c: char) -> Symbol {
    match c {
        '*' => Symbol::Many,
        '?' => Symbol::One,
        other => Symbol::Is(other),
    }
}

/// Every character that a pattern names, and `None` for any other.
fn alphabet<'a>(patterns: impl Iterator<Item = &'a Pattern>) -> BTreeSet<Option<char>> {
    let named = patterns.flat_map(|pattern| &pattern.symbols).filter_map(|symbol| match symbol {
        Symbol::Is(c) => Some(*c),
        Symbol::One | Symbol::Many => None,
    });
    // paths begin with a slash, named or not
    named.chain(['/']).map(Some).chain([None]).collect()
}

/// Where the patterns can be after the same text.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct State {
    own: u128,
    others: Vec<u128>,
}

impl State {
    fn matched(&self, others: &[Pattern]) -> bool {
        others.iter().zip(&self.others).any(|(other, set)| other.accepts(*set))
    }

    fn matches_all(&self, others: &[Pattern]) -> bool {
        others.iter().zip(&self.others).any(|(other, set)| other.accepts_all(*set))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Pattern, Universe};

    fn within(pattern: &str, others: &[&str]) -> bool {
        let others: Vec<Pattern> = others.iter().map(|other| Pattern::new(other)).collect();
        Pattern::new(pattern).is_within(&others, Universe::Paths)
    }

    #[test]
    fn what_people_write_is_seen_through() {
        for (pattern, others) in [
            ("/api/*", ["/*", ""]),
            ("/api/v1/*", ["/api/*", ""]),
            ("/api/v?/users", ["/api/*/users", ""]),
            ("*", ["/*", ""]),
            ("*.php", ["/*", ""]),
            ("/?*", ["/*?", ""]),
            ("/a*", ["/a", "/a?*"]),
            ("/*", ["/", "/?*"]),
        ] {
            assert!(within(pattern, &others), "{pattern} in {others:?}");
        }
        for (pattern, others) in [
            ("/api", ["/api/*", ""]),
            ("/*", ["/api/*", ""]),
            ("/api/*", ["/api/?", "/api/??*x"]),
            ("/API/*", ["/api/*", ""]),
        ] {
            assert!(!within(pattern, &others), "{pattern} in {others:?}");
        }
        let long = "x".repeat(200);
        assert!(within(&long, &[&long]) && !within(&long, &["*"]), "a long pattern is compared as text");
    }

    /// Whether a pattern matches, by its definition.
    fn matches(pattern: &[char], text: &[char]) -> bool {
        match pattern.split_first() {
            None => text.is_empty(),
            Some(('*', rest)) => (0..=text.len()).any(|skip| matches(rest, &text[skip..])),
            Some(('?', rest)) => !text.is_empty() && matches(rest, &text[1..]),
            Some((c, rest)) => text.first() == Some(c) && matches(rest, &text[1..]),
        }
    }

    /// Every text of up to six letters, one of them in no pattern.
    fn texts() -> Vec<Vec<char>> {
        let mut all = vec![Vec::new()];
        let mut last = all.clone();
        for _ in 0..6 {
            last = last
                .iter()
                .flat_map(|text| ['/', 'a', 'z'].map(|c| [text.as_slice(), &[c]].concat()))
                .collect();
            all.extend(last.iter().cloned());
        }
        all
    }

    proptest! {
        #[test]
        fn containment_and_meeting_are_what_trying_every_text_says(
            one in "[/a*?]{0,4}", first in "[/a*?]{0,4}", second in "[/a*?]{0,3}", paths: bool
        ) {
            let universe = if paths { Universe::Paths } else { Universe::Any };
            let chars = |text: &str| text.chars().collect::<Vec<_>>();
            let texts = texts();
            let exists = |text: &&Vec<char>| !paths || text.first() == Some(&'/');
            let is = |pattern: &str, text: &[char]| matches(&chars(pattern), text);
            let counter = texts.iter().filter(exists).find(|text| is(&one, text) && !is(&first, text) && !is(&second, text));
            let others = [Pattern::new(&first), Pattern::new(&second)];
            prop_assert_eq!(Pattern::new(&one).is_within(&others, universe), counter.is_none(), "{:?}", counter);
            let both = texts.iter().find(|text| is(&one, text) && is(&first, text));
            prop_assert_eq!(Pattern::new(&one).meets(&others[0]), both.is_some(), "{:?}", both);
        }
    }
}
