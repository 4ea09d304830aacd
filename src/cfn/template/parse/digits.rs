//! Numbers as they were written: `1.10` is not `1.1` where a number becomes text.

use std::collections::BTreeMap;

use super::place::Place;
use crate::source::{Node, Tags};

/// The numbers of a text that JSON writes otherwise, by pointer.
#[derive(Debug, Default)]
pub(super) struct Digits(BTreeMap<String, String>);

impl Digits {
    pub(super) fn of(root: &Node) -> Self {
        let mut digits = Self::default();
        digits.collect(root, &Place::ROOT);
        digits
    }

    /// How the number there was written, if JSON writes it otherwise.
    pub(super) fn get(&self, place: &Place<'_>) -> Option<&str> {
        if self.0.is_empty() {
            return None;
        }
        self.0.get(&place.pointer()).map(String::as_str)
    }

    fn collect(&mut self, node: &Node, place: &Place<'_>) {
        for entry in node.entries() {
            self.collect(&entry.value, &place.key(&entry.key));
        }
        for (index, item) in node.items().iter().enumerate() {
            self.collect(item, &place.item(index));
        }
        let numeric = |raw: &&str| raw.starts_with(|c: char| c.is_ascii_digit() || "+-.".contains(c));
        let Some(raw) = node.raw().filter(numeric) else { return };
        let number = node.to_json(Tags::Ignore);
        let as_json = number.to_string();
        if number.is_number() && as_json != raw {
            self.0.insert(place.pointer(), raw.to_owned());
        }
    }
}
