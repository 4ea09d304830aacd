//! Functions that make or take lists, and `Fn::FindInMap`.

use serde_json::{Map, Value};

use super::budget::{of_json, of_values, weight};
use super::{
    Evaluator, cidr,
    function::{Outcome, one_of},
};
use crate::cfn::{Effective, Unknown, made};

impl Evaluator<'_> {
    pub(super) fn select(&self, argument: &Value) -> Outcome {
        let arguments = self.arguments("Fn::Select", argument, &[2])?;
        let [index, list] = arguments.as_slice() else { return Err("".into()) };
        let index = match index {
            Effective::Unknown(_) => return self.derived("Select", &arguments),
            index => index.as_text().and_then(|text| text.parse::<usize>().ok()),
        };
        let index = index.ok_or("the first of `Fn::Select` must be an index from 0")?;
        match list {
            Effective::List(items) => {
                let item = items.get(index).ok_or_else(|| {
                    format!("`Fn::Select` asks for index {index} of a list of {}", items.len())
                })?;
                self.budget.spend(weight(item))?;
                Ok(item.clone())
            }
            Effective::Unknown(Unknown { text, made, .. }) => {
                self.budget.spend(weight(list))?;
                let made = made::call("Select", [index.to_string().as_str(), made]);
                Ok(Effective::Unknown(Unknown::of(format!("{text}[{index}]"), made, [list])))
            }
            _ => Err("the second of `Fn::Select` must be a list".into()),
        }
    }

    pub(super) fn length(&self, argument: &Value) -> Outcome {
        match self.value(argument) {
            Effective::List(items) => Ok(Effective::Number(items.len().into())),
            value @ Effective::Unknown(_) => self.derived("Length", &[value]),
            _ => Err("`Fn::Length` must have a list".into()),
        }
    }

    pub(super) fn cidr(&self, argument: &Value) -> Outcome {
        let mut arguments = self.arguments("Fn::Cidr", argument, &[2, 3])?;
        if arguments.iter().any(|value| !value.is_known()) {
            if arguments.len() == 2 {
                arguments.push(Effective::Number(cidr::DEFAULT_BITS.into()));
            }
            return self.derived("Cidr", &arguments);
        }
        let text = |index: usize| arguments.get(index).and_then(Effective::as_text);
        let number = |index: usize| text(index).and_then(|text| text.parse::<u32>().ok());
        let block = text(0).ok_or("the first of `Fn::Cidr` must be an address block")?;
        let count = number(1).ok_or("the second of `Fn::Cidr` must be a number")?;
        let bits = match arguments.len() {
            2 => cidr::DEFAULT_BITS,
            _ => number(2).ok_or("the third of `Fn::Cidr` must be a number")?,
        };
        let made = cidr::blocks(&block, count, bits)?;
        self.budget.spend(of_values(made.len(), 0))?;
        Ok(Effective::List(made.into_iter().map(Effective::String).collect()))
    }

    pub(super) fn zones(&self, argument: &Value) -> Outcome {
        let region = match self.value(argument) {
            value @ Effective::Unknown(_) => return self.derived("GetAZs", &[value]),
            value => value.as_text().ok_or("`Fn::GetAZs` must have a region or empty text")?,
        };
        let here = region.is_empty() || region == self.surroundings.region;
        if here && !self.surroundings.zones.is_empty() {
            return Ok(Effective::List(self.surroundings.zones.iter().map(Effective::text).collect()));
        }
        let region = if here { &self.surroundings.region } else { &region };
        Ok(Effective::unknown(format!("${{GetAZs {region}}}")))
    }

    pub(super) fn find_in_map(&self, argument: &Value) -> Outcome {
        let arguments = self.arguments("Fn::FindInMap", argument, &[3, 4])?;
        let default = match arguments.get(3) {
            Some(Effective::Map(options)) => options.get("DefaultValue").cloned(),
            _ => None,
        };
        let keys = arguments.get(..3).unwrap_or_default();
        if keys.iter().any(|key| !key.is_known()) {
            let Effective::Unknown(found) = self.derived("FindInMap", &arguments)? else {
                return Err("".into());
            };
            let among = reachable(&self.template.mappings, keys);
            self.budget.spend(of_json(&among))?;
            return Ok(Effective::Unknown(one_of(found, &among)));
        }
        let keys: Option<Vec<_>> = keys.iter().map(Effective::as_text).collect();
        let keys = keys.ok_or("`Fn::FindInMap` must have the names of a mapping and of two keys")?;
        let mut keys_left = keys.iter();
        let mapping = keys_left.next().and_then(|name| self.template.mappings.get(name));
        let found = keys_left.fold(mapping, |value, key| value.and_then(|value| value.get(key)));
        self.budget.spend(found.map_or(0, of_json))?;
        let found = found.map(Effective::from).or(default);
        let nothing = || {
            let lacks = lacks(&self.template.mappings, &keys).unwrap_or_default();
            format!("`Fn::FindInMap` finds nothing at {}{lacks}", keys.join(", "))
        };
        found.ok_or_else(|| nothing().into())
    }
}

/// What of the mappings can be found by keys of which one is unknown.
fn reachable(inside: &Map<String, Value>, keys: &[Effective]) -> Value {
    let Some((key, rest)) = keys.split_first() else { return Value::Object(inside.clone()) };
    let key = key.as_text();
    let fits = inside.iter().filter(|(name, _)| key.as_ref().is_none_or(|key| key == *name));
    let below = |value: &Value| match value.as_object() {
        Some(inside) if !rest.is_empty() => reachable(inside, rest),
        _ => value.clone(),
    };
    Value::Object(fits.map(|(name, value)| (name.clone(), below(value))).collect())
}

/// So many keys that a mapping has are named.
const NAMED: usize = 5;

/// `: Sizes has no prod, but dev`.
fn lacks(mappings: &Map<String, Value>, keys: &[String]) -> Option<String> {
    let mut inside = mappings;
    let mut name: Option<&str> = None;
    for key in keys {
        let Some(found) = inside.get(key) else {
            let mut known: Vec<&str> = inside.keys().map(String::as_str).take(NAMED).collect();
            if inside.len() > NAMED {
                known.push("…");
            }
            let known = known.join(", ");
            return Some(match (name, known.as_str()) {
                (None, "") => ": there are no mappings".to_owned(),
                (None, known) => format!(": there is no mapping {key}, but {known}"),
                (Some(name), "") => format!(": {name} is empty"),
                (Some(name), known) => format!(": {name} has no {key}, but {known}"),
            });
        };
        (inside, name) = (found.as_object()?, Some(key.as_str()));
    }
    None
}
