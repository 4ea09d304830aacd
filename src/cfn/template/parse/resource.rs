//! One entry of `Resources`.

use serde_json::{Map, Value};

use super::{At, FOR_EACH};
use crate::cfn::{DeletionPolicy, Resource, TemplateError};

/// CloudFormation takes a `Description` here and does nothing with it.
const KEYS: [&str; 11] = [
    "Type",
    "Description",
    "Properties",
    "Condition",
    "DependsOn",
    "DeletionPolicy",
    "UpdateReplacePolicy",
    "UpdatePolicy",
    "CreationPolicy",
    "Metadata",
    "Version",
];

type Result<T> = std::result::Result<T, TemplateError>;

pub(super) fn read(id: &str, at: &mut At<'_>) -> Result<Resource> {
    if id.starts_with(FOR_EACH) {
        // left as it is until the parameters are known that say how often it repeats
        let properties = Map::from_iter([(id.to_owned(), at.value().clone())]);
        return Ok(Resource { kind: Resource::FOR_EACH.to_owned(), properties, ..Resource::default() });
    }
    at.only(&KEYS)?;
    let Some(kind) = at.get("Type") else {
        return Err(at.error(format!("resource `{id}` must have a `Type`")));
    };
    let kind = kind.text()?;
    if !kind.contains("::") {
        return Err(at.error_at("Type", format!("`{kind}` is no resource type such as `AWS::EC2::VPC`")));
    }
    Ok(Resource {
        kind,
        properties: mapping(at, "Properties")?.unwrap_or_default(),
        condition: at.get("Condition").map(At::text).transpose()?,
        depends_on: at.get("DependsOn").map(names).transpose()?.unwrap_or_default(),
        deletion_policy: at.get("DeletionPolicy").map(policy).transpose()?,
        update_replace_policy: at.get("UpdateReplacePolicy").map(policy).transpose()?,
        update_policy: mapping(at, "UpdatePolicy")?.map_or(Value::Null, Value::Object),
        creation_policy: mapping(at, "CreationPolicy")?.map_or(Value::Null, Value::Object),
        metadata: mapping(at, "Metadata")?.map_or(Value::Null, Value::Object),
        version: at.get("Version").map(|at| at.scalar()).transpose()?,
    })
}

/// The mapping under a key, if it is there.
pub(super) fn mapping(at: &mut At<'_>, key: &str) -> Result<Option<Map<String, Value>>> {
    at.get(key).map(At::mapping).transpose()
}

/// One name or a list of them.
fn names(mut at: At<'_>) -> Result<Vec<String>> {
    match at.value() {
        Value::String(name) => Ok(vec![name.clone()]),
        _ => at.items()?.map(At::text).collect(),
    }
}

fn policy(at: At<'_>) -> Result<DeletionPolicy> {
    // with the language extensions a policy may be a function; its text is kept as a word we do not know
    if at.value().is_object() {
        return Ok(DeletionPolicy::Unknown(at.value().to_string()));
    }
    match DeletionPolicy::from(at.as_text()?.to_owned()) {
        DeletionPolicy::Unknown(word) => Err(at.error(format!(
            "`{word}` is no policy; known are Delete, Retain, Snapshot, RetainExceptOnCreate"
        ))),
        policy => Ok(policy),
    }
}
