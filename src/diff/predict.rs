//! The diff in CloudFormation's own words: what a change set should say.

use crate::cfn::{Action, ChangeDetail, PolicyAction, Recreation, Replacement, ResourceChange, Scope};

use super::{Cause, Certainty, Change, Fate, PropertyChange, ResourceDiff, StackDiff, UnchangedResource};

impl StackDiff {
    /// What a change set for this may say at most, in the order of the diff. Held resources are not in it; tags of
    /// the stack reach every resource.
    pub fn predicted(&self) -> Vec<ResourceChange> {
        let happening = self.resources.iter().filter(|resource| resource.held.is_none());
        let mut changes: Vec<_> = happening.map(change).collect();
        if !self.tags.is_empty() {
            for change in changes.iter_mut().filter(|change| change.action == Action::Modify) {
                add_tags(change);
            }
            changes.extend(self.unchanged.iter().map(tagged));
        }
        changes
    }
}

fn change(resource: &ResourceDiff) -> ResourceChange {
    let (action, replacement) = match resource.change {
        Change::Add => (Action::Add, Replacement::Never),
        Change::Remove => (Action::Remove, Replacement::Never),
        Change::Modify => (Action::Modify, Replacement::Never),
        Change::MayReplace => (Action::Modify, Replacement::Conditional),
        Change::Replace => (Action::Modify, Replacement::Always),
    };
    let details = if action == Action::Modify { details(&resource.properties) } else { Vec::new() };
    let mut scope: Vec<Scope> = details.iter().map(|detail| detail.scope.clone()).collect();
    scope.sort();
    scope.dedup();
    ResourceChange {
        policy_action: resource.fate.map(|fate| policy_action(fate, &action)),
        action,
        logical_id: resource.logical_id.clone(),
        physical_id: resource.physical_id.clone(),
        resource_type: resource.resource_type.clone(),
        replacement,
        scope,
        details,
    }
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

fn tagged(resource: &UnchangedResource) -> ResourceChange {
    ResourceChange {
        action: Action::Modify,
        logical_id: resource.logical_id.clone(),
        physical_id: resource.physical_id.clone(),
        resource_type: resource.resource_type.clone(),
        replacement: Replacement::Never,
        scope: vec![Scope::Tags],
        policy_action: None,
        details: vec![tags_detail()],
    }
}
