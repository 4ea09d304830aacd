//! What has to be done to a resource, whether its name is free, and whether a fault is meant for it.

use super::operation::Phase;
use super::record::{ResourceRecord, StackRecord};
use super::stage::place;
use super::value::alike_where_present;
use crate::cfn::Recreation;
use crate::cloud::local::fault::Fault;
use crate::cloud::local::resources::{Unnamed, custom_name, physical_id};
use crate::cloud::local::world::World;

/// What has to be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Decision {
    Keep,
    Create,
    Replace,
    Update,
}

pub(super) fn decide(existing: Option<&ResourceRecord>, wanted: &ResourceRecord) -> Decision {
    let Some(existing) = existing else { return Decision::Create };
    if existing.kind != wanted.kind {
        return Decision::Replace;
    }
    let names = existing.properties.keys().chain(wanted.properties.keys());
    let differing = names
        .filter(|name| !alike_where_present(existing.properties.get(*name), wanted.properties.get(*name)));
    let mut decision = Decision::Keep;
    for name in differing {
        let sides = (existing.properties.get(name), wanted.properties.get(name));
        match super::changes::recreation(&wanted.kind, name, sides.0, sides.1) {
            Recreation::Always => return Decision::Replace,
            _ => decision = Decision::Update,
        }
    }
    let parts = |record: &ResourceRecord| {
        [record.metadata.clone(), record.creation_policy.clone(), record.update_policy.clone()]
    };
    if parts(existing) != parts(wanted) { Decision::Update } else { decision }
}

/// Gives the resource the name it will have in the account.
pub(super) fn name(world: &World, record: &StackRecord, wanted: &mut ResourceRecord) {
    wanted.physical_id = Some(physical_id(&unnamed(wanted), &place(world, record)));
}

fn unnamed(wanted: &ResourceRecord) -> Unnamed<'_> {
    Unnamed {
        logical_id: &wanted.logical_id,
        kind: &wanted.kind,
        properties: &wanted.properties,
        generation: wanted.generation,
    }
}

/// Somebody has that name already.
pub(super) fn taken(world: &World, record: &StackRecord, wanted: &ResourceRecord) -> Option<String> {
    let name = custom_name(&wanted.kind, &wanted.properties)?;
    let physical_id = physical_id(&unnamed(wanted), &place(world, record));
    let is_taken = world.taken.contains(&format!("{} {physical_id}", wanted.kind));
    is_taken.then(|| format!("{name} already exists"))
}

/// A fault that is meant for this resource now; it is used up by one.
pub(super) fn failure(world: &mut World, record: &StackRecord, id: &str) -> Option<String> {
    let phase = record.operation.as_ref().map(|operation| operation.phase);
    let rolls_back = matches!(phase, Some(Phase::RollingBack | Phase::RollbackCleaning));
    use_up(world, &record.name, id, rolls_back)
}

/// Uses up one of a resource's failures, if it has any.
pub(super) fn use_up(world: &mut World, stack_name: &str, id: &str, rolls_back: bool) -> Option<String> {
    let found = world.faults.iter_mut().find_map(|fault| match fault {
        Fault::ResourceFails { stack, logical_id, reason, times }
            if !rolls_back && stack == stack_name && (logical_id == id || logical_id.is_empty()) =>
        {
            Some((reason.clone(), times))
        }
        Fault::RollbackFails { stack, logical_id, reason, times }
            if rolls_back && stack == stack_name && (logical_id == id || logical_id.is_empty()) =>
        {
            Some((reason.clone(), times))
        }
        _ => None,
    });
    let (reason, times) = found?;
    *times = times.saturating_sub(1);
    world.faults.retain(|fault| {
        !matches!(fault, Fault::ResourceFails { times: 0, .. } | Fault::RollbackFails { times: 0, .. })
    });
    Some(reason)
}
