//! Whether a change of this place recreates the resource.

use crate::cfn::{CreateOnly, Effective, Recreation, create_only};

use super::{Path, Step, compare::Difference};

/// By the type's create-only properties. A type that the table does not have may do anything.
pub(super) fn of(resource_type: &str, difference: &Difference) -> Recreation {
    let Some(CreateOnly { create_only, conditional, .. }) = create_only(resource_type) else {
        return Recreation::Conditionally;
    };
    let touches = |patterns: &[String]| patterns.iter().any(|pattern| touches(pattern, difference));
    if touches(create_only) {
        Recreation::Always
    } else if touches(conditional) {
        Recreation::Conditionally
    } else {
        Recreation::Never
    }
}

/// The place is inside the property, or is a whole that has the property in it. `*` is any item.
fn touches(pattern: &str, difference: &Difference) -> bool {
    let segments: Vec<_> = pattern.split('/').collect();
    let steps = &difference.path.0;
    let fits = |(segment, step): (&&str, &Step)| match step {
        Step::Key(key) => key == segment || *segment == "*",
        Step::Item(..) => *segment == "*",
    };
    // some schemas leave the `*` of lists out: an item without one is passed over
    let steps: Vec<_> = if segments.contains(&"*") {
        steps.clone()
    } else {
        steps.iter().filter(|step| matches!(step, Step::Key(_))).cloned().collect()
    };
    if !segments.iter().zip(&steps).all(fits) {
        return false;
    }
    let inside = segments.get(steps.len()..).unwrap_or_default();
    let whole = [&difference.before, &difference.after];
    inside.is_empty() || whole.into_iter().flatten().any(|value| contains(value, inside))
}

fn contains(value: &Effective, segments: &[&str]) -> bool {
    let Some((first, rest)) = segments.split_first() else { return true };
    match value {
        Effective::Map(map) if *first == "*" => map.values().any(|inner| contains(inner, rest)),
        Effective::Map(map) => map.get(*first).is_some_and(|inner| contains(inner, rest)),
        Effective::List(items) => {
            let rest = if *first == "*" { rest } else { segments };
            items.iter().any(|item| contains(item, rest))
        }
        Effective::Unknown(_) => true,
        _ => false,
    }
}

/// Whether the path names a whole property that is the resource's tags.
pub(super) fn is_tags(path: &Path) -> bool {
    path.property() == "Tags"
}
