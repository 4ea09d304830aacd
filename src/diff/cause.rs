//! Which parameter moved a value.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::cfn::{Effective, Evaluator, Resource};

use super::{Cause, Certainty, Path, PropertyChange, Side, compare::compare, secret::MASK};

/// What was found of values of the template: many places may be inside of what one function makes.
pub(super) type Known = BTreeMap<(*const Value, Certainty), Vec<Cause>>;

/// The parameters that the value is made from and that have another value than before. What may be another moves no value
/// that is certain to change.
pub(super) fn parameters(
    evaluator: &Evaluator<'_>,
    resource: &Resource,
    change: &PropertyChange,
    sides: (&Side, &Side),
    known: &mut Known,
) -> Vec<Cause> {
    let (path, certainty) = (&change.path, change.certainty);
    let Some(property) = resource.properties.get(path.property()) else { return Vec::new() };
    let inner = Path(path.0.iter().skip(1).cloned().collect());
    let value = inner.innermost(property);
    let found = || {
        let (_, trace) = evaluator.traced(value);
        let moved = trace.parameters.into_iter().filter(|name| is_moved(name, sides, certainty));
        moved.map(Cause::Parameter).collect()
    };
    known.entry((std::ptr::from_ref(value), certainty)).or_insert_with(found).clone()
}

fn is_moved(name: &str, (desired, deployed): (&Side, &Side), at_least: Certainty) -> bool {
    let (before, after) = (value(deployed, name), value(desired, name));
    let found = compare(before.as_ref(), after.as_ref(), &Path::default());
    found.iter().any(|found| found.certainty >= at_least)
}

/// The value of a parameter: as given, as looked up, or unknown where it is given back as asterisks.
fn value(side: &Side, name: &str) -> Option<Effective> {
    let declared = side.template.parameters.get(name)?;
    if let Some(found) = side.looked_up(name).and_then(|(key, _)| side.dynamic.get(&key)) {
        return Some(found.clone());
    }
    let given = side.parameters.get(name).cloned();
    let value = given.or_else(|| declared.default.as_ref().map(Effective::text))?;
    let masked = declared.no_echo && value.as_text().is_some_and(|text| text == MASK);
    Some(if masked { Effective::unknown(MASK) } else { value })
}
