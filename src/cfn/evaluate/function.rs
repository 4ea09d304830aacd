//! Values: literals, collections, and which function does what.

use indexmap::IndexMap;
use serde_json::{Map, Value};

use super::Evaluator;
use super::budget::{self, Over, Wrong, beyond};
use crate::cfn::template::{FOR_EACH, Items, unroll};
use crate::cfn::{Effective, Outside, Unknown};

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
                    Effective::unknown(format!("${{{name}}}"))
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
            "Fn::Transform" => Ok(Effective::unknown("${Fn::Transform}")),
            name if name.starts_with(FOR_EACH) => Ok(Effective::unknown(format!("${{{name}}}"))),
            name => Err(format!("`{name}` is no function").into()),
        }
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
                Some(either(name, &branches))
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

/// The value of an unknown condition: one of the two. Another pair may still come to the same value.
fn either(condition: &str, branches: &[Effective; 2]) -> Effective {
    let [yes, no] = branches.each_ref().map(Effective::to_json);
    let Unknown { references, mut outside, .. } = Unknown::of("", branches);
    let anew = branches.iter().all(|branch| Unknown::of("", [branch]).is_anew());
    outside.retain(|outside| !outside.anew);
    outside.insert(Outside { name: format!("Fn::If {condition}, {yes}, {no}"), anew });
    Effective::Unknown(Unknown { text: format!("${{Fn::If {condition}}}"), references, outside })
}

fn is_function(name: &str) -> bool {
    name == "Ref" || name.starts_with("Fn::")
}
