//! Quoted texts that go on in a line which is not indented deeper than their key: YAML 1.2 refuses them, and CloudFormation's
//! reader, as every reader of YAML 1.1, takes them.

use std::collections::BTreeSet;

use granit_parser::{ErrorKind, Event, Parser};

/// So many lines of a template may go on so; each costs a reading of the text.
const MOST: usize = 64;

/// A text in which such lines are joined, byte by byte in its place.
pub(super) struct Joined {
    pub(super) text: String,
    /// Offsets of the line ends that are none now.
    at: BTreeSet<usize>,
}

impl Joined {
    /// `None` where nothing of the kind stands in the way of reading it.
    pub(super) fn of(text: &str) -> Option<Self> {
        let mut joined = Self { text: text.to_owned(), at: BTreeSet::new() };
        while let Some(at) = joined.next() {
            if joined.at.len() == MOST || !joined.at.insert(at) {
                return None;
            }
            // A letter that is also an escape, should a backslash stand before it.
            joined.text.replace_range(at..=at, "n");
        }
        (!joined.at.is_empty()).then_some(joined)
    }

    /// The line end before the first such line.
    fn next(&self) -> Option<usize> {
        let error = Parser::new_from_str(&self.text).find_map(Result::err)?;
        if !matches!(error.kind(), ErrorKind::InvalidQuotedScalarIndent) {
            return None;
        }
        let stopped = error.marker().byte_offset()?;
        self.text.get(..stopped)?.rfind('\n')
    }

    /// What a scalar says that stands there in the text as it was; `None` where none of its lines was joined.
    pub(super) fn value(&self, text: &str, range: std::ops::Range<usize>) -> Option<String> {
        self.at.range(range.clone()).next()?;
        // By itself nothing stands around it that its lines would have to be indented deeper than.
        let scalar = |event| match event {
            Ok((Event::Scalar(value, ..), _)) => Some(value.into_owned()),
            _ => None,
        };
        Parser::new_from_str(text.get(range)?).find_map(scalar)
    }
}
