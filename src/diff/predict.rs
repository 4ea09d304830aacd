//! The diff in CloudFormation's own words: what a change set should say.

use std::collections::BTreeSet;

use crate::cfn::{Action, ChangeDetail, PolicyAction, Recreation, Replacement, ResourceChange, Scope};

use super::{Cause, Certainty, Change, Fate, PropertyChange, ResourceDiff, StackDiff, UnchangedResource};

impl StackDiff {
    /// What a change set for this may say at most, in the order of the diff. Held resources are not in it; tags of
    /// the stack reach every resource; a property that is only ordered otherwise may be called changed.
    pub fn predicted(&self) -> Vec<ResourceChange> {
        let named = |id: &str| self.named.iter().find(|it| it.logical_id == id);
        let happening = self.resources.iter().filter(|resource| resource.held.is_none());
        let mut changes: Vec<_> = happening.map(|it| change(named(&it.logical_id).unwrap_or(it))).collect();
        let (besides, unchanged): (Vec<_>, Vec<_>) =
            self.unchanged.iter().partition(|it| named(&it.logical_id).is_some());
        changes.extend(besides.iter().filter_map(|it| named(&it.logical_id)).map(change));
        let unchanged = unchanged.into_iter();
        changes.extend(self.open.iter().cloned());
        changes
            .extend(unchanged.filter(|it| !self.tags.is_empty() || !it.reordered.is_empty()).map(untouched));
        if !self.tags.is_empty() {
            for change in changes.iter_mut().filter(|change| change.action == Action::Modify) {
                add_tags(change);
            }
        }
        changes
    }
}

fn change(resource: &ResourceDiff) -> ResourceChange {
    let (action, replacement) = match resource.change {
        Change::Add => (Action::Add, Replacement::Never),
        Change::Remove => (Action::Remove, Replacement::Never),
        Change::Modify => (Action::Modify, Replacement::Never),
        // CloudFormation knows whether it looks at the order, and then says so.
        Change::MayReplace if reorders(resource) => (Action::Modify, Replacement::Always),
        Change::MayReplace => (Action::Modify, Replacement::Conditional),
        Change::Replace => (Action::Modify, Replacement::Always),
    };
    let mut details = if action == Action::Modify { details(&resource.properties) } else { Vec::new() };
    let known = |detail: &ChangeDetail| {
        details.iter().any(|it| it.property == detail.property && it.scope == detail.scope)
    };
    let of_order: Vec<_> = reordered(&resource.reordered).filter(|detail| !known(detail)).collect();
    details.extend(of_order);
    ResourceChange {
        policy_action: resource.fate.map(|fate| policy_action(fate, &action)),
        action,
        logical_id: resource.logical_id.clone(),
        physical_id: resource.physical_id.clone(),
        resource_type: resource.resource_type.clone(),
        replacement,
        scope: scopes(&details),
        details,
    }
}

/// It may be replaced because a list is written in another order.
fn reorders(resource: &ResourceDiff) -> bool {
    let of_order = |change: &PropertyChange| resource.reordered.iter().any(|it| it == change.path.property());
    resource.properties.iter().any(|change| change.recreation == Recreation::Always && of_order(change))
}

fn scopes(details: &[ChangeDetail]) -> Vec<Scope> {
    let scopes: BTreeSet<Scope> = details.iter().map(|detail| detail.scope.clone()).collect();
    scopes.into_iter().collect()
}

/// An order that means nothing replaces nothing: where CloudFormation says that it does, that is beyond.
fn reordered(properties: &[String]) -> impl Iterator<Item = ChangeDetail> {
    properties.iter().map(|name| match name.as_str() {
        "Tags" => tags_detail(),
        name => ChangeDetail { scope: Scope::Properties, property: Some(name.to_owned()), ..tags_detail() },
    })
}

fn policy_action(fate: Fate, action: &Action) -> PolicyAction {
    match (fate, *action == Action::Remove) {
        (Fate::Kept, true) => PolicyAction::Retain,
        (Fate::Snapshot, true) => PolicyAction::Snapshot,
        (Fate::Lost, true) => PolicyAction::Delete,
        (Fate::Kept, false) => PolicyAction::ReplaceAndRetain,
        (Fate::Snapshot, false) => PolicyAction::ReplaceAndSnapshot,
        (Fate::Lost, false) => PolicyAction::ReplaceAndDelete,
    }
}

/// One detail a property and part, as severe as the worst of its values.
fn details(properties: &[PropertyChange]) -> Vec<ChangeDetail> {
    let mut details: Vec<ChangeDetail> = Vec::new();
    for change in properties {
        let property = (change.scope == Scope::Properties).then(|| change.path.property().to_owned());
        let known =
            details.iter_mut().find(|detail| detail.scope == change.scope && detail.property == property);
        match known {
            Some(detail) => {
                detail.recreation = detail.recreation.clone().max(change.recreation.clone());
                (detail.before, detail.after) = (None, None);
            }
            None => details.push(detail(change, property)),
        }
    }
    details
}

fn detail(change: &PropertyChange, property: Option<String>) -> ChangeDetail {
    let text = |value: &Option<_>| {
        let value = super::secret::shown(&change.path, value.as_ref()?);
        value.as_text().filter(|_| change.path.0.len() == 1)
    };
    ChangeDetail {
        scope: change.scope.clone(),
        property,
        recreation: change.recreation.clone(),
        causing_entity: change.causes.first().map(|cause| match cause {
            Cause::Parameter(name) => name.clone(),
            Cause::Replaced(reference) | Cause::Updated(reference) => reference.to_string(),
        }),
        before: text(&change.before),
        after: text(&change.after).filter(|_| change.certainty == Certainty::Certain),
    }
}

fn tags_detail() -> ChangeDetail {
    ChangeDetail {
        scope: Scope::Tags,
        property: None,
        recreation: Recreation::Never,
        causing_entity: None,
        before: None,
        after: None,
    }
}

fn add_tags(change: &mut ResourceChange) {
    if !change.scope.contains(&Scope::Tags) {
        change.scope.push(Scope::Tags);
        change.details.push(tags_detail());
    }
}

/// A resource that stays as it is, but for tags and order.
fn untouched(resource: &UnchangedResource) -> ResourceChange {
    let details: Vec<_> = reordered(&resource.reordered).collect();
    ResourceChange {
        action: Action::Modify,
        logical_id: resource.logical_id.clone(),
        physical_id: resource.physical_id.clone(),
        resource_type: resource.resource_type.clone(),
        replacement: Replacement::Never,
        scope: scopes(&details),
        policy_action: None,
        details,
    }
}
