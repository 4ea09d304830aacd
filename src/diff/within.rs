//! Whether a real change set stays within what was predicted.

use std::fmt;

use crate::cfn::{Action, ChangeDetail, PolicyAction, ResourceChange, Scope};

/// Something that a change set would do and the prediction does not have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Beyond {
    /// Name in the template.
    pub logical_id: String,
    /// What is beyond.
    pub kind: BeyondKind,
}

/// What is beyond the prediction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BeyondKind {
    /// The resource was not to change, or is of another type.
    Resource,
    /// Another action was predicted.
    Action {
        /// Predicted.
        predicted: String,
        /// In the change set.
        actual: String,
    },
    /// Replacement is worse than predicted.
    Replacement {
        /// Predicted.
        predicted: String,
        /// In the change set.
        actual: String,
    },
    /// The old one was to be kept, and is not.
    Policy {
        /// Predicted.
        predicted: String,
        /// In the change set.
        actual: String,
    },
    /// A property, or another part, was not to change.
    Property(String),
    /// A property was not to recreate the resource.
    Recreation {
        /// The property, or the part.
        property: String,
        /// Predicted.
        predicted: String,
        /// In the change set.
        actual: String,
    },
}

impl fmt::Display for Beyond {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let id = &self.logical_id;
        match &self.kind {
            BeyondKind::Resource => write!(f, "`{id}` was not to change"),
            BeyondKind::Action { predicted, actual } => {
                write!(f, "`{id}`: action {actual}, where {predicted} was predicted")
            }
            BeyondKind::Replacement { predicted, actual } => {
                write!(f, "`{id}`: replacement {actual}, where {predicted} was predicted")
            }
            BeyondKind::Policy { predicted, actual } => {
                write!(f, "`{id}`: old resource {actual}, where {predicted} was predicted")
            }
            BeyondKind::Property(property) => write!(f, "`{id}`: `{property}` was not to change"),
            BeyondKind::Recreation { property, predicted, actual } => {
                write!(f, "`{id}`: `{property}` recreates {actual}, where {predicted} was predicted")
            }
        }
    }
}

/// What of `actual` the prediction does not have, or has milder; nothing when the change set may run. Less than
/// predicted is fine.
pub fn within(predicted: &[ResourceChange], actual: &[ResourceChange]) -> Vec<Beyond> {
    let mut beyond = Vec::new();
    for change in actual {
        let same = |it: &&ResourceChange| {
            it.logical_id == change.logical_id && it.resource_type == change.resource_type
        };
        let kinds = match predicted.iter().find(same) {
            None => vec![BeyondKind::Resource],
            Some(predicted) => compare(predicted, change),
        };
        let logical_id = &change.logical_id;
        beyond.extend(kinds.into_iter().map(|kind| Beyond { logical_id: logical_id.clone(), kind }));
    }
    beyond
}

fn compare(predicted: &ResourceChange, actual: &ResourceChange) -> Vec<BeyondKind> {
    if predicted.action != actual.action {
        let (predicted, actual) = (predicted.action.to_string(), actual.action.to_string());
        return vec![BeyondKind::Action { predicted, actual }];
    }
    let mut kinds = Vec::new();
    let modify = actual.action == Action::Modify;
    if modify && actual.replacement > predicted.replacement {
        let (predicted, actual) = (predicted.replacement.to_string(), actual.replacement.to_string());
        kinds.push(BeyondKind::Replacement { predicted, actual });
    }
    if let (Some(before), Some(now)) = (&predicted.policy_action, &actual.policy_action)
        && loss(now) > loss(before)
    {
        kinds.push(BeyondKind::Policy { predicted: before.to_string(), actual: now.to_string() });
    }
    if modify {
        let parts = actual.scope.iter().filter(|scope| !actual.details.iter().any(|it| part(it) == **scope));
        let parts = parts.filter(|scope| !predicted.details.iter().any(|it| part(it) == **scope));
        kinds.extend(parts.map(|scope| BeyondKind::Property(scope.to_string())));
        kinds.extend(actual.details.iter().filter_map(|detail| compare_detail(predicted, detail)));
    }
    kinds
}

/// How much is lost: kept, kept as a snapshot, gone; a word we do not know is the worst.
fn loss(policy: &PolicyAction) -> u8 {
    match policy {
        PolicyAction::Retain | PolicyAction::ReplaceAndRetain => 0,
        PolicyAction::Snapshot | PolicyAction::ReplaceAndSnapshot => 1,
        PolicyAction::Delete | PolicyAction::ReplaceAndDelete => 2,
        PolicyAction::Unknown(_) => 3,
    }
}

/// The service tells a change of `Tags` as a property or as a part of its own.
fn part(detail: &ChangeDetail) -> Scope {
    if detail.property.as_deref() == Some("Tags") { Scope::Tags } else { detail.scope.clone() }
}

fn compare_detail(predicted: &ResourceChange, actual: &ChangeDetail) -> Option<BeyondKind> {
    let same = |it: &&ChangeDetail| {
        part(it) == part(actual) && (part(it) != Scope::Properties || it.property == actual.property)
    };
    let name = actual.property.clone().unwrap_or_else(|| actual.scope.to_string());
    match predicted.details.iter().find(same) {
        None => Some(BeyondKind::Property(name)),
        Some(known) => (actual.recreation > known.recreation).then(|| BeyondKind::Recreation {
            property: name,
            predicted: known.recreation.to_string(),
            actual: actual.recreation.to_string(),
        }),
    }
}
