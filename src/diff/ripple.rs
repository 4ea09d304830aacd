//! What a change of one resource does to whoever refers to it.

use std::collections::BTreeMap;

use crate::cfn::{Effective, Reference, Scope};

use super::compare::item_names;
use super::{Cause, Certainty, Change, Path, ResourceDiff, Step};

/// Resources whose values move.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Moved(BTreeMap<String, Movement>);

/// How the values of one resource move.
#[derive(Debug, Clone, PartialEq)]
struct Movement {
    change: Change,
    certainty: Certainty,
    resource_type: String,
}

/// Attributes that are new with every update in place; all others only may be.
const NEW_WITH_EVERY_UPDATE: [(&str, &str); 2] = [
    ("AWS::EC2::LaunchTemplate", "LatestVersionNumber"),
    ("AWS::ImageBuilder::Workflow", "LatestVersion.Arn"),
];

/// Policies and metadata are CloudFormation's own affair: the resource's handler is not called, so no value of it moves.
/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-attribute-deletionpolicy.html>
pub(super) fn is_own_affair(resource: &ResourceDiff) -> bool {
    resource.properties.iter().all(|change| !matches!(change.scope, Scope::Properties | Scope::Tags))
}

impl Moved {
    /// What moves by these changes; `all` of them, or those alone that reach a handler.
    pub(super) fn by(resources: &[ResourceDiff], all: bool) -> Self {
        let existing = resources.iter().filter(|resource| {
            let stays = !matches!(resource.change, Change::Add | Change::Remove);
            stays && (all || !is_own_affair(resource))
        });
        let movement = |resource: &ResourceDiff| Movement {
            change: resource.change,
            certainty: resource.certainty,
            resource_type: resource.resource_type.clone(),
        };
        Self(existing.map(|resource| (resource.logical_id.clone(), movement(resource))).collect())
    }

    /// Whether, and how surely, this value moves.
    pub(super) fn get(&self, reference: &Reference) -> Option<Certainty> {
        let movement = self.0.get(&reference.logical_id)?;
        match (movement.change, &reference.attribute) {
            (Change::Replace, _) => Some(movement.certainty),
            (Change::MayReplace, None) => Some(Certainty::Possible),
            (_, None) => None,
            (_, Some(attribute)) => {
                let every = NEW_WITH_EVERY_UPDATE.contains(&(&movement.resource_type, attribute));
                Some(if every { movement.certainty } else { Certainty::Possible })
            }
        }
    }

    fn cause(&self, reference: &Reference) -> Cause {
        match self.0.get(&reference.logical_id).map(|movement| movement.change) {
            Some(Change::Replace) => Cause::Replaced(reference.clone()),
            _ => Cause::Updated(reference.clone()),
        }
    }

    /// The parts of a value that move: where, how surely, and by what.
    pub(super) fn parts(&self, value: &Effective, path: &Path) -> Vec<Part> {
        let mut parts = Vec::new();
        self.collect(value, path, &mut parts);
        parts
    }

    fn collect(&self, value: &Effective, path: &Path, parts: &mut Vec<Part>) {
        match value {
            Effective::Map(map) => {
                map.iter()
                    .for_each(|(key, value)| self.collect(value, &path.then(Step::Key(key.clone())), parts));
            }
            Effective::List(items) => {
                let names = item_names(items).unwrap_or_default();
                for (index, item) in items.iter().enumerate() {
                    let step = Step::Item(index, names.get(index).cloned());
                    self.collect(item, &path.then(step), parts);
                }
            }
            Effective::Unknown(unknown) => {
                let moving: Vec<_> =
                    unknown.references.iter().filter_map(|it| Some((it, self.get(it)?))).collect();
                if let Some(certainty) = moving.iter().map(|(_, certainty)| *certainty).max() {
                    let causes = moving.iter().map(|(reference, _)| self.cause(reference)).collect();
                    parts.push(Part { path: path.clone(), value: value.clone(), certainty, causes });
                }
            }
            _ => {}
        }
    }
}

/// A part of a value that moves.
pub(super) struct Part {
    pub(super) path: Path,
    pub(super) value: Effective,
    pub(super) certainty: Certainty,
    pub(super) causes: Vec<Cause>,
}
