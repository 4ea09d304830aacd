//! Conditions: three-valued, because a parameter may be unknown.

use serde_json::Value;

use super::{Evaluator, budget};
use crate::cfn::{Effective, Unknown, made};
use crate::source::digest;

/// Conditions that name conditions, at most so deep: deeper ones count as unknown.
const DEEPEST: usize = 100;

/// So many conditions `Fn::And` and `Fn::Or` take.
/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference-conditions.html>
const MANY: std::ops::RangeInclusive<usize> = 2..=10;

impl Evaluator<'_> {
    /// The condition's value; `None` when it is unknown, malformed or in a cycle.
    pub fn condition(&self, name: &str) -> Option<bool> {
        let cached = self.conditions.borrow().get(name).cloned();
        if let Some((value, trace)) = cached {
            self.budget.has(budget::of_values(trace.references.len() + trace.parameters.len(), 0));
            self.trace.borrow_mut().extend(trace);
            return value;
        }
        let Some(declared) = self.template.conditions.get(name) else {
            self.problem(&format!("condition `{name}` is not declared"));
            return None;
        };
        let (cycle, depth) = (self.open.borrow().iter().any(|open| open == name), self.open.borrow().len());
        if cycle || depth >= DEEPEST {
            let why = if cycle { "depends on itself" } else { "is nested too deep" };
            self.problem(&format!("condition `{name}` {why}"));
            return None;
        }
        self.open.borrow_mut().push(name.to_owned());
        let outer = self.revealing.replace(true);
        let (value, trace) = self.at("Conditions", name, || self.tracing(|| self.test(declared)));
        self.revealing.set(outer);
        self.open.borrow_mut().pop();
        self.conditions.borrow_mut().insert(name.to_owned(), (value, trace));
        value
    }

    /// How an unknown condition is written, as a digest: what is written alike has the same value.
    pub(super) fn choice(&self, name: &str) -> String {
        if let Some(known) = self.choices.borrow().get(name) {
            return known.clone();
        }
        let Some(declared) = self.template.conditions.get(name) else { return name.to_owned() };
        // where it comes to itself again, its name stands for it
        self.choices.borrow_mut().insert(name.to_owned(), name.to_owned());
        let made = digest(self.written(declared).as_bytes());
        self.choices.borrow_mut().insert(name.to_owned(), made.clone());
        made
    }

    fn written(&self, value: &Value) -> String {
        if self.budget.begin(value).is_err() {
            return "beyond".to_owned();
        }
        let single = value.as_object().filter(|map| map.len() == 1).and_then(|map| map.iter().next());
        let written = match single.map(|(name, argument)| (name.as_str(), argument)) {
            Some(("Condition", Value::String(name))) => self.choice(name),
            Some((name @ "Fn::Equals", argument)) => self.call_of(name, argument, |side| self.side(side)),
            Some((name, argument)) => self.call_of(name, argument, |inner| self.written(inner)),
            None => made::literal(&value.to_string()).into_owned(),
        };
        self.budget.leave();
        written
    }

    fn call_of(&self, name: &str, argument: &Value, write: impl Fn(&Value) -> String) -> String {
        let arguments: Vec<String> = items(argument).iter().map(write).collect();
        made::call(name, arguments.iter().map(String::as_str))
    }

    /// A side of `Fn::Equals`.
    fn side(&self, value: &Value) -> String {
        let value = self.value(value);
        let made = made::of(&value);
        if Unknown::of("", "", [&value]).is_anew() { made::call("anew", [&*made]) } else { made.into_owned() }
    }

    /// The value of a condition function.
    fn test(&self, value: &Value) -> Option<bool> {
        if let Err(over) = self.budget.begin(value) {
            self.over(&over);
            return None;
        }
        let outcome = self.tested(value);
        self.budget.leave();
        outcome
    }

    fn tested(&self, value: &Value) -> Option<bool> {
        let single = value.as_object().filter(|map| map.len() == 1).and_then(|map| map.iter().next());
        match single.map(|(name, argument)| (name.as_str(), argument)) {
            Some(("Condition", Value::String(name))) => self.condition(name),
            Some(("Fn::Equals", Value::Array(sides))) if sides.len() == 2 => {
                let [left, right] = [sides.first()?, sides.last()?].map(|side| self.value(side));
                equal(&left, &right)
            }
            Some(("Fn::Not", argument)) if items(argument).len() == 1 => {
                self.test(argument.get(0)?).map(|value| !value)
            }
            Some((name @ ("Fn::And" | "Fn::Or"), argument)) if MANY.contains(&items(argument).len()) => {
                self.all(items(argument), name == "Fn::And")
            }
            Some((name @ ("Fn::And" | "Fn::Or"), _)) => {
                self.problem(&format!("`{name}` takes a list of 2 to 10 conditions"));
                None
            }
            _ => {
                self.budget.has(budget::of_json(value));
                let text: String = value.to_string().chars().take(60).collect();
                self.problem(&format!("`{text}` is no condition"));
                None
            }
        }
    }

    /// `wanted` when all are, its opposite when one is, else unknown: `Fn::And` for true, `Fn::Or` for false.
    fn all(&self, items: &[Value], wanted: bool) -> Option<bool> {
        let values: Vec<_> = items.iter().map(|item| self.test(item)).collect();
        if values.contains(&Some(!wanted)) {
            return Some(!wanted);
        }
        values.iter().all(Option::is_some).then_some(wanted)
    }
}

/// What stands in a list; nothing for anything else.
fn items(argument: &Value) -> &[Value] {
    argument.as_array().map(Vec::as_slice).unwrap_or_default()
}

/// Equality as `Fn::Equals` has it: scalars by their text.
fn equal(left: &Effective, right: &Effective) -> Option<bool> {
    if !left.is_known() || !right.is_known() {
        return None;
    }
    Some(match (left.as_text(), right.as_text()) {
        (Some(left), Some(right)) => left == right,
        _ => left == right,
    })
}
