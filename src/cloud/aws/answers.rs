//! CloudFormation's answers in asagi's own types.

use aws_sdk_cloudformation::operation::describe_change_set::DescribeChangeSetOutput;
use aws_sdk_cloudformation::types;
use aws_smithy_types::DateTime;
use jiff::Timestamp;

use crate::cfn::{
    ChangeDetail, ChangeSet, ChangeSetType, Recreation, Replacement, ResourceChange, ResourceStatus,
    RollbackConfiguration, Scope, Stack, StackEvent, StackParameter, StackResource,
};
use crate::words::Foreign;

/// A point in time; the beginning of time for one that no calendar has.
pub(super) fn time(at: &DateTime) -> Timestamp {
    Timestamp::from_nanosecond(at.as_nanos()).unwrap_or(Timestamp::UNIX_EPOCH)
}

pub(super) fn text(part: Option<&str>) -> String {
    part.unwrap_or_default().to_owned()
}

fn reason(part: Option<&str>) -> Option<Foreign> {
    filled(part).map(Foreign::from)
}

fn filled(part: Option<&str>) -> Option<String> {
    part.filter(|text| !text.is_empty()).map(str::to_owned)
}

pub(super) fn stack(answer: &types::Stack) -> Stack {
    let parameters = answer.parameters().iter().map(|given| {
        let resolved = filled(given.resolved_value());
        (text(given.parameter_key()), StackParameter { value: text(given.parameter_value()), resolved })
    });
    let outputs = answer.outputs().iter().map(|given| (text(given.output_key()), text(given.output_value())));
    let tags = answer.tags().iter().map(|given| (text(given.key()), text(given.value())));
    Stack {
        id: text(answer.stack_id()),
        name: text(answer.stack_name()),
        status: text(answer.stack_status().map(types::StackStatus::as_str)).into(),
        status_reason: reason(answer.stack_status_reason()),
        parameters: parameters.collect(),
        outputs: outputs.collect(),
        tags: tags.collect(),
        created: answer.creation_time().map_or(Timestamp::UNIX_EPOCH, time),
        updated: answer.last_updated_time().map(time),
        last_operation: last_operation(answer),
        role_arn: filled(answer.role_arn()),
        termination_protection: answer.enable_termination_protection().unwrap_or_default(),
        notification_topics: answer.notification_arns().to_vec(),
        rollback_configuration: rollback_configuration(answer.rollback_configuration()),
    }
}

/// The id of the newest operation that moved the stack; making a change set is none. Where the service tells of no
/// operations, the change set that was executed last and its time move just as well.
fn last_operation(answer: &types::Stack) -> Option<String> {
    let moves = answer.last_operations().iter().filter(|operation| {
        operation.operation_type().is_none_or(|kind| *kind != types::OperationType::CreateChangeset)
    });
    let told: Vec<&str> = moves.filter_map(types::OperationEntry::operation_id).collect();
    if !told.is_empty() {
        return Some(told.join(" "));
    }
    let updated = answer.last_updated_time().or(answer.creation_time()).map(time)?;
    Some(format!("{} {updated}", answer.change_set_id().unwrap_or_default()))
}

fn rollback_configuration(answer: Option<&types::RollbackConfiguration>) -> RollbackConfiguration {
    let Some(answer) = answer else { return RollbackConfiguration::default() };
    RollbackConfiguration {
        triggers: answer.rollback_triggers().iter().map(|trigger| text(trigger.arn())).collect(),
        monitoring_minutes: answer
            .monitoring_time_in_minutes()
            .and_then(|minutes| minutes.try_into().ok())
            .unwrap_or(0),
    }
}

pub(super) fn resource(answer: &types::StackResourceSummary) -> StackResource {
    StackResource {
        logical_id: text(answer.logical_resource_id()),
        physical_id: filled(answer.physical_resource_id()),
        resource_type: text(answer.resource_type()),
        status: status(answer.resource_status()),
        changed: answer.last_updated_timestamp().map(time),
    }
}

fn status(answer: Option<&types::ResourceStatus>) -> ResourceStatus {
    text(answer.map(types::ResourceStatus::as_str)).into()
}

pub(super) fn event(answer: &types::StackEvent) -> StackEvent {
    StackEvent {
        id: text(answer.event_id()),
        at: answer.timestamp().map_or(Timestamp::UNIX_EPOCH, time),
        stack_name: text(answer.stack_name()),
        logical_id: text(answer.logical_resource_id()),
        physical_id: filled(answer.physical_resource_id()),
        resource_type: text(answer.resource_type()),
        status: status(answer.resource_status()),
        reason: reason(answer.resource_status_reason()),
        token: filled(answer.client_request_token()),
    }
}

/// Everything but the changes, of which there may be more pages. Whether it creates is not among the answers: the
/// physical id of a resource that exists tells, and for a stack without any the kind does not matter.
pub(super) fn change_set(answer: &DescribeChangeSetOutput) -> ChangeSet {
    let parameters =
        answer.parameters().iter().map(|given| (text(given.parameter_key()), text(given.parameter_value())));
    let creates = answer
        .changes()
        .iter()
        .filter_map(|change| change.resource_change())
        .all(|change| change.action().is_some_and(|action| *action == types::ChangeAction::Add));
    ChangeSet {
        id: text(answer.change_set_id()),
        name: text(answer.change_set_name()),
        stack_id: text(answer.stack_id()),
        kind: if creates { ChangeSetType::Create } else { ChangeSetType::Update },
        status: text(answer.status().map(types::ChangeSetStatus::as_str)).into(),
        execution_status: text(answer.execution_status().map(types::ExecutionStatus::as_str)).into(),
        status_reason: reason(answer.status_reason()),
        changes: changes(answer).collect(),
        parameters: parameters.collect(),
    }
}

/// The changes of one page.
pub(super) fn changes(answer: &DescribeChangeSetOutput) -> impl Iterator<Item = ResourceChange> {
    answer.changes().iter().filter_map(|change| change.resource_change()).map(resource_change)
}

fn resource_change(answer: &types::ResourceChange) -> ResourceChange {
    let replacement = answer.replacement().map(|word| Replacement::from(word.as_str().to_owned()));
    ResourceChange {
        action: text(answer.action().map(types::ChangeAction::as_str)).into(),
        logical_id: text(answer.logical_resource_id()),
        physical_id: filled(answer.physical_resource_id()),
        resource_type: text(answer.resource_type()),
        replacement: replacement.unwrap_or(Replacement::Never),
        scope: answer.scope().iter().map(|word| Scope::from(word.as_str().to_owned())).collect(),
        policy_action: answer.policy_action().map(|word| word.as_str().to_owned().into()),
        details: answer.details().iter().map(detail).collect(),
    }
}

fn detail(answer: &types::ResourceChangeDetail) -> ChangeDetail {
    let target = answer.target();
    let recreation = target.and_then(|target| target.requires_recreation());
    ChangeDetail {
        scope: text(target.and_then(|target| target.attribute()).map(types::ResourceAttribute::as_str))
            .into(),
        property: filled(target.and_then(|target| target.name())),
        recreation: recreation.map_or(Recreation::Never, |word| word.as_str().to_owned().into()),
        causing_entity: filled(answer.causing_entity()),
        before: filled(target.and_then(|target| target.before_value())),
        after: filled(target.and_then(|target| target.after_value())),
    }
}
