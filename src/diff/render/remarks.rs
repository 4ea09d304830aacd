//! What stands beside a resource or a value on the screen: its fate, its path, whether it forces a replacement.

use crate::cfn::{Recreation, Scope};

use super::super::{Cause, Certainty, Change, Fate, Path, PropertyChange, ResourceDiff};

/// What people should see: a group that stays is changed, whatever CloudFormation says it might be.
pub(super) fn seen(resource: &ResourceDiff) -> Change {
    if resource.stays.is_some() { Change::Modify } else { resource.change }
}

pub(super) fn note(resource: &ResourceDiff) -> String {
    let fate = match resource.fate {
        Some(Fate::Kept) => "the old one is kept",
        Some(Fate::Snapshot) => "a snapshot of the old one is kept",
        Some(Fate::Lost) => "the old one is deleted",
        None => "",
    };
    let fate = match (resource.change, resource.fate) {
        (Change::Remove, Some(Fate::Kept)) => ", kept in the account".to_owned(),
        (Change::Remove, Some(Fate::Snapshot)) => ", deleted after a snapshot".to_owned(),
        (Change::Remove, _) => ", deleted".to_owned(),
        (Change::Replace, _) => format!(", replaced: {fate}"),
        (Change::MayReplace, _) if resource.stays.is_none() => format!(", may be replaced: then {fate}"),
        _ => String::new(),
    };
    let renamed = match (&resource.renamed, resource.change) {
        (Some(old), Change::Add) => format!(", the same as `{old}` but for its name"),
        (Some(new), _) => format!(", the same as `{new}` but for its name"),
        (None, _) => String::new(),
    };
    format!("{fate}{renamed}")
}

/// A property by its path, another part of the resource by its name before it.
pub(super) fn display_path(change: &PropertyChange) -> Path {
    match change.scope {
        Scope::Properties | Scope::Tags => change.path.clone(),
        ref part => Path(Path::key(part.as_str()).0.into_iter().chain(change.path.0.clone()).collect()),
    }
}

pub(super) fn aside(change: &PropertyChange, stays: bool) -> String {
    let recreation = match (&change.recreation, change.certainty) {
        _ if stays => "",
        (Recreation::Always, Certainty::Certain) => "  forces replacement",
        (Recreation::Never, _) => "",
        _ => "  may force replacement",
    };
    let causes: Vec<_> = change.causes.iter().map(Cause::to_string).collect();
    if causes.is_empty() { recreation.to_owned() } else { format!("{recreation}  ({})", causes.join(", ")) }
}
