//! A role's rules and record back to what its stack says, after somebody changed them beside CloudFormation.

use crate::cfn::{
    ChangeSetType, CreateChangeSet, ParameterValue, ResourceChange, RollbackConfiguration, Stack,
};
use crate::plan::short_digest;

use super::change::{self, LookAway, Outcome, Prepared};
use super::context::{Context, RunError};
use super::machine::Failure;
use super::moves::judge_traffic;

/// Puts a role's traffic stack back by a drift-aware change set, which moves no parameter: a rollout that runs stays
/// where it is. [`Outcome::Unchanged`] where CloudFormation sees no difference, or does not know such change sets.
///
/// # Errors
/// When a call does not succeed, or the person cancels.
pub async fn revert(context: &Context<'_>, role: &str) -> Result<Outcome, RunError> {
    let name = context.stack_name(&format!("{role}-traffic"));
    let refused = |why: String| Ok(Outcome::Failed(Failure::Refused(why)));
    let Some(stack) = context.cloud.describe_stack(&name).await? else {
        return refused(format!("stack {name} does not exist"));
    };
    if !stack.status.is_updatable() {
        return refused(format!("stack {name} is {}", stack.status));
    }
    let request = request(context, &stack);
    let judge = |changes: &[ResourceChange]| judge_traffic(changes);
    match change::prepare(context, &request, &judge).await? {
        Prepared::Unchanged => Ok(Outcome::Unchanged),
        Prepared::Refused(why) => refused(why),
        Prepared::Ready(set) => {
            let last = change::execute(context, &request, &set).await?;
            change::settle(context, &name, last, &mut LookAway).await
        }
    }
}

fn request(context: &Context<'_>, stack: &Stack) -> CreateChangeSet {
    let seed = format!("{}|revert|{}|{:?}", context.digest, stack.id, stack.last_operation);
    let token = format!("asagi-revert-{}", short_digest(seed.as_bytes()));
    let names = stack.parameters.keys();
    CreateChangeSet {
        stack_name: stack.name.clone(),
        name: token.clone(),
        kind: ChangeSetType::Update,
        template: None,
        template_bucket: None,
        revert_drift: true,
        parameters: names.map(|name| (name.clone(), ParameterValue::Previous)).collect(),
        tags: stack.tags.clone(),
        notification_topics: stack.notification_topics.clone(),
        capabilities: Vec::new(),
        rollback_configuration: RollbackConfiguration::default(),
        role_arn: context.service_role.map(str::to_owned),
        description: "asagi: back to what the stack says".to_owned(),
        client_token: token,
    }
}
