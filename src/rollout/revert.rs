//! A role's stacks back to what they say, after somebody changed beside CloudFormation what they made: rules and record,
//! sizes and alarms.

use crate::cfn::{
    Action, ChangeSetType, CreateChangeSet, ParameterValue, Replacement, ResourceChange,
    RollbackConfiguration, Stack,
};
use crate::plan::{Record, short_digest};
use crate::stacks::names;

use super::change::{self, LookAway, Outcome, Prepared};
use super::context::{Context, RunError};
use super::machine::Failure;
use super::moves::judge_traffic;

/// Puts a stack of a role back by a drift-aware change set, which moves no parameter: a rollout that runs stays where it
/// is. [`Outcome::Unchanged`] where CloudFormation sees no difference, or does not know such change sets.
///
/// # Errors
/// When a call does not succeed, or the person cancels.
pub async fn revert(context: &Context<'_>, name: &str) -> Result<Outcome, RunError> {
    let refused = |why: String| Ok(Outcome::Failed(Failure::Refused(why)));
    let Some(stack) = context.cloud.describe_stack(name).await? else {
        return refused(format!("stack {name} does not exist"));
    };
    if !stack.status.is_updatable() {
        return refused(format!("stack {name} is {}", stack.status));
    }
    run(context, &request(context, &stack, None)).await
}

/// Writes a role's record again as the stack has it, where the parameter itself says otherwise: an update like any other,
/// for CloudFormation that does not see what was changed beside it. [`Outcome::Unchanged`] where both are the same.
///
/// # Errors
/// When a call does not succeed, or the person cancels.
pub async fn write_record(context: &Context<'_>, role: &str) -> Result<Outcome, RunError> {
    let name = context.stack_name(&format!("{role}-traffic"));
    let Some(stack) = context.cloud.describe_stack(&name).await? else { return Ok(Outcome::Unchanged) };
    let (text, parameter) =
        (stack.parameter(names::ROLLOUT_RECORD), stack.outputs.get(names::RECORD_PARAMETER_NAME));
    let Some((text, parameter)) = text.zip(parameter) else { return Ok(Outcome::Unchanged) };
    let Some(record) = Record::parse(text) else { return Ok(Outcome::Unchanged) };
    let actual = context.cloud.parameter(parameter).await?;
    if actual.as_deref().and_then(Record::parse).is_some_and(|actual| actual == record) {
        return Ok(Outcome::Unchanged);
    }
    // The same record in another text, which alone makes CloudFormation write it.
    let again = if text.ends_with(' ') { text.trim_end().to_owned() } else { format!("{text} ") };
    run(context, &request(context, &stack, Some(again))).await
}

async fn run(context: &Context<'_>, request: &CreateChangeSet) -> Result<Outcome, RunError> {
    let judge = |changes: &[ResourceChange]| match is_traffic(&request.stack_name) {
        true => judge_traffic(changes),
        false => judge_beside(changes),
    };
    match change::prepare(context, request, &judge).await? {
        Prepared::Unchanged => Ok(Outcome::Unchanged),
        Prepared::Refused(why) => Ok(Outcome::Failed(Failure::Refused(why))),
        Prepared::Ready(set) => {
            let last = change::execute(context, request, &set).await?;
            change::settle(context, &request.stack_name, last, &mut LookAway).await
        }
    }
}

fn is_traffic(stack: &str) -> bool {
    stack.ends_with("-traffic")
}

/// Refuses what may not be put back where no rule is: alarms and their dashboard, and of groups the sizes alone. A launch
/// template's newest version may be one that somebody made.
fn judge_beside(changes: &[ResourceChange]) -> Result<(), String> {
    const ALARMS: [&str; 3] =
        ["AWS::CloudWatch::Alarm", "AWS::CloudWatch::CompositeAlarm", "AWS::CloudWatch::Dashboard"];
    const SIZES: [&str; 2] = ["MinSize", "MaxSize"];
    let fits = |change: &&ResourceChange| match change.resource_type.as_str() {
        "AWS::AutoScaling::AutoScalingGroup" => {
            let mut parts = change.details.iter().map(|detail| detail.property.as_deref());
            change.action == Action::Modify && parts.all(|part| part.is_some_and(|it| SIZES.contains(&it)))
        }
        kind => ALARMS.contains(&kind) && change.action != Action::Remove,
    };
    match changes.iter().find(|change| !fits(change) || change.replacement != Replacement::Never) {
        None => Ok(()),
        Some(change) => Err(format!(
            "the change set would also touch {} ({}), which putting back may not",
            change.logical_id, change.resource_type
        )),
    }
}

/// Moves no parameter, or the text of the record alone.
fn request(context: &Context<'_>, stack: &Stack, record: Option<String>) -> CreateChangeSet {
    let seed = format!("{}|revert|{}|{:?}|{record:?}", context.digest, stack.id, stack.last_operation);
    let token = format!("asagi-revert-{}", short_digest(seed.as_bytes()));
    let given = stack.parameters.keys();
    let value = |name: &str| match &record {
        Some(text) if name == names::ROLLOUT_RECORD => ParameterValue::Value(text.clone()),
        _ => ParameterValue::Previous,
    };
    CreateChangeSet {
        stack_name: stack.name.clone(),
        name: token.clone(),
        kind: ChangeSetType::Update,
        template: None,
        template_bucket: None,
        revert_drift: record.is_none(),
        parameters: given.map(|name| (name.clone(), value(name))).collect(),
        tags: stack.tags.clone(),
        notification_topics: stack.notification_topics.clone(),
        // Slots hold their instances' role.
        capabilities: match is_traffic(&stack.name) {
            true => Vec::new(),
            false => vec!["CAPABILITY_IAM".to_owned()],
        },
        rollback_configuration: RollbackConfiguration::default(),
        role_arn: context.service_role.map(str::to_owned),
        description: "asagi: back to what the stack says".to_owned(),
        client_token: token,
    }
}
