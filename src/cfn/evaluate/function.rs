//! Values: literals, collections, and which function does what.

use std::collections::BTreeSet;

use indexmap::IndexMap;
use serde_json::{Map, Value};

use super::Evaluator;
use super::budget::{self, Over, Wrong, beyond};
use crate::cfn::template::{FOR_EACH, Items, unroll};
use crate::cfn::{Effective, Outside, Unknown, made};
use crate::source::digest;

/// A function's value, or what is wrong with its argument.
pub(super) type Outcome<T = Effective> = Result<T, Wrong>;

impl Evaluator<'_> {
    /// The value; `None` is `AWS::NoValue`.
    pub(super) fn eval(&self, value: &Value) -> Option<Effective> {
        if let Err(over) = self.budget.begin(value) {
            self.over(&over);
            return Some(beyond());
        }
        let made = self.made(value);
        self.budget.leave();
        made
    }

    fn made(&self, value: &Value) -> Option<Effective> {
        match value {
            Value::String(text) if text.contains("{{resolve:") => Some(Effective::looked_up(text)),
            Value::Array(items) => {
                let items = items.iter().enumerate();
                let made =
                    items.filter_map(|(index, item)| self.below(&index.to_string(), || self.eval(item)));
                Some(Effective::List(made.collect()))
            }
            Value::Object(map) => match map.iter().next() {
                Some((name, argument))
                    if map.len() == 1 && is_function(name) && !name.starts_with(FOR_EACH) =>
                {
                    self.function(name, argument)
                }
                _ => Some(Effective::Map(self.entries(map))),
            },
            literal => Some(Effective::from(literal)),
        }
    }

    /// The entries of a mapping that is no function.
    pub(super) fn entries(&self, map: &Map<String, Value>) -> IndexMap<String, Effective> {
        let mut entries = IndexMap::new();
        for (key, value) in map {
            if let Some(made) = self.loop_entries(key, value) {
                entries.extend(self.entries(&made));
                continue;
            }
            let value = match is_function(key) {
                true => self.function(key, value),
                false => self.below(key, || self.eval(value)),
            };
            entries.extend(value.map(|value| (key.clone(), value)));
        }
        entries
    }

    /// What a loop makes of an entry; `None` when it is none, or repeats who knows how often.
    fn loop_entries(&self, key: &str, value: &Value) -> Option<Map<String, Value>> {
        if !key.starts_with(FOR_EACH) {
            return None;
        }
        unroll(value, self)
    }

    /// The texts in a list; `None` when they are not all known.
    fn items_of(&self, collection: &Value) -> Option<Vec<String>> {
        match self.value(collection) {
            Effective::List(items) => items.iter().map(Effective::as_text).collect(),
            _ => None,
        }
    }

    fn function(&self, name: &str, argument: &Value) -> Option<Effective> {
        if name == "Ref" && argument == "AWS::NoValue" {
            return None;
        }
        let outcome = match name {
            "Fn::If" => self.choose(argument),
            _ => self.call(name, argument).map(Some),
        };
        outcome.unwrap_or_else(|wrong| {
            Some(match wrong {
                Wrong::Shape(message) => {
                    self.problem(&message);
                    self.as_written(name, argument)
                }
                Wrong::Budget(over) => {
                    self.over(&over);
                    beyond()
                }
            })
        })
    }

    fn call(&self, name: &str, argument: &Value) -> Outcome {
        match name {
            "Ref" => self.reference(argument),
            "Fn::GetAtt" => self.get_att(argument),
            "Fn::Sub" => self.substitute(argument),
            "Fn::Join" => self.join(argument),
            "Fn::Split" => self.split(argument),
            "Fn::Base64" => self.base64(argument),
            "Fn::ToJsonString" => self.to_json_string(argument),
            "Fn::Select" => self.select(argument),
            "Fn::Cidr" => self.cidr(argument),
            "Fn::GetAZs" => self.zones(argument),
            "Fn::Length" => self.length(argument),
            "Fn::FindInMap" => self.find_in_map(argument),
            "Fn::ImportValue" => self.import_value(argument),
            "Fn::GetStackOutput" => self.stack_output(argument),
            "Fn::Transform" => Ok(self.processed(name, argument)),
            name if name.starts_with(FOR_EACH) => Ok(self.as_written(name, argument)),
            name => Err(format!("`{name}` is no function").into()),
        }
    }

    /// Unknown, shown by its name alone, and told from what is written otherwise.
    fn as_written(&self, name: &str, argument: &Value) -> Effective {
        if !self.budget.has(budget::of_json(argument)) {
            self.over(&Over::Spent);
            return beyond();
        }
        unknown_call(name, &made::literal(&argument.to_string()))
    }

    /// What a macro makes of its parameters.
    fn processed(&self, name: &str, argument: &Value) -> Effective {
        let argument = self.value(argument);
        if !self.budget.has(budget::weight(&argument)) {
            self.over(&Over::Spent);
            return beyond();
        }
        unknown_call(name, &made::of(&argument))
    }

    /// `Fn::If`. Of an unknown condition both branches are possible.
    fn choose(&self, argument: &Value) -> Outcome<Option<Effective>> {
        let Some([name, yes, no]) = argument.as_array().map(Vec::as_slice) else {
            return Err("`Fn::If` must have a condition and two values".into());
        };
        let name = name.as_str().ok_or("the first of `Fn::If` must be the name of a condition")?;
        Ok(match self.condition(name) {
            Some(true) => self.eval(yes),
            Some(false) => self.eval(no),
            None => {
                let branches = [self.value(yes), self.value(no)];
                if let [same, other] = &branches
                    && same == other
                {
                    return Ok(Some(same.clone()));
                }
                self.budget.spend(branches.iter().map(budget::weight).sum())?;
                Some(either(name, &self.choice(name), &branches))
            }
        })
    }

    /// The argument of a function that takes so many values.
    pub(super) fn arguments(
        &self,
        name: &str,
        argument: &Value,
        counts: &[usize],
    ) -> Outcome<Vec<Effective>> {
        let items = argument.as_array().filter(|items| counts.contains(&items.len()));
        let items = items.ok_or_else(|| {
            let counts: Vec<_> = counts.iter().map(ToString::to_string).collect();
            format!("`{name}` takes a list of {} values", counts.join(" or "))
        })?;
        Ok(items.iter().map(|item| self.value(item)).collect())
    }
}

/// How often a loop repeats, and what it may make.
impl Items for Evaluator<'_> {
    fn items(&self, collection: &Value) -> Option<Vec<String>> {
        self.items_of(collection)
    }

    fn has(&self, count: usize, text: usize) -> bool {
        let has = self.budget.has(budget::of_values(count, text));
        if !has {
            self.over(&Over::Spent);
        }
        has
    }
}

/// `${Fn::Transform}`, from outside, made of that.
fn unknown_call(name: &str, argument: &str) -> Effective {
    match Effective::unknown(format!("${{{name}}}")) {
        Effective::Unknown(unknown) => {
            Effective::Unknown(Unknown { made: made::call(name, [argument]), ..unknown })
        }
        known => known,
    }
}

/// The value of an unknown condition, which is written like that: one of the two. Another pair, or another condition, may
/// still come to the same value.
fn either(name: &str, condition: &str, branches: &[Effective; 2]) -> Effective {
    let [yes, no] = branches.each_ref().map(Effective::to_json);
    let anew = branches.iter().all(|branch| Unknown::of("", "", [branch]).is_anew());
    let (shown, name) = (format!("${{Fn::If {name}}}"), format!("Fn::If {name}, {yes}, {no}"));
    let [yes, no] = branches.each_ref().map(made::of);
    let made = made::call("If", [condition, &yes, &no]);
    let mut unknown = Unknown::of(shown, made, branches);
    unknown.outside.retain(|outside| !outside.anew);
    unknown.outside.insert(Outside { name, choice: digest(unknown.made.as_bytes()), anew });
    Effective::Unknown(unknown)
}

/// What is found by keys of which one is unknown: something among that. Among other things may be the same.
pub(super) fn one_of(found: Unknown, among: &Value) -> Unknown {
    let choice = digest(among.to_string().as_bytes());
    let made = made::call("among", [found.made.as_str(), &choice]);
    let uncertain = |outside: Outside| match outside.anew {
        true => Outside { anew: false, choice: "anew".to_owned(), ..outside },
        false => outside,
    };
    let mut outside: BTreeSet<Outside> = found.outside.into_iter().map(uncertain).collect();
    outside.insert(Outside { name: found.text.clone(), choice, anew: false });
    Unknown { made, outside, ..found }
}

fn is_function(name: &str) -> bool {
    name == "Ref" || name.starts_with("Fn::")
}
