//! Names that are taken: a new resource is made before the old one goes, so both cannot have the same name.

use std::collections::BTreeMap;

use crate::cfn::{EvaluatedResource, Evaluation, Identity, Problem, identity};

use super::refused::problem;
use super::{Certainty, Change, Fate, ResourceDiff};

/// What an update refuses because a name is taken.
pub(super) fn problems(resources: &[&ResourceDiff], before: &Evaluation, after: &Evaluation) -> Vec<Problem> {
    let changes: BTreeMap<&str, &ResourceDiff> =
        resources.iter().map(|it| (it.logical_id.as_str(), *it)).collect();
    let mut holders: BTreeMap<(&str, Identity), &str> = BTreeMap::new();
    for (id, resource) in &before.resources {
        if let Some(identity) = of(resource) {
            holders.entry((&resource.kind, identity)).or_insert(id);
        }
    }
    let mut problems = Vec::new();
    for it in resources.iter().filter(|it| is_made(it)) {
        let Some(resource) = after.resources.get(&it.logical_id) else { continue };
        let Some(identity) = of(resource) else { continue };
        // The second of two new ones finds the first.
        match holders.entry((&resource.kind, identity.clone())) {
            std::collections::btree_map::Entry::Vacant(free) => {
                free.insert(&it.logical_id);
            }
            std::collections::btree_map::Entry::Occupied(holder) => {
                let holder = *holder.get();
                let message = message(&it.logical_id, holder, changes.get(holder).copied(), &identity);
                problems.push(problem(&it.logical_id, message));
            }
        }
    }
    problems
}

/// There will be another one of it in the account.
fn is_made(it: &ResourceDiff) -> bool {
    it.change == Change::Add || it.change == Change::Replace && it.certainty == Certainty::Certain
}

fn message(id: &str, holder: &str, goes: Option<&ResourceDiff>, identity: &Identity) -> String {
    let (named, other) = (identity.words(), identity.another());
    if id == holder {
        return format!("`{id}` is replaced and keeps {named}, which an update refuses: {other}");
    }
    let told = format!("`{id}` is made while `{holder}` still has {named}, which an update refuses: {other}");
    match goes {
        Some(goes) if goes.change == Change::Remove && goes.fate != Some(Fate::Kept) => {
            format!("{told}, or remove `{holder}` first")
        }
        _ => told,
    }
}

pub(super) fn of(resource: &EvaluatedResource) -> Option<Identity> {
    identity(&resource.kind, |property| resource.properties.get(property))
}
