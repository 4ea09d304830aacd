//! What is refused before a change set is made, in CloudFormation's words.

use super::record::StackRecord;
use crate::cfn::{
    ChangeSetType, CreateChangeSet, Resource, StackStatus, TEMPLATE_BODY_LIMIT, Template,
    registry::is_resource_type, template_limit,
};
use crate::cloud::{CloudError, Result};

/// The same call again, or another one with a name that is taken.
pub(super) fn repeated(stack: &StackRecord, request: &CreateChangeSet) -> Option<Result<String>> {
    let found = stack.change_sets.get(&request.name)?;
    if found.token == request.client_token {
        return Some(Ok(found.id.clone()));
    }
    Some(Err(CloudError::AlreadyExists(format!("ChangeSet [{}] already exists", request.name))))
}

/// Longest description, in characters. It may be left out, which boto3 and the service tell from an empty one.
/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateChangeSet.html>
const DESCRIPTION_LIMIT: usize = 1_024;

pub(super) fn check_names(request: &CreateChangeSet) -> Result<()> {
    check_name("stackName", &request.stack_name, "[a-zA-Z]")?;
    check_name("changeSetName", &request.name, "[a-zA-Z]")?;
    check_token("clientToken", &request.client_token)?;
    let wrong = |rule: String| {
        Err(CloudError::Validation(format!(
            "1 validation error detected: Value at 'description' failed to satisfy constraint: Member must have length {rule}"
        )))
    };
    match request.description.chars().count() {
        0 => wrong("greater than or equal to 1".to_owned()),
        length if length > DESCRIPTION_LIMIT => wrong(format!("less than or equal to {DESCRIPTION_LIMIT}")),
        _ => Ok(()),
    }
}

/// # Errors
/// It is not a token as the service takes them.
pub(super) fn check_token(field: &str, token: &str) -> Result<()> {
    check_name(field, token, "[a-zA-Z0-9]")
}

fn check_name(field: &str, name: &str, first: &str) -> Result<()> {
    let mut letters = name.chars();
    let begins =
        |letter: char| letter.is_ascii_alphabetic() || (first.contains("0-9") && letter.is_ascii_digit());
    let fits = letters.next().is_some_and(begins)
        && name.len() <= 128
        && letters.all(|letter| letter.is_ascii_alphanumeric() || letter == '-');
    if fits {
        return Ok(());
    }
    Err(CloudError::Validation(format!(
        "1 validation error detected: Value '{name}' at '{field}' failed to satisfy constraint: Member must satisfy regular expression pattern: {first}[-a-zA-Z0-9]*"
    )))
}

pub(super) fn check_kind(existing: Option<&StackRecord>, request: &CreateChangeSet) -> Result<()> {
    let name = &request.stack_name;
    match (existing, &request.kind) {
        (Some(stack), ChangeSetType::Create) if stack.status != StackStatus::ReviewInProgress => {
            Err(CloudError::Validation(format!(
                "Stack [{name}] already exists and cannot be created again with the changeSet [{}].",
                request.name
            )))
        }
        (None, ChangeSetType::Update) => Err(CloudError::NotFound(format!("Stack [{name}] does not exist"))),
        (Some(stack), ChangeSetType::Update) if !stack.status.is_updatable() => Err(not_updatable(stack)),
        (_, ChangeSetType::Create | ChangeSetType::Update) => Ok(()),
        (_, kind) => Err(CloudError::Validation(format!("the embedded target makes no {kind} change sets"))),
    }
}

/// The stack cannot be updated from where it stands.
pub(super) fn not_updatable(stack: &StackRecord) -> CloudError {
    let words = format!("Stack:{} is in {} state and can not be updated.", stack.id, stack.status);
    if stack.status.is_busy() { CloudError::Busy(words) } else { CloudError::Validation(words) }
}

pub(super) fn template_text(existing: Option<&StackRecord>, request: &CreateChangeSet) -> Result<String> {
    let before = || existing.and_then(|stack| stack.deployed.template.clone());
    request.template.clone().or_else(before).ok_or_else(|| {
        CloudError::Validation(format!(
            "Cannot use the previous template of stack [{}]: it has none",
            request.stack_name
        ))
    })
}

/// A type that resources can be made of.
pub(super) fn is_known(kind: &str) -> bool {
    kind.starts_with("Custom::") || kind == "AWS::CloudFormation::CustomResource" || is_resource_type(kind)
}

pub(super) fn check_types(template: &Template) -> Result<()> {
    if template.rewritten {
        return Ok(());
    }
    let mut unknown: Vec<&str> = template.resources.values().map(|resource| resource.kind.as_str()).collect();
    unknown.retain(|kind| !is_known(kind) && *kind != Resource::FOR_EACH);
    unknown.dedup();
    if unknown.is_empty() {
        return Ok(());
    }
    Err(CloudError::Validation(format!(
        "Template format error: Unrecognized resource types: [{}]",
        unknown.join(", ")
    )))
}

/// What its loops made of a template.
///
/// # Errors
/// A loop is left, or what came out of one is refused.
pub(super) fn check_made(template: &Template, capabilities: &[String]) -> Result<()> {
    let is_loop = |(_, resource): &(&String, &Resource)| resource.kind == Resource::FOR_EACH;
    if let Some((name, _)) = template.resources.iter().find(is_loop) {
        let why = "its collection must be a list of texts that is known beforehand";
        return Err(CloudError::Validation(format!("Template format error: {name}: {why}")));
    }
    check_types(template)?;
    super::capabilities::check(template, capabilities)
}

pub(super) fn check_triggers(request: &CreateChangeSet) -> Result<()> {
    let configuration = &request.rollback_configuration;
    let wrong = |field: &str, rule: &str| {
        Err(CloudError::Validation(format!(
            "1 validation error detected: Value at 'rollbackConfiguration.{field}' failed to satisfy constraint: {rule}"
        )))
    };
    if configuration.triggers.len() > 5 {
        return wrong("rollbackTriggers", "Member must have length less than or equal to 5");
    }
    if configuration.monitoring_minutes > 180 {
        return wrong("monitoringTimeInMinutes", "Member must have value less than or equal to 180");
    }
    Ok(())
}

/// # Errors
/// The text is longer than a request may carry, or a bucket where the request names one.
pub(super) fn check_length(text: &str, bucket: Option<&str>) -> Result<()> {
    let limit = template_limit(bucket.is_some());
    if text.len() <= limit {
        return Ok(());
    }
    if bucket.is_some() {
        return Err(CloudError::Validation(format!("Template may not exceed {limit} bytes in size.")));
    }
    Err(CloudError::Validation(format!(
        "1 validation error detected: Value at 'templateBody' failed to satisfy constraint: Member must have length less than or equal to {TEMPLATE_BODY_LIMIT}"
    )))
}
