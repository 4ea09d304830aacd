//! One resource that both sides have, or only one.

use indexmap::IndexMap;

use crate::cfn::{DeletionPolicy, Effective, EvaluatedResource, Recreation, Scope, create_only};

use super::compare::{Difference, Places, compare, compare_sets, weigh};
use super::recreation;
use super::ripple::{Moved, Part};
use super::secret::MASK;
use super::{Certainty, Change, Fate, Path, PropertyChange, ResourceDiff, Step};

/// One resource, evaluated in the ways that tell what moves it.
pub(super) struct Versions<'a> {
    /// As it was.
    pub(super) before: &'a EvaluatedResource,
    /// As it would be if nothing else in the stack moved.
    pub(super) settled: &'a EvaluatedResource,
    /// The same, if unknown parameters turned out to be what they were.
    pub(super) likely: &'a EvaluatedResource,
    /// With what moves in the stack unknown.
    pub(super) moving: &'a EvaluatedResource,
}

/// What changes; `None` for nothing.
pub(super) fn common(logical_id: &str, versions: &Versions<'_>, moved: &Moved) -> Option<ResourceDiff> {
    let Versions { before, settled, likely, moving } = versions;
    let mut properties = properties(before, settled, likely);
    for (name, value) in &moving.properties {
        for part in moved.parts(value, &Path::key(name)) {
            let scope = property_scope(&part.path);
            let before = before.properties.get(part.path.property());
            let inner = Path(part.path.0.iter().skip(1).cloned().collect());
            ripple(&mut properties, &settled.kind, scope, before.and_then(|it| inner.get(it)), part);
        }
    }
    properties.extend(parts(before, settled));
    for (scope, value, before) in [
        (Scope::UpdatePolicy, &moving.update_policy, &before.update_policy),
        (Scope::CreationPolicy, &moving.creation_policy, &before.creation_policy),
        (Scope::Metadata, &moving.metadata, &before.metadata),
    ] {
        for part in moved.parts(value, &Path::default()) {
            ripple(&mut properties, &settled.kind, scope.clone(), part.path.get(before), part);
        }
    }
    let reordered = reordered(before, settled);
    properties.extend(reordered.iter().flat_map(|name| recreating_order(name, before, settled)));
    whole_of(logical_id, settled, properties, reordered)
}

/// What is written in another order that means nothing, where CloudFormation replaces the resource for what is written
/// there: whether it looks at the order, its documentation does not say.
fn recreating_order(
    name: &str,
    before: &EvaluatedResource,
    after: &EvaluatedResource,
) -> Option<PropertyChange> {
    let (was, is, path) = (before.properties.get(name), after.properties.get(name), Path::key(name));
    let written = compare_sets(was, is, &path, &[]);
    let recreates = written.iter().any(|found| recreation::of(&after.kind, found) == Recreation::Always);
    let whole = Difference { path, before: was.cloned(), after: is.cloned(), certainty: Certainty::Possible };
    recreates.then(|| changed(property_scope(&whole.path), whole, Recreation::Always))
}

/// All of a resource's changes as one; `None` for nothing.
fn whole_of(
    logical_id: &str,
    settled: &EvaluatedResource,
    properties: Vec<PropertyChange>,
    reordered: Vec<String>,
) -> Option<ResourceDiff> {
    let change = change(&properties)?;
    let certainty = properties.iter().map(|property| property.certainty).max()?;
    let fate =
        (change > Change::Modify).then(|| fate(settled.update_replace_policy.as_ref(), settled, false));
    let stays = (change == Change::MayReplace).then(|| stays(settled, &properties)).flatten();
    Some(ResourceDiff { properties, fate, stays, reordered, ..bare(logical_id, settled, change, certainty) })
}

/// What is `known` of a resource's changes, and those that only its revealed versions show: they are hidden.
pub(super) fn hidden(
    logical_id: &str,
    settled: &EvaluatedResource,
    known: Option<ResourceDiff>,
    (before, after): (&EvaluatedResource, &EvaluatedResource),
) -> Option<ResourceDiff> {
    let (mut changes, reordered) =
        known.map_or_else(Default::default, |known| (known.properties, known.reordered));
    for found in [properties(before, after, after), parts(before, after)].concat() {
        let same_place = |it: &PropertyChange| {
            it.scope == found.scope && (it.path.holds(&found.path) || found.path.holds(&it.path))
        };
        if !changes.iter().any(same_place) {
            let mask = Some(Effective::unknown(MASK));
            changes.push(PropertyChange { before: mask.clone(), after: mask, ..found });
        }
    }
    whole_of(logical_id, settled, changes, reordered)
}

/// Why a replacement that CloudFormation calls conditional does not come.
///
/// A group is only replaced for another launch template or other subnets when its update policy asks for it.
/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-attribute-updatepolicy.html>
fn stays(resource: &EvaluatedResource, properties: &[PropertyChange]) -> Option<&'static str> {
    let replacing =
        Path(vec![Step::Key("AutoScalingReplacingUpdate".to_owned()), Step::Key("WillReplace".to_owned())]);
    let replacing = replacing.get(&resource.update_policy).is_some();
    let always = properties.iter().any(|property| property.recreation == Recreation::Always);
    let group = resource.kind == "AWS::AutoScaling::AutoScalingGroup";
    (group && !replacing && !always).then_some("the group itself stays: its update policy replaces nothing")
}

/// A resource that only the desired side has.
pub(super) fn added(logical_id: &str, resource: &EvaluatedResource) -> ResourceDiff {
    let none = IndexMap::new();
    let properties = whole(&none, &resource.properties);
    ResourceDiff { properties, ..bare(logical_id, resource, Change::Add, Certainty::Certain) }
}

/// A resource that only the deployed side has.
pub(super) fn removed(logical_id: &str, resource: &EvaluatedResource) -> ResourceDiff {
    let none = IndexMap::new();
    let properties = whole(&resource.properties, &none);
    let fate = Some(fate(resource.deletion_policy.as_ref(), resource, true));
    ResourceDiff { properties, fate, ..bare(logical_id, resource, Change::Remove, Certainty::Certain) }
}

fn bare(
    logical_id: &str,
    resource: &EvaluatedResource,
    change: Change,
    certainty: Certainty,
) -> ResourceDiff {
    ResourceDiff {
        logical_id: logical_id.to_owned(),
        resource_type: resource.kind.clone(),
        physical_id: None,
        change,
        certainty,
        properties: Vec::new(),
        reordered: Vec::new(),
        fate: None,
        stays: None,
        renamed: None,
        lookups: Vec::new(),
        held: None,
    }
}

fn changed(scope: Scope, difference: Difference, recreation: Recreation) -> PropertyChange {
    let Difference { path, before, after, certainty } = difference;
    PropertyChange { scope, path, before, after, recreation, certainty, causes: Vec::new() }
}

fn property_scope(path: &Path) -> Scope {
    if recreation::is_tags(path) { Scope::Tags } else { Scope::Properties }
}

fn properties(
    before: &EvaluatedResource,
    after: &EvaluatedResource,
    likely: &EvaluatedResource,
) -> Vec<PropertyChange> {
    let (before, kind, after, likely) =
        (&before.properties, &after.kind, &after.properties, &likely.properties);
    let sets = sets(kind);
    let names = after.keys().chain(before.keys().filter(|name| !after.contains_key(*name)));
    let differences = names.flat_map(|name| {
        let path = Path::key(name);
        let likely = compare_sets(before.get(name), likely.get(name), &path, sets);
        let likely = Places::of(likely.into_iter().map(|it| (it.path.clone(), it)));
        let found = compare_sets(before.get(name), after.get(name), &path, sets).into_iter();
        found.map(move |it| weigh(it, &likely))
    });
    let changes = differences.map(|difference| {
        let recreation = recreation::of(kind, &difference);
        changed(property_scope(&difference.path), difference, recreation)
    });
    changes.collect()
}

/// The lists of a type that have no order.
fn sets(kind: &str) -> &'static [String] {
    create_only(kind).map(|known| known.unordered.as_slice()).unwrap_or_default()
}

/// Properties that are the same but for an order that means nothing. CloudFormation compares what is written, and may
/// call them changed.
pub(super) fn reordered(before: &EvaluatedResource, after: &EvaluatedResource) -> Vec<String> {
    let sets = sets(&after.kind);
    if sets.is_empty() {
        return Vec::new();
    }
    let is_reordered = |(name, value): &(&String, &Effective)| {
        let (before, path) = (before.properties.get(*name), Path::key(name));
        let is_changed = |sets| !compare_sets(before, Some(value), &path, sets).is_empty();
        is_changed(&[]) && !is_changed(sets)
    };
    after.properties.iter().filter(is_reordered).map(|(name, _)| name.clone()).collect()
}

/// The parts beside the properties.
fn parts(before: &EvaluatedResource, after: &EvaluatedResource) -> Vec<PropertyChange> {
    let policy =
        |policy: &Option<DeletionPolicy>| policy.as_ref().map(|policy| Effective::text(policy.as_str()));
    let part = |scope: Scope, before: Option<&Effective>, after: Option<&Effective>| {
        let differences = compare(before, after, &Path::default()).into_iter();
        differences.map(|found| changed(scope.clone(), found, Recreation::Never)).collect::<Vec<_>>()
    };
    let values =
        |get: fn(&EvaluatedResource) -> &Effective, scope| part(scope, Some(get(before)), Some(get(after)));
    let policies = |get: fn(&EvaluatedResource) -> &Option<DeletionPolicy>, scope| {
        part(scope, policy(get(before)).as_ref(), policy(get(after)).as_ref())
    };
    [
        values(|it| &it.update_policy, Scope::UpdatePolicy),
        values(|it| &it.creation_policy, Scope::CreationPolicy),
        values(|it| &it.metadata, Scope::Metadata),
        policies(|it| &it.deletion_policy, Scope::DeletionPolicy),
        policies(|it| &it.update_replace_policy, Scope::UpdateReplacePolicy),
    ]
    .concat()
}

/// A part that moves: known after apply, whether or not the template changed it too.
fn ripple(
    changes: &mut Vec<PropertyChange>,
    kind: &str,
    scope: Scope,
    before: Option<&Effective>,
    part: Part,
) {
    let Part { path, value, certainty, causes } = part;
    if let Some(known) = changes.iter_mut().find(|known| known.scope == scope && known.path.holds(&path)) {
        // the template changed it as well; a whole that is new says so already
        if path.holds(&known.path) {
            known.after = Some(value);
            known.causes = causes;
        }
        return;
    }
    let difference = Difference { path, before: before.cloned(), after: Some(value), certainty };
    let recreation = match scope {
        Scope::Properties | Scope::Tags => recreation::of(kind, &difference),
        _ => Recreation::Never,
    };
    changes.push(PropertyChange { causes, ..changed(scope, difference, recreation) });
}

fn change(properties: &[PropertyChange]) -> Option<Change> {
    let one = |property: &PropertyChange| match (&property.recreation, property.certainty) {
        (Recreation::Never, _) => Change::Modify,
        (Recreation::Always, Certainty::Certain) => Change::Replace,
        _ => Change::MayReplace,
    };
    properties.iter().map(one).max()
}

fn whole(before: &IndexMap<String, Effective>, after: &IndexMap<String, Effective>) -> Vec<PropertyChange> {
    let names = before.keys().chain(after.keys());
    let changes = names.map(|name| {
        let (before, after) = (before.get(name).cloned(), after.get(name).cloned());
        let path = Path::key(name);
        let scope = property_scope(&path);
        let difference = Difference { path, before, after, certainty: Certainty::Certain };
        changed(scope, difference, Recreation::Never)
    });
    changes.collect()
}

/// What a policy does with the old one. Without one it goes, but for databases that are snapshot on removal: a
/// cluster, and an instance of no cluster.
/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-attribute-deletionpolicy.html>
fn fate(policy: Option<&DeletionPolicy>, resource: &EvaluatedResource, removed: bool) -> Fate {
    let snapshot = match resource.kind.as_str() {
        "AWS::RDS::DBCluster" => true,
        "AWS::RDS::DBInstance" => !resource.properties.contains_key("DBClusterIdentifier"),
        _ => false,
    };
    match policy {
        Some(DeletionPolicy::Retain | DeletionPolicy::RetainExceptOnCreate) => Fate::Kept,
        Some(DeletionPolicy::Snapshot) => Fate::Snapshot,
        None if removed && snapshot => Fate::Snapshot,
        _ => Fate::Lost,
    }
}
