//! What a change set would do to each resource, told the way CloudFormation tells it: what refers to something that
//! will be another resource, or to an attribute of something updated, is listed with the values left open.

use std::collections::{BTreeMap, BTreeSet};

use indexmap::IndexMap;
use serde_json::Value;

use super::desired::{Novelties, View, Wanted};
use super::lookups::is_as_written;
use super::record::{Deployment, ResourceRecord, StackRecord};
use super::stage::Novelty;
use super::value::{alike_where_present, known};
use crate::cfn::{
    Action, ChangeDetail, DeletionPolicy, Effective, PolicyAction, Recreation, Replacement, ResourceChange,
    Scope, Template, create_only,
};
use crate::cloud::Result;
use crate::cloud::local::world::World;

/// What the service writes for a value that only execution will tell.
const AFTER_APPLY: &str = "{{changeSet:KNOWN_AFTER_APPLY}}";

/// Resources that would become another type, which no update does, in the service's words.
pub(crate) fn retyped(view: &View<'_>, record: &StackRecord) -> Option<String> {
    let is_retyped = |id: &&String| {
        let wanted = view.wanted(id, &Novelties::new());
        let existing = record.deployed.resources.get(*id);
        existing.zip(wanted).is_some_and(|(existing, wanted)| existing.kind != wanted.kind)
    };
    let ids: Vec<&str> = view.template().resources.keys().filter(is_retyped).map(String::as_str).collect();
    (!ids.is_empty()).then(|| {
        format!(
            "Update of resource type is not permitted. The new template modifies resource type of the following resources: [{}]",
            ids.join(", ")
        )
    })
}

/// What would happen to each resource; in the template's order, removed ones last.
///
/// # Errors
/// The template cannot be evaluated.
pub(crate) fn compute(
    world: &World,
    exports: &BTreeMap<String, String>,
    record: &StackRecord,
    target: &Deployment,
    template: &Template,
) -> Result<Vec<ResourceChange>> {
    let moved: BTreeSet<&str> = target
        .parameters
        .iter()
        .filter(|(name, parameter)| record.deployed.parameters.get(*name) != Some(parameter))
        .map(|(name, _)| name.as_str())
        .collect();
    let view = View::new(world, exports, record, template, &target.parameters);
    let order = view.order()?;
    let mut novelties = Novelties::new();
    let mut changes: IndexMap<String, ResourceChange> = IndexMap::new();
    for id in order.keys() {
        let Some(wanted) = view.wanted(id, &novelties) else { continue };
        let Some(existing) = record.deployed.resources.get(id) else {
            novelties.insert(id.clone(), Novelty::Replaced);
            changes.insert(id.clone(), added(id, &wanted.kind));
            continue;
        };
        let reader = Reader { world, view: &view, moved: &moved, hidden: &target.no_echo, id };
        if let Some(change) = modified(&reader, existing, &wanted) {
            let is_new = change.replacement != Replacement::Never;
            novelties.insert(id.clone(), if is_new { Novelty::Replaced } else { Novelty::Updated });
            changes.insert(id.clone(), change);
        }
    }
    let declared = view.template().resources.keys().filter_map(|id| changes.get(id).cloned());
    let gone =
        record.deployed.resources.values().filter(|resource| !order.contains_key(&resource.logical_id));
    Ok(declared.chain(gone.map(removed)).collect())
}

fn added(id: &str, kind: &str) -> ResourceChange {
    ResourceChange {
        action: Action::Add,
        logical_id: id.to_owned(),
        physical_id: None,
        resource_type: kind.to_owned(),
        replacement: Replacement::Never,
        scope: Vec::new(),
        policy_action: None,
        details: Vec::new(),
    }
}

fn removed(resource: &ResourceRecord) -> ResourceChange {
    let policy_action = match resource.deletion_policy {
        Some(DeletionPolicy::Retain | DeletionPolicy::RetainExceptOnCreate) => PolicyAction::Retain,
        Some(DeletionPolicy::Snapshot) => PolicyAction::Snapshot,
        _ => PolicyAction::Delete,
    };
    ResourceChange {
        action: Action::Remove,
        physical_id: resource.physical_id.clone(),
        policy_action: Some(policy_action),
        ..added(&resource.logical_id, &resource.kind)
    }
}

/// What a change is read against.
struct Reader<'a> {
    world: &'a World,
    view: &'a View<'a>,
    moved: &'a BTreeSet<&'a str>,
    hidden: &'a BTreeSet<String>,
    id: &'a str,
}

fn modified(reader: &Reader<'_>, existing: &ResourceRecord, wanted: &Wanted) -> Option<ResourceChange> {
    if existing.kind != wanted.kind {
        let detail = ChangeDetail {
            scope: Scope::Properties,
            property: None,
            recreation: Recreation::Always,
            causing_entity: None,
            before: Some(existing.kind.clone()),
            after: Some(wanted.kind.clone()),
        };
        return Some(change(existing, wanted, vec![(detail, true)]));
    }
    let mut names: Vec<&String> = wanted.properties.keys().collect();
    names.extend(existing.properties.keys().filter(|name| !wanted.properties.contains_key(*name)));
    names.retain(|name| !is_as_written(existing, name, wanted.properties.get(*name)));
    let properties = names.into_iter().flat_map(|name| {
        let sides = (existing.properties.get(name), wanted.properties.get(name));
        property_details(reader, &wanted.kind, name, sides)
    });
    let parts = other_parts(existing, wanted).into_iter().map(|scope| (plain(scope, None), true));
    let details: Vec<(ChangeDetail, bool)> = properties.chain(parts).collect();
    (!details.is_empty()).then(|| change(existing, wanted, details))
}

/// Parts beside the properties that differ.
fn other_parts(existing: &ResourceRecord, wanted: &Wanted) -> Vec<Scope> {
    [
        (existing.metadata != wanted.metadata, Scope::Metadata),
        (existing.creation_policy != wanted.creation_policy, Scope::CreationPolicy),
        (existing.update_policy != wanted.update_policy, Scope::UpdatePolicy),
        (existing.deletion_policy != wanted.deletion_policy, Scope::DeletionPolicy),
        (existing.update_replace_policy != wanted.update_replace_policy, Scope::UpdateReplacePolicy),
    ]
    .into_iter()
    .filter_map(|(differs, scope)| differs.then_some(scope))
    .collect()
}

fn plain(scope: Scope, property: Option<&str>) -> ChangeDetail {
    ChangeDetail {
        scope,
        property: property.map(str::to_owned),
        recreation: Recreation::Never,
        causing_entity: None,
        before: None,
        after: None,
    }
}

/// The details of each cause; the flag says that both values are known.
fn property_details(
    reader: &Reader<'_>,
    kind: &str,
    name: &str,
    (before, after): (Option<&Value>, Option<&Effective>),
) -> Vec<(ChangeDetail, bool)> {
    let value = after.and_then(|after| known(reader.world, after).ok());
    let is_open = after.is_some() && value.is_none();
    if !is_open && alike_where_present(before, value.as_ref()) {
        return Vec::new();
    }
    let named = reader.view.parameters_of(reader.id, name);
    let hide = named.iter().any(|name| reader.hidden.contains(name));
    let shown = |value: &Value| if hide { "****".to_owned() } else { as_text(value) };
    let recreation = recreation(kind, name, before, value.as_ref());
    let detail = |causing_entity: Option<String>| ChangeDetail {
        recreation: recreation.clone(),
        causing_entity,
        before: before.map(shown),
        after: if is_open { Some(AFTER_APPLY.to_owned()) } else { value.as_ref().map(shown) },
        ..plain(if name == "Tags" { Scope::Tags } else { Scope::Properties }, Some(name))
    };
    let open = after.map(Effective::references).unwrap_or_default();
    let parameters: BTreeSet<String> =
        named.iter().filter(|name| reader.moved.contains(name.as_str())).cloned().collect();
    // The service tells a parameter's change twice: as the property's own, and as the parameter's.
    let own = (open.is_empty() || !parameters.is_empty()).then_some(None);
    let causes: BTreeSet<String> =
        parameters.into_iter().chain(open.iter().map(ToString::to_string)).collect();
    let causes = own.into_iter().chain(causes.into_iter().map(Some));
    causes.map(|cause| (detail(cause), !is_open)).collect()
}

/// Whether a change of the property recreates the resource; a nested create-only property counts when it differs.
pub(crate) fn recreation(
    kind: &str,
    name: &str,
    before: Option<&Value>,
    after: Option<&Value>,
) -> Recreation {
    let Some(rules) = create_only(kind) else { return Recreation::Never };
    let counts = |path: &String| match path.split_once('/') {
        None => path == name,
        Some((first, rest)) => {
            let part =
                |value: Option<&Value>| value.and_then(|value| value.pointer(&format!("/{rest}"))).cloned();
            first == name && !alike_where_present(part(before).as_ref(), part(after).as_ref())
        }
    };
    if rules.create_only.iter().any(counts) {
        Recreation::Always
    } else if rules.conditional.iter().any(counts) {
        Recreation::Conditionally
    } else {
        Recreation::Never
    }
}

fn change(existing: &ResourceRecord, wanted: &Wanted, details: Vec<(ChangeDetail, bool)>) -> ResourceChange {
    let replaces = |(detail, known): &(ChangeDetail, bool)| match (&detail.recreation, known) {
        (Recreation::Always, true) => Replacement::Always,
        (Recreation::Always | Recreation::Conditionally, _) => Replacement::Conditional,
        _ => Replacement::Never,
    };
    let replacement = details.iter().map(replaces).max().unwrap_or(Replacement::Never);
    let policy_action = (replacement != Replacement::Never).then_some(match wanted.update_replace_policy {
        Some(DeletionPolicy::Retain) => PolicyAction::ReplaceAndRetain,
        Some(DeletionPolicy::Snapshot) => PolicyAction::ReplaceAndSnapshot,
        _ => PolicyAction::ReplaceAndDelete,
    });
    let scope: BTreeSet<Scope> = details.iter().map(|(detail, _)| detail.scope.clone()).collect();
    ResourceChange {
        action: Action::Modify,
        logical_id: existing.logical_id.clone(),
        physical_id: existing.physical_id.clone(),
        resource_type: wanted.kind.clone(),
        replacement,
        scope: scope.into_iter().collect(),
        policy_action,
        details: details.into_iter().map(|(detail, _)| detail).collect(),
    }
}

fn as_text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
