//! What only follows something else, so that the screen can say it once.

use std::collections::BTreeSet;

use crate::cfn::Effective;

use super::super::{Cause, PropertyChange, ResourceDiff, StackDiff, ValueChange};

/// What a resource follows, when it does nothing else.
pub(super) fn followed(resource: &ResourceDiff) -> BTreeSet<String> {
    let causes: Option<Vec<_>> = resource.properties.iter().map(follows).collect();
    causes.unwrap_or_default().into_iter().flatten().collect()
}

/// What a value follows, in this stack or in another; `None` when the template or the spec changes it.
fn follows(change: &PropertyChange) -> Option<Vec<String>> {
    let of_parameters = change.causes.iter().any(|cause| matches!(cause, Cause::Parameter(_)));
    match (&change.before, &change.after) {
        _ if change.causes.is_empty() => None,
        (Some(Effective::Unknown(before)), Some(Effective::Unknown(after))) if of_parameters => {
            let anew = after.outside.iter().filter(|outside| outside.anew);
            let only = before.text == after.text && after.is_anew();
            only.then(|| anew.map(|outside| format!("{} is made anew", outside.name)).collect())
        }
        _ if of_parameters => None,
        _ => Some(change.causes.iter().map(Cause::to_string).collect()),
    }
}

/// Without those that only follow the replacement of a resource that stays.
pub(super) fn worth_telling<'a>(
    certain: &[&'a ResourceDiff],
    possible: Vec<&'a ResourceDiff>,
) -> Vec<&'a ResourceDiff> {
    let staying = certain.iter().chain(&possible).filter(|it| it.stays.is_some());
    let mut still: BTreeSet<&str> = staying.map(|it| it.logical_id.as_str()).collect();
    loop {
        let follows = |cause: &Cause| match cause {
            Cause::Updated(reference) => {
                reference.attribute.is_none() && still.contains(reference.logical_id.as_str())
            }
            _ => false,
        };
        let idle = |it: &&&ResourceDiff| {
            it.properties.iter().all(|change| !change.causes.is_empty() && change.causes.iter().all(follows))
        };
        let more: Vec<_> = possible.iter().filter(idle).map(|it| it.logical_id.as_str()).collect();
        if more.iter().all(|id| still.contains(id)) {
            return possible.into_iter().filter(|it| !more.contains(&it.logical_id.as_str())).collect();
        }
        still.extend(more);
    }
}

/// Parameters that no shown change is explained by.
pub(super) fn uncaused(diff: &StackDiff) -> Vec<ValueChange> {
    let causes: Vec<_> =
        diff.resources.iter().flat_map(|it| &it.properties).flat_map(|property| &property.causes).collect();
    let told = |name: &str| causes.contains(&&Cause::Parameter(name.to_owned()));
    diff.parameters.iter().filter(|change| !told(&change.name)).cloned().collect()
}
