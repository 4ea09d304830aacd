//! Which parameter moved a value.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::cfn::{Evaluator, Resource};

use super::{Cause, Path, Side, compare::equal};

/// What was found of values of the template: many places may be inside of what one function makes.
pub(super) type Known = BTreeMap<*const Value, Vec<Cause>>;

/// The parameters that the value at `path` is made from and that have another value than before.
pub(super) fn parameters(
    evaluator: &Evaluator<'_>,
    resource: &Resource,
    path: &Path,
    sides: (&Side, &Side),
    known: &mut Known,
) -> Vec<Cause> {
    let Some(property) = resource.properties.get(path.property()) else { return Vec::new() };
    let inner = Path(path.0.iter().skip(1).cloned().collect());
    let value = inner.innermost(property);
    let found = || {
        let (_, trace) = evaluator.traced(value);
        let moved = trace.parameters.into_iter().filter(|name| is_moved(name, sides));
        moved.map(Cause::Parameter).collect()
    };
    known.entry(std::ptr::from_ref(value)).or_insert_with(found).clone()
}

fn is_moved(name: &str, (desired, deployed): (&Side, &Side)) -> bool {
    let value = |side: &Side| {
        let declared = side.template.parameters.get(name)?;
        let given = side.parameters.get(name).cloned();
        given.or_else(|| declared.default.as_ref().map(crate::cfn::Effective::text))
    };
    !equal(value(deployed).as_ref(), value(desired).as_ref())
}
