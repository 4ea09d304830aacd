//! Alternatives: `oneOf`, `anyOf`, `allOf`, `not` and `if`.

use serde_json::{Map, Value};

use super::{Fault, Judge, Wrong};
use crate::cfn::Effective;

impl<'a> Judge<'a> {
    pub(super) fn choices(&mut self, rules: &'a Map<String, Value>, value: &Effective) {
        let list = |word: &str| rules.get(word).and_then(Value::as_array).into_iter().flatten();
        for inner in list("allOf") {
            self.node(inner, value);
        }
        for word in ["oneOf", "anyOf"] {
            let found: Vec<Vec<Fault>> = list(word).map(|inner| self.aside(inner, value)).collect();
            let fitting = found.iter().filter(|faults| faults.is_empty()).count();
            if !found.is_empty() && fitting == 0 {
                self.none_fits(found);
            } else if word == "oneOf" && fitting > 1 && value.is_known() {
                self.tell(Wrong::ManyChoices);
            }
        }
        if let Some(inner) = rules.get("not")
            && self.aside(inner, value).is_empty()
            && value.is_known()
        {
            self.tell(Wrong::NoChoice);
        }
        if let Some(inner) = rules.get("if") {
            let fails = !self.aside(inner, value).is_empty();
            // where it holds by what is not known, nothing follows
            let follows =
                if fails { rules.get("else") } else { rules.get("then").filter(|_| value.is_known()) };
            if let Some(inner) = follows {
                self.node(inner, value);
            }
        }
    }

    /// Tells what keeps the nearest alternative from fitting.
    fn none_fits(&mut self, mut found: Vec<Vec<Fault>>) {
        let missing = |faults: &Vec<Fault>| match faults.as_slice() {
            [Fault { path, wrong: Wrong::Missing(name) }] if *path == self.path => Some(name.clone()),
            _ => None,
        };
        if let Some(mut names) = found.iter().map(missing).collect::<Option<Vec<String>>>() {
            names.sort();
            names.dedup();
            let one = |names: &[String]| match names {
                [only] => Wrong::Missing(only.clone()),
                _ => Wrong::MissingOne(names.to_vec()),
            };
            return self.tell(one(&names));
        }
        // alternatives of another type are not what was meant
        let is_other = |faults: &Vec<Fault>| {
            faults.iter().any(|it| it.path == self.path && matches!(it.wrong, Wrong::Type(..)))
        };
        if found.iter().any(|faults| !is_other(faults)) {
            found.retain(|faults| !is_other(faults));
        }
        found.sort_by_key(Vec::len);
        let mut left = found.into_iter();
        match (left.next(), left.next()) {
            (Some(only), None) => self.faults.extend(only),
            (Some(first), Some(second)) if first.len() < second.len() => self.faults.extend(first),
            _ => self.tell(Wrong::NoChoice),
        }
    }
}
