//! boto3's answers in CloudFormation's own words.

use asagi::cfn::{
    Action, ChangeDetail, ChangeSet, PolicyAction, Recreation, Replacement, ResourceChange,
    RollbackConfiguration, Scope, Stack, StackEvent, StackParameter, StackResource,
};
use asagi::words::Foreign;
use indexmap::IndexMap;
use jiff::Timestamp;
use serde_json::Value;

pub(super) fn stack(answer: &Value) -> Stack {
    let parameter = |given: &Value| StackParameter {
        value: text(&given["ParameterValue"]),
        resolved: some_text(&given["ResolvedValue"]),
    };
    let rollback = &answer["RollbackConfiguration"];
    Stack {
        id: text(&answer["StackId"]),
        name: text(&answer["StackName"]),
        status: text(&answer["StackStatus"]).into(),
        status_reason: some_text(&answer["StackStatusReason"]).map(Foreign::from),
        parameters: list(&answer["Parameters"])
            .map(|given| (text(&given["ParameterKey"]), parameter(given)))
            .collect(),
        outputs: pairs(&answer["Outputs"], "OutputKey", "OutputValue"),
        tags: pairs(&answer["Tags"], "Key", "Value"),
        created: time(&answer["CreationTime"]),
        updated: some_text(&answer["LastUpdatedTime"]).map(|_| time(&answer["LastUpdatedTime"])),
        // The server has no `LastOperations`; these move whenever something is executed.
        last_operation: Some(format!("{} {}", answer["ChangeSetId"], answer["LastUpdatedTime"])),
        role_arn: some_text(&answer["RoleARN"]),
        termination_protection: answer["EnableTerminationProtection"].as_bool().unwrap_or_default(),
        notification_topics: list(&answer["NotificationARNs"]).map(text).collect(),
        rollback_configuration: RollbackConfiguration {
            triggers: list(&rollback["RollbackTriggers"]).map(|trigger| text(&trigger["Arn"])).collect(),
            monitoring_minutes: rollback["MonitoringTimeInMinutes"].as_u64().unwrap_or_default(),
        },
    }
}

pub(super) fn resource(answer: &Value) -> StackResource {
    StackResource {
        logical_id: text(&answer["LogicalResourceId"]),
        physical_id: some_text(&answer["PhysicalResourceId"]),
        resource_type: text(&answer["ResourceType"]),
        status: text(&answer["ResourceStatus"]).into(),
        changed: some_text(&answer["LastUpdatedTimestamp"]).and_then(|text| text.parse().ok()),
    }
}

pub(super) fn event(answer: &Value) -> StackEvent {
    StackEvent {
        id: text(&answer["EventId"]),
        at: time(&answer["Timestamp"]),
        stack_name: text(&answer["StackName"]),
        logical_id: text(&answer["LogicalResourceId"]),
        physical_id: some_text(&answer["PhysicalResourceId"]),
        resource_type: text(&answer["ResourceType"]),
        status: text(&answer["ResourceStatus"]).into(),
        reason: some_text(&answer["ResourceStatusReason"]).map(Foreign::from),
        token: some_text(&answer["ClientRequestToken"]),
    }
}

/// `CREATE` or `UPDATE` is not among the answers: the stack tells.
pub(super) fn change_set(answer: &Value, creates: bool) -> ChangeSet {
    ChangeSet {
        id: text(&answer["ChangeSetId"]),
        name: text(&answer["ChangeSetName"]),
        stack_id: text(&answer["StackId"]),
        kind: if creates { "CREATE" } else { "UPDATE" }.to_owned().into(),
        status: text(&answer["Status"]).into(),
        execution_status: text(&answer["ExecutionStatus"]).into(),
        status_reason: some_text(&answer["StatusReason"]).map(Foreign::from),
        changes: list(&answer["Changes"]).map(|change| resource_change(&change["ResourceChange"])).collect(),
        parameters: pairs(&answer["Parameters"], "ParameterKey", "ParameterValue"),
    }
}

fn resource_change(answer: &Value) -> ResourceChange {
    ResourceChange {
        action: Action::from(text(&answer["Action"])),
        logical_id: text(&answer["LogicalResourceId"]),
        physical_id: some_text(&answer["PhysicalResourceId"]),
        resource_type: text(&answer["ResourceType"]),
        replacement: some_text(&answer["Replacement"]).map_or(Replacement::Never, Replacement::from),
        scope: list(&answer["Scope"]).map(|scope| Scope::from(text(scope))).collect(),
        policy_action: some_text(&answer["PolicyAction"]).map(PolicyAction::from),
        details: list(&answer["Details"]).map(detail).collect(),
    }
}

fn detail(answer: &Value) -> ChangeDetail {
    let target = &answer["Target"];
    ChangeDetail {
        scope: Scope::from(text(&target["Attribute"])),
        property: some_text(&target["Name"]),
        recreation: some_text(&target["RequiresRecreation"]).map_or(Recreation::Never, Recreation::from),
        causing_entity: some_text(&answer["CausingEntity"]),
        before: some_text(&target["BeforeValue"]),
        after: some_text(&target["AfterValue"]),
    }
}

pub(super) fn list(answer: &Value) -> impl DoubleEndedIterator<Item = &Value> {
    answer.as_array().into_iter().flatten()
}

pub(super) fn text(answer: &Value) -> String {
    answer.as_str().unwrap_or_default().to_owned()
}

pub(super) fn some_text(answer: &Value) -> Option<String> {
    answer.as_str().filter(|text| !text.is_empty()).map(str::to_owned)
}

/// boto3 reads times into Python's own, which print with a space and an offset.
pub(super) fn time(answer: &Value) -> Timestamp {
    text(answer).parse().unwrap_or_else(|error| panic!("{answer} is no time: {error}"))
}

fn pairs(answer: &Value, key: &str, value: &str) -> IndexMap<String, String> {
    list(answer).map(|pair| (text(&pair[key]), text(&pair[value]))).collect()
}
