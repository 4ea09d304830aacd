//! For programs: versioned JSON, the same order as for people.

use serde_json::{Map, Value, json};

use crate::cfn::Effective;

use super::super::{
    Awaited, Cause, Certainty, Change, Fate, MovedValue, Path, PropertyChange, ResourceDiff, StackDiff,
    ValueChange, secret,
};
use crate::words;

/// Version of the shape; it rises when a key changes its meaning or goes.
pub const VERSION: u32 = 1;

/// The diffs of an environment's stacks as JSON. A value that is unknown is `{"unknown": "text to show"}`.
pub fn json(diffs: &[StackDiff]) -> Value {
    let (unchanged, changed): (Vec<_>, Vec<_>) = diffs.iter().partition(|diff| diff.says_nothing());
    json!({
        "version": VERSION,
        "stacks": changed.into_iter().map(stack).collect::<Vec<_>>(),
        "unchanged": unchanged.into_iter().map(|diff| &diff.stack).collect::<Vec<_>>(),
    })
}

/// What waits for a rollout, role by role.
pub fn json_roles(roles: &[Awaited]) -> Value {
    let role = |it: &Awaited| {
        json!({
            "role": it.role,
            "how": it.how,
            "changes": it.changes.iter().map(value_change).collect::<Vec<_>>(),
            "notes": it.notes,
        })
    };
    roles.iter().map(role).collect()
}

fn stack(diff: &StackDiff) -> Value {
    let kind = match (diff.is_new, diff.is_removed) {
        (true, _) => "add",
        (_, true) => "remove",
        _ => "modify",
    };
    let problem =
        |problem: &crate::cfn::Problem| json!({"pointer": problem.pointer, "message": problem.message});
    let mut map = Map::new();
    map.insert("stack".to_owned(), json!(diff.stack));
    map.insert("change".to_owned(), json!(kind));
    map.insert("resources".to_owned(), diff.resources.iter().map(resource).collect());
    for (key, changes) in [
        ("parameters", &diff.parameters),
        ("conditions", &diff.conditions),
        ("outputs", &diff.outputs),
        ("tags", &diff.tags),
        ("wording", &diff.wording),
    ] {
        map.insert(key.to_owned(), changes.iter().map(value_change).collect());
    }
    map.insert("moved".to_owned(), diff.moved.iter().map(moved).collect());
    map.insert("unreadable".to_owned(), json!(diff.unreadable));
    map.insert("problems".to_owned(), diff.problems.iter().map(problem).collect());
    map.insert("refused".to_owned(), diff.refused.iter().map(problem).collect());
    map.insert("text".to_owned(), json!(diff.text));
    Value::Object(map)
}

fn resource(resource: &ResourceDiff) -> Value {
    json!({
        "logicalId": resource.logical_id,
        "type": resource.resource_type,
        "physicalId": resource.physical_id,
        "change": change(resource.change),
        "certain": resource.certainty == Certainty::Certain,
        "old": resource.fate.map(|fate| match fate {
            Fate::Kept => "kept",
            Fate::Snapshot => "snapshot",
            Fate::Lost => "deleted",
        }),
        "stays": resource.stays,
        "sameAs": resource.renamed,
        "lookups": resource.lookups,
        "held": resource.held,
        "properties": resource.properties.iter().map(property).collect::<Vec<_>>(),
    })
}

fn moved(moved: &MovedValue) -> Value {
    let resources = moved.resources.iter();
    json!({
        "parameter": moved.name,
        "before": words::mask(&moved.before),
        "after": moved.after.as_deref().map(words::mask),
        "waits": moved.waits,
        "resources": resources.map(|(id, it)| json!({"logicalId": id, "change": change(*it)})).collect::<Vec<_>>(),
    })
}

fn change(change: Change) -> &'static str {
    match change {
        Change::Add => "add",
        Change::Modify => "modify",
        Change::MayReplace => "mayReplace",
        Change::Replace => "replace",
        Change::Remove => "remove",
    }
}

fn property(change: &PropertyChange) -> Value {
    json!({
        "scope": change.scope,
        "path": change.path.to_string(),
        "before": value(&change.path, change.before.as_ref()),
        "after": value(&change.path, change.after.as_ref()),
        "recreation": change.recreation,
        "certain": change.certainty == Certainty::Certain,
        "causes": change.causes.iter().map(cause).collect::<Vec<_>>(),
    })
}

fn cause(cause: &Cause) -> Value {
    match cause {
        Cause::Parameter(name) => json!({"parameter": name}),
        Cause::Replaced(reference) => json!({"replaced": reference.to_string()}),
        Cause::Updated(reference) => json!({"updated": reference.to_string()}),
    }
}

fn value_change(change: &ValueChange) -> Value {
    let path = Path::key(&change.name);
    json!({
        "name": change.name,
        "before": value(&path, change.before.as_ref()),
        "after": value(&path, change.after.as_ref()),
        "certain": change.certainty == Certainty::Certain,
    })
}

fn value(path: &Path, value: Option<&Effective>) -> Value {
    value.map_or(Value::Null, |value| marked(&secret::shown(path, value)))
}

fn marked(value: &Effective) -> Value {
    match value {
        Effective::Unknown(unknown) => json!({"unknown": unknown.text}),
        Effective::List(items) => items.iter().map(marked).collect(),
        Effective::Map(map) => {
            Value::Object(map.iter().map(|(key, value)| (key.clone(), marked(value))).collect())
        }
        known => known.to_json(),
    }
}
