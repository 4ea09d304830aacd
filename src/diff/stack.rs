//! Two sides of a stack.

use std::collections::{BTreeMap, BTreeSet};

use indexmap::IndexMap;

use crate::cfn::{Effective, Evaluation};

use super::compare::{compare, equal};
use super::refused::refused;
use super::ripple::{Moved, is_own_affair};
use super::secret::{MASK, conceal};
use super::side::Known;
use super::wording::wording;
use super::{
    Certainty, Change, Path, ResourceDiff, Side, StackDiff, UnchangedResource, ValueChange, cause, lookups,
    order, rename, resource,
};

/// Why a held resource does not change now.
pub const HELD: &str = "held until the next release";

/// What would become of a stack; `deployed` is `None` when there is no such stack yet.
///
/// Resources in `desired.held` stay as they are deployed, with the values of the parameters they use. What they would become shows in their [`ResourceDiff`],
/// with [`ResourceDiff::held`], and is no part of the prediction.
pub fn diff_stack(desired: &Side, deployed: Option<&Side>) -> StackDiff {
    let has_loops = |side: &Side| side.template.has_loops();
    if has_loops(desired) || deployed.is_some_and(has_loops) {
        return diff_unrolled(&desired.unrolled(), deployed.map(Side::unrolled).as_ref());
    }
    diff_unrolled(desired, deployed)
}

fn diff_unrolled(desired: &Side, deployed: Option<&Side>) -> StackDiff {
    let Some(deployed) = deployed else {
        let empty = Side { surroundings: desired.surroundings.clone(), ..Side::default() };
        return StackDiff { is_new: true, ..compare_sides(desired, &empty) };
    };
    if desired.held.is_empty() {
        return compare_sides(desired, deployed);
    }
    let held: Vec<_> = desired.held.iter().map(String::as_str).collect();
    let mut diff = compare_sides(&holding(desired, deployed, &held), deployed);
    let later = compare_sides(desired, deployed).resources.into_iter();
    let waits = |resource: &ResourceDiff| {
        desired.held.contains(&resource.logical_id)
            && deployed.template.resources.contains_key(&resource.logical_id)
    };
    let later = later.filter(waits).map(|resource| ResourceDiff { held: Some(HELD.to_owned()), ..resource });
    diff.resources.extend(later);
    diff
}

/// The desired side with those resources, and the parameters they take values from, as deployed.
fn holding(desired: &Side, deployed: &Side, held: &[&str]) -> Side {
    let mut now = desired.clone();
    now.template = desired.template.with_held(&deployed.template, held);
    for name in deployed.template.parameters_of(held) {
        match deployed.parameters.get(&name) {
            Some(value) => now.parameters.insert(name, value.clone()),
            None => now.parameters.shift_remove(&name),
        };
    }
    now
}

/// What goes with a stack that is no longer wanted.
pub fn diff_removed_stack(deployed: &Side) -> StackDiff {
    let empty = Side { surroundings: deployed.surroundings.clone(), ..Side::default() };
    StackDiff { is_removed: true, ..compare_sides(&empty, deployed) }
}

fn compare_sides(desired: &Side, deployed: &Side) -> StackDiff {
    let still = Moved::default();
    let before = deployed.evaluate(Some(deployed), &still);
    let settled = desired.evaluate(Some(deployed), &still);
    let likely = desired.likely(deployed).map(|side| side.evaluate(Some(deployed), &still));
    let likely = likely.as_ref().unwrap_or(&settled);
    let versions = [&before, &settled, likely];
    let Settled { mut resources, moved, moving } = settle(desired, deployed, versions, false);
    let mut named = Vec::new();
    if resources.iter().any(|it| it.change == Change::Modify && is_own_affair(it)) {
        named = settle(desired, deployed, versions, true).resources;
    }
    for resources in [&mut resources, &mut named] {
        hidden(resources, desired, deployed, &settled);
        rename::link(resources, &before, &settled);
        conceal(resources, &before, &settled);
        for resource in resources.iter_mut() {
            let id = &resource.logical_id;
            resource.physical_id = deployed.physical_ids.get(id).cloned();
            if let (Some(before), Some(after)) = (before.resources.get(id), settled.resources.get(id)) {
                resource.lookups = lookups::kept(before, after);
            }
        }
        name_parameters(resources, desired, deployed);
    }
    named.retain(|it| !resources.contains(it));
    let moving = moving.as_ref().unwrap_or(&settled);
    let unchanged = unchanged(&resources, [&before, &settled], deployed);
    let mut wording = wording(&deployed.template, &desired.template);
    wording.extend(order::wording(&resources, &unchanged));
    StackDiff {
        stack: desired.surroundings.stack_name.clone(),
        unchanged,
        parameters: parameters(desired, deployed),
        conditions: conditions(&before, &settled),
        outputs: outputs([&before, &settled, likely, moving], &moved),
        tags: values(&texts(&deployed.tags), &texts(&desired.tags)),
        wording,
        refused: refused(&before, &settled, &resources),
        problems: settled.problems,
        resources,
        named,
        ..StackDiff::default()
    }
}

/// What only the values of secrets change: that it does is told, but not from what to what.
fn hidden(resources: &mut Vec<ResourceDiff>, desired: &Side, deployed: &Side, settled: &Evaluation) {
    if equal_maps(&deployed.secrets(), &desired.secrets()) {
        return;
    }
    let [before, after] = [deployed, desired].map(|side| side.evaluate_revealed(Some(deployed)));
    let mut all = Vec::new();
    let taken = std::mem::take(resources).into_iter();
    let (gone, known): (Vec<_>, Vec<_>) = taken.partition(|known| known.change == Change::Remove);
    let mut known: BTreeMap<_, _> = known.into_iter().map(|it| (it.logical_id.clone(), it)).collect();
    for (id, resource) in &settled.resources {
        let known = known.remove(id);
        let revealed = before.resources.get(id).zip(after.resources.get(id));
        all.extend(match revealed.filter(|(before, _)| before.kind == resource.kind) {
            Some(revealed) => resource::hidden(id, resource, known, revealed),
            None => known,
        });
    }
    all.extend(gone);
    *resources = all;
}

fn equal_maps(before: &IndexMap<String, Effective>, after: &IndexMap<String, Effective>) -> bool {
    equal(Some(&Effective::Map(before.clone())), Some(&Effective::Map(after.clone())))
}

/// What there is once nothing new moves.
struct Settled {
    resources: Vec<ResourceDiff>,
    moved: Moved,
    /// The desired side with what moved; `None` when nothing did.
    moving: Option<Evaluation>,
}

/// Follows what moves until nothing new moves. Each round reaches one resource further, so there are at most as
/// many rounds as resources.
fn settle(
    desired: &Side,
    deployed: &Side,
    [before, settled, likely]: [&Evaluation; 3],
    all_move: bool,
) -> Settled {
    let mut all = Settled { resources: Vec::new(), moved: Moved::default(), moving: None };
    for _ in 0..=settled.resources.len() {
        let moving = all.moving.as_ref().unwrap_or(settled);
        all.resources = changes([before, settled, likely, moving], &all.moved);
        let next = Moved::by(&all.resources, all_move);
        if next == all.moved {
            break;
        }
        all.moving = Some(desired.evaluate(Some(deployed), &next));
        all.moved = next;
    }
    all
}

fn changes([before, settled, likely, moving]: [&Evaluation; 4], moved: &Moved) -> Vec<ResourceDiff> {
    // a resource of another type is another resource
    let common = |id: &String| {
        let (before, settled) = (before.resources.get(id)?, settled.resources.get(id)?);
        (before.kind == settled.kind).then_some((before, settled))
    };
    let present = settled.resources.iter().filter_map(|(id, settled)| match common(id) {
        None => Some(resource::added(id, settled)),
        Some((before, settled)) => {
            let moving = moving.resources.get(id).unwrap_or(settled);
            let likely = likely.resources.get(id).unwrap_or(settled);
            resource::common(id, &resource::Versions { before, settled, likely, moving }, moved)
        }
    });
    let gone = before.resources.iter().filter(|(id, _)| common(id).is_none());
    present.chain(gone.map(|(id, before)| resource::removed(id, before))).collect()
}

fn name_parameters(resources: &mut [ResourceDiff], desired: &Side, deployed: &Side) {
    let still = Moved::default();
    let lookup = Known { side: desired, known: Some(deployed), moved: &still };
    let evaluator = desired.evaluator(&lookup);
    let mut known = cause::Known::new();
    let existing = resources.iter_mut().filter(|it| !matches!(it.change, Change::Add | Change::Remove));
    for diff in existing {
        let Some(declared) = desired.template.resources.get(&diff.logical_id) else { continue };
        for property in diff.properties.iter_mut().filter(|property| property.causes.is_empty()) {
            property.causes =
                cause::parameters(&evaluator, declared, property, (desired, deployed), &mut known);
        }
    }
}

fn unchanged(
    resources: &[ResourceDiff],
    [before, settled]: [&Evaluation; 2],
    deployed: &Side,
) -> Vec<UnchangedResource> {
    let changed: BTreeSet<&String> = resources.iter().map(|resource| &resource.logical_id).collect();
    let same = settled.resources.iter().filter(|(id, _)| !changed.contains(id));
    let same = same.map(|(id, it)| UnchangedResource {
        logical_id: id.clone(),
        resource_type: it.kind.clone(),
        physical_id: deployed.physical_ids.get(id).cloned(),
        reordered: before.resources.get(id).map(|before| resource::reordered(before, it)).unwrap_or_default(),
    });
    same.collect()
}

pub(super) fn values(
    before: &IndexMap<String, Effective>,
    after: &IndexMap<String, Effective>,
) -> Vec<ValueChange> {
    let names = after.keys().chain(before.keys().filter(|name| !after.contains_key(*name)));
    let changes = names.filter_map(|name| {
        let (before, after) = (before.get(name), after.get(name));
        let certainty = compare(before, after, &Path::default()).iter().map(|found| found.certainty).max()?;
        Some(ValueChange { name: name.clone(), before: before.cloned(), after: after.cloned(), certainty })
    });
    changes.collect()
}

pub(super) fn texts(values: &IndexMap<String, String>) -> IndexMap<String, Effective> {
    values.iter().map(|(key, value)| (key.clone(), Effective::text(value))).collect()
}

/// Parameters as `Ref` gives them, secrets as such.
pub(super) fn parameters(desired: &Side, deployed: &Side) -> Vec<ValueChange> {
    let of = |side: &Side| {
        let still = Moved::default();
        let lookup = Known { side, known: None, moved: &still };
        let evaluator = side.evaluator(&lookup);
        let names = side.template.parameters.keys();
        names.map(|name| (name.clone(), evaluator.value(&serde_json::json!({ "Ref": name })))).collect()
    };
    let mut changes = values(&of(deployed), &of(desired));
    let hidden = values(&deployed.secrets(), &desired.secrets());
    let hidden = hidden.into_iter().filter(|it| it.before.is_some() && it.after.is_some());
    changes.extend(hidden.map(|it| {
        let mask = Some(Effective::unknown(MASK));
        ValueChange { before: mask.clone(), after: mask, ..it }
    }));
    changes
}

fn conditions(before: &Evaluation, after: &Evaluation) -> Vec<ValueChange> {
    let of = |evaluation: &Evaluation| {
        let values = evaluation.conditions.iter().map(|(name, value)| {
            (name.clone(), value.map_or_else(|| Effective::unknown("unknown"), Effective::Bool))
        });
        values.collect()
    };
    values(&of(before), &of(after))
}

fn outputs([before, settled, likely, moving]: [&Evaluation; 4], moved: &Moved) -> Vec<ValueChange> {
    let mut changes = values(&before.outputs, &settled.outputs);
    for change in &mut changes {
        if equal(before.outputs.get(&change.name), likely.outputs.get(&change.name)) {
            change.certainty = Certainty::Possible;
        }
    }
    for (name, value) in &moving.outputs {
        let certainty = moved.parts(value, &Path::default()).iter().map(|part| part.certainty).max();
        let Some(certainty) = certainty else { continue };
        let after = Some(value.clone());
        match changes.iter_mut().find(|change| change.name == *name) {
            Some(change) => change.after = after,
            None => {
                let before = before.outputs.get(name).cloned();
                changes.push(ValueChange { name: name.clone(), before, after, certainty });
            }
        }
    }
    changes.retain(|change| change.certainty == Certainty::Certain || change.before.is_some());
    changes
}
