//! Where in a resource a value stands.

use std::fmt;

use serde_json::Value;

use crate::cfn::Effective;

/// One step into a value.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// By key.
    Key(String),
    /// By index, from 0; with the name by which people know the item, such as the key of a tag.
    Item(usize, Option<String>),
}

/// Steps from the resource's properties (or another of its parts) inwards.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Path(pub Vec<Step>);

impl Path {
    /// The path of one key.
    pub fn key(key: &str) -> Self {
        Self(vec![Step::Key(key.to_owned())])
    }

    /// This path and one more step.
    #[must_use]
    pub fn then(&self, step: Step) -> Self {
        Self(self.0.iter().cloned().chain([step]).collect())
    }

    /// The first key: the property's own name. Empty for the whole.
    pub fn property(&self) -> &str {
        match self.0.first() {
            Some(Step::Key(key)) => key,
            _ => "",
        }
    }

    /// The last key on the way.
    pub fn last_key(&self) -> &str {
        let keys = self.0.iter().rev().find_map(|step| match step {
            Step::Key(key) => Some(key.as_str()),
            Step::Item(..) => None,
        });
        keys.unwrap_or_default()
    }

    /// The same place, without the names of items.
    pub(super) fn unnamed(&self) -> Self {
        let step = |step: &Step| match step {
            Step::Item(index, _) => Step::Item(*index, None),
            key @ Step::Key(_) => key.clone(),
        };
        Self(self.0.iter().map(step).collect())
    }

    /// The other place is this one, or inside it. Names of items do not count.
    pub fn holds(&self, other: &Self) -> bool {
        let same = |(here, there): (&Step, &Step)| match (here, there) {
            (Step::Item(here, _), Step::Item(there, _)) => here == there,
            (here, there) => here == there,
        };
        self.0.len() <= other.0.len() && self.0.iter().zip(&other.0).all(same)
    }

    /// The place is the one that a schema calls by this path: `Actions/*/TargetGroups`, `*` being any item or key.
    pub(super) fn fits(&self, pattern: &str) -> bool {
        let same = |(segment, step): (&str, &Step)| match step {
            Step::Key(key) => key == segment || segment == "*",
            Step::Item(..) => segment == "*",
        };
        pattern.split('/').count() == self.0.len() && pattern.split('/').zip(&self.0).all(same)
    }

    /// The value there.
    pub fn get<'a>(&self, value: &'a Effective) -> Option<&'a Effective> {
        self.0.iter().try_fold(value, |value, step| match (value, step) {
            (Effective::Map(map), Step::Key(key)) => map.get(key),
            (Effective::List(items), Step::Item(index, _)) => items.get(*index),
            _ => None,
        })
    }

    /// The innermost part of a template's value on the way: it ends where a function stands.
    pub(super) fn innermost<'a>(&self, value: &'a Value) -> &'a Value {
        let mut here = value;
        for step in &self.0 {
            let next = match step {
                Step::Key(key) => here.get(key),
                Step::Item(index, _) => here.get(*index),
            };
            match next {
                Some(next) => here = next,
                None => break,
            }
        }
        here
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, step) in self.0.iter().enumerate() {
            match step {
                Step::Key(key) if index == 0 => write!(f, "{key}")?,
                Step::Key(key) => write!(f, ".{key}")?,
                Step::Item(_, Some(name)) => write!(f, "[{name}]")?,
                Step::Item(number, None) => write!(f, "[{number}]")?,
            }
        }
        Ok(())
    }
}
