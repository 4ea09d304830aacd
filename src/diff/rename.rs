//! A removed and an added resource that are the same but for the name.

use std::collections::{BTreeMap, VecDeque};

use crate::cfn::{Effective, EvaluatedResource, Evaluation};

use super::compare::{comparable, equal};
use super::{Change, ResourceDiff};

/// Links an added resource with a removed one of the same type and properties.
pub(super) fn link(resources: &mut [ResourceDiff], before: &Evaluation, after: &Evaluation) {
    let mut removed: BTreeMap<(&str, String), VecDeque<usize>> = BTreeMap::new();
    for (at, resource) in resources.iter().enumerate().filter(|(_, it)| it.change == Change::Remove) {
        if let Some(old) = before.resources.get(&resource.logical_id) {
            removed.entry(looks(old)).or_default().push_back(at);
        }
    }
    for at in 0..resources.len() {
        let Some(added) = resources.get(at).filter(|it| it.change == Change::Add) else { continue };
        let Some(new) = after.resources.get(&added.logical_id) else { continue };
        // those that look alike are equal to each other, so the first speaks for all
        let Some(alike) = removed.get_mut(&looks(new)) else { continue };
        let name = |at: usize| resources.get(at).map(|it| it.logical_id.clone());
        let Some((first, gone)) = alike.front().and_then(|first| Some((*first, name(*first)?))) else {
            continue;
        };
        if !before.resources.get(&gone).is_some_and(|old| is_same(old, new)) {
            continue;
        }
        alike.pop_front();
        let added = added.logical_id.clone();
        resources.get_mut(at).into_iter().for_each(|it| it.renamed = Some(gone.clone()));
        resources.get_mut(first).into_iter().for_each(|it| it.renamed = Some(added.clone()));
    }
}

/// Its type, and text that is equal for equal properties.
fn looks(resource: &EvaluatedResource) -> (&str, String) {
    (&resource.kind, comparable(&whole(resource)))
}

fn whole(resource: &EvaluatedResource) -> Effective {
    Effective::Map(resource.properties.clone())
}

fn is_same(old: &EvaluatedResource, new: &EvaluatedResource) -> bool {
    equal(Some(&whole(old)), Some(&whole(new)))
}
