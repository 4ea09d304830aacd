//! One resource that both sides have, or only one.

use indexmap::IndexMap;

use crate::cfn::{DeletionPolicy, Effective, EvaluatedResource, Recreation, Scope};

use super::compare::{Difference, compare, weigh};
use super::recreation;
use super::ripple::{Moved, Part};
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
            ripple(&mut properties, part, versions);
        }
    }
    properties.extend(parts(before, settled));
    let change = change(&properties)?;
    let certainty = properties.iter().map(|property| property.certainty).max()?;
    let fate =
        (change > Change::Modify).then(|| fate(settled.update_replace_policy.as_ref(), &settled.kind, false));
    let stays = (change == Change::MayReplace).then(|| stays(settled, &properties)).flatten();
    Some(ResourceDiff { properties, fate, stays, ..bare(logical_id, settled, change, certainty) })
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
    let fate = Some(fate(resource.deletion_policy.as_ref(), &resource.kind, true));
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
        fate: None,
        stays: None,
        renamed: None,
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
    let names = after.keys().chain(before.keys().filter(|name| !after.contains_key(*name)));
    let differences = names.flat_map(|name| {
        let path = Path::key(name);
        let likely = compare(before.get(name), likely.get(name), &path);
        compare(before.get(name), after.get(name), &path).into_iter().map(move |it| weigh(it, &likely))
    });
    let changes = differences.map(|difference| {
        let recreation = recreation::of(kind, &difference);
        changed(property_scope(&difference.path), difference, recreation)
    });
    changes.collect()
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
fn ripple(properties: &mut Vec<PropertyChange>, part: Part, versions: &Versions<'_>) {
    let Part { path, value, certainty, causes } = part;
    if let Some(known) = properties.iter_mut().find(|known| known.path.holds(&path)) {
        // the template changed it as well; a whole that is new says so already
        if path.holds(&known.path) {
            known.after = Some(value);
            known.causes = causes;
        }
        return;
    }
    let inner = Path(path.0.iter().skip(1).cloned().collect());
    let before = versions.before.properties.get(path.property());
    let before = before.and_then(|before| inner.get(before)).cloned();
    let difference = Difference { path, before, after: Some(value), certainty };
    let recreation = recreation::of(&versions.settled.kind, &difference);
    let change = changed(property_scope(&difference.path), difference, recreation);
    properties.push(PropertyChange { causes, ..change });
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

/// What a policy does with the old one. Without one it goes, but for databases that are snapshot on removal.
/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-attribute-deletionpolicy.html>
fn fate(policy: Option<&DeletionPolicy>, kind: &str, removed: bool) -> Fate {
    match policy {
        Some(DeletionPolicy::Retain | DeletionPolicy::RetainExceptOnCreate) => Fate::Kept,
        Some(DeletionPolicy::Snapshot) => Fate::Snapshot,
        None if removed && kind == "AWS::RDS::DBCluster" => Fate::Snapshot,
        _ => Fate::Lost,
    }
}
