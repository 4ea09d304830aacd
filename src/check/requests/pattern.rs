//! Patterns of listener rules: whether one matches everything that another does, and whether two share a text.
//!
//! `*` is any text, `?` any one character. <https://docs.aws.amazon.com/elasticloadbalancing/latest/application/rule-condition-types.html>

use std::cell::Cell;
use std::collections::BTreeSet;

/// Positions of a pattern as bits; of a longer one nothing is known. A listener rule takes values of 128 characters.
/// <https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_RuleCondition.html>
const POSITIONS: usize = 127;
/// Steps of one question; patterns that listener rules take need a few hundred.
const QUESTION: usize = 50_000;
/// Steps of all questions about the routes of an environment.
const ALL: usize = 5_000_000;

/// What comparing patterns may take, in positions looked at.
#[derive(Debug)]
pub(in crate::check) struct Steps(Cell<usize>);

impl Default for Steps {
    fn default() -> Self {
        Self(Cell::new(ALL))
    }
}

impl Steps {
    /// Whether there were that many left.
    pub(super) fn take(&self, count: usize) -> bool {
        let left = self.0.get().checked_sub(count);
        self.0.set(left.unwrap_or(0));
        left.is_some()
    }

    /// Nothing is left: answers after this one are not known.
    pub(in crate::check) fn are_spent(&self) -> bool {
        self.0.get() == 0
    }
}

/// A pattern, as an automaton whose states are positions in its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::check) struct Pattern {
    symbols: Vec<Symbol>,
    /// Positions that stay where they are on any character.
    many: u128,
    /// Positions that any character leads on from.
    one: u128,
    /// Positions that one character leads on from, by character.
    literals: Vec<(char, u128)>,
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
        let characters: BTreeSet<char> = symbols.iter().take(POSITIONS).filter_map(literal).collect();
        let literals = characters.into_iter().map(|c| (c, bits(Symbol::Is(c)))).collect();
        Self { symbols, many, one, literals }
    }

    /// How many wildcards it has.
    pub(super) fn wildcards(&self) -> usize {
        self.symbols.iter().filter(|symbol| literal(symbol).is_none()).count()
    }

    /// It has more characters than are compared.
    pub(super) fn is_long(&self) -> bool {
        self.symbols.len() > POSITIONS
    }

    /// Whether every text that this pattern matches is matched by one of `others`; `None` where telling takes too many
    /// steps.
    pub(in crate::check) fn is_within(
        &self,
        others: &[&Self],
        universe: Universe,
        steps: &Steps,
    ) -> Option<bool> {
        if others.contains(&self) {
            return Some(true);
        }
        if self.is_long() || others.iter().any(|other| other.is_long()) {
            return None;
        }
        if !steps.take(others.len() * self.symbols.len()) {
            return None;
        }
        // one that shares no text with this one covers none of it
        let others: Vec<&Self> = others.iter().copied().filter(|other| self.meets(other)).collect();
        if others.is_empty() && (universe == Universe::Any || self.is_path()) {
            return Some(false);
        }
        self.walk(&others, universe, steps)
    }

    /// It matches texts that begin with `/`.
    fn is_path(&self) -> bool {
        self.symbols.first().is_some_and(|first| !matches!(first, Symbol::Is(c) if *c != '/'))
    }

    /// Looks at every way through the patterns, all at once.
    fn walk(&self, others: &[&Self], universe: Universe, steps: &Steps) -> Option<bool> {
        let alphabet = alphabet(others.iter().copied().chain([self]));
        let (each, mut taken) = (alphabet.len() * (others.len() + 1), 0);
        let mut seen = BTreeSet::new();
        let mut open =
            vec![State { own: self.start(), others: others.iter().map(|it| it.start()).collect() }];
        let mut first = universe == Universe::Paths;
        while let Some(state) = open.pop() {
            taken += each;
            if taken > QUESTION || !steps.take(each) {
                return None;
            }
            if !first && self.accepts(state.own) && !state.matched(others) {
                return Some(false);
            }
            let next = alphabet.iter().filter(|c| !first || **c == Some('/')).map(|c| State {
                own: self.step(state.own, *c),
                others: others.iter().zip(&state.others).map(|(other, set)| other.step(*set, *c)).collect(),
            });
            let next = next.filter(|next| next.own != 0 && !next.matches_all(others));
            open.extend(next.filter(|next| seen.insert(next.clone())));
            first = false;
        }
        Some(true)
    }

    /// Whether some text is matched by both: the positions that the other can be at, after each symbol of this one.
    /// Neither is long.
    pub(in crate::check) fn meets(&self, other: &Self) -> bool {
        let mut at = other.start();
        for symbol in &self.symbols {
            at = match symbol {
                // whatever stands in the other may be passed, or nothing of it
                Symbol::Many => (u128::MAX << at.trailing_zeros()) & other.whole(),
                Symbol::One => other.closed(((at & !other.many) << 1) | (at & other.many)) & other.whole(),
                Symbol::Is(c) => other.step(at, Some(*c)),
            };
            if at == 0 {
                return false;
            }
        }
        other.accepts(at)
    }

    /// All positions, the end among them.
    fn whole(&self) -> u128 {
        u128::MAX >> (POSITIONS - self.symbols.len().min(POSITIONS))
    }

    fn start(&self) -> u128 {
        self.closed(1)
    }

    fn step(&self, set: u128, c: Option<char>) -> u128 {
        let found = c.and_then(|c| self.literals.binary_search_by_key(&c, |(c, _)| *c).ok());
        let literal = found.and_then(|index| self.literals.get(index)).map_or(0, |(_, bits)| *bits);
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

fn literal(symbol: &Symbol) -> Option<char> {
    match symbol {
        Symbol::Is(c) => Some(*c),
        Symbol::One | Symbol::Many => None,
    }
}

/// Every character that a pattern names, and `None` for any other.
fn alphabet<'a>(patterns: impl Iterator<Item = &'a Pattern>) -> BTreeSet<Option<char>> {
    let named = patterns.flat_map(|pattern| &pattern.symbols).filter_map(literal);
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
    fn matched(&self, others: &[&Pattern]) -> bool {
        others.iter().zip(&self.others).any(|(other, set)| other.accepts(*set))
    }

    fn matches_all(&self, others: &[&Pattern]) -> bool {
        others.iter().zip(&self.others).any(|(other, set)| other.accepts_all(*set))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use std::cell::Cell;

    use super::{Pattern, QUESTION, Steps, Universe};

    fn within(pattern: &str, others: &[&str]) -> bool {
        let others: Vec<Pattern> = others.iter().map(|other| Pattern::new(other)).collect();
        let others: Vec<&Pattern> = others.iter().collect();
        Pattern::new(pattern).is_within(&others, Universe::Paths, &Steps::default()) == Some(true)
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

    #[test]
    fn absurd_patterns_end_at_their_steps_and_are_not_known() {
        // each `a` may be the one that counts, so that every set of positions can be reached
        let wild = "?".repeat(20);
        let (own, other) = (format!("/*a{wild}b*"), format!("/*a{wild}?*"));
        let (own, other) = (Pattern::new(&own), Pattern::new(&other));
        let steps = Steps(Cell::new(QUESTION * 2));
        assert_eq!(own.is_within(&[&other], Universe::Paths, &steps), None);
        assert!(!steps.are_spent(), "one question takes a part of all");
        assert_eq!(own.is_within(&[&other], Universe::Paths, &steps), None);
        assert!(steps.are_spent() || steps.0.get() < 1_000);
        assert_eq!(other.is_within(&[&own], Universe::Paths, &Steps(Cell::new(0))), None, "nothing is left");
        assert_eq!(own.is_within(&[&own], Universe::Paths, &steps), Some(true), "the same text");
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
            let others = [&others[0], &others[1]];
            let answer = Pattern::new(&one).is_within(&others, universe, &Steps::default());
            prop_assert_eq!(answer, Some(counter.is_none()), "{:?}", counter);
            let both = texts.iter().find(|text| is(&one, text) && is(&first, text));
            prop_assert_eq!(Pattern::new(&one).meets(others[0]), both.is_some(), "{:?}", both);
        }
    }
}
