//! A removed and an added resource that are the same but for the name.

use crate::cfn::{EvaluatedResource, Evaluation};

use super::compare::equal;
use super::{Change, ResourceDiff};

/// Links an added resource with a removed one of the same type and properties.
pub(super) fn link(resources: &mut [ResourceDiff], before: &Evaluation, after: &Evaluation) {
    let ids = |change: Change| {
        let matching = resources.iter().filter(move |resource| resource.change == change);
        matching.map(|resource| resource.logical_id.clone()).collect::<Vec<_>>()
    };
    let (added, mut removed) = (ids(Change::Add), ids(Change::Remove));
    for new in added {
        let Some(resource) = after.resources.get(&new) else { continue };
        let same = |old: &String| before.resources.get(old).is_some_and(|old| is_same(old, resource));
        let Some(index) = removed.iter().position(same) else { continue };
        let old = removed.remove(index);
        for resource in resources.iter_mut() {
            if resource.logical_id == new && resource.change == Change::Add {
                resource.renamed = Some(old.clone());
            } else if resource.logical_id == old && resource.change == Change::Remove {
                resource.renamed = Some(new.clone());
            }
        }
    }
}

fn is_same(old: &EvaluatedResource, new: &EvaluatedResource) -> bool {
    let whole = |resource: &EvaluatedResource| crate::cfn::Effective::Map(resource.properties.clone());
    old.kind == new.kind && equal(Some(&whole(old)), Some(&whole(new)))
}
