//! What is done to a whole stack. Done already is done: an answer may have been lost.

use super::AwsCloud;
use super::error::told;
use crate::cfn::StackStatus;
use crate::cloud::{CloudError, Result};

impl AwsCloud {
    pub(super) async fn cancel_update(&self, stack: &str, token: &str) -> Result<()> {
        self.may_change().await?;
        let call =
            self.cloudformation.cancel_update_stack().stack_name(stack).client_request_token(token).send();
        let Err(refused) = self.turns.take(call).await.map_err(told) else { return Ok(()) };
        self.unless(stack, refused, |status| {
            matches!(
                status,
                StackStatus::UpdateRollbackInProgress | StackStatus::UpdateRollbackCompleteCleanupInProgress
            )
        })
        .await
    }

    pub(super) async fn continue_rollback(&self, stack: &str, skip: &[String], token: &str) -> Result<()> {
        self.may_change().await?;
        let call = self
            .cloudformation
            .continue_update_rollback()
            .stack_name(stack)
            .set_resources_to_skip((!skip.is_empty()).then(|| skip.to_vec()))
            .client_request_token(token)
            .send();
        let Err(refused) = self.turns.take(call).await.map_err(told) else { return Ok(()) };
        self.unless(stack, refused, |status| *status != StackStatus::UpdateRollbackFailed).await
    }

    pub(super) async fn roll_back(&self, stack: &str, token: &str) -> Result<()> {
        self.may_change().await?;
        let call = self.cloudformation.rollback_stack().stack_name(stack).client_request_token(token).send();
        let Err(refused) = self.turns.take(call).await.map_err(told) else { return Ok(()) };
        let gone_on = [StackStatus::UpdateRollbackInProgress, StackStatus::UpdateRollbackComplete];
        self.unless(stack, refused, |status| gone_on.contains(status)).await
    }

    pub(super) async fn remove_stack(&self, stack: &str, token: &str) -> Result<()> {
        self.may_change().await?;
        let call = self.cloudformation.delete_stack().stack_name(stack).client_request_token(token).send();
        match self.turns.take(call).await.map_err(told) {
            Ok(_) | Err(CloudError::NotFound(_) | CloudError::AlreadyExists(_)) => Ok(()),
            Err(error) => Err(error),
        }
    }

    pub(super) async fn protect_stack(&self, stack: &str, enabled: bool) -> Result<()> {
        self.may_change().await?;
        let call = self.cloudformation.update_termination_protection();
        let call = call.stack_name(stack).enable_termination_protection(enabled).send();
        self.turns.take(call).await.map(drop).map_err(told)
    }

    /// A refusal counts unless the stack is already where the call was to bring it.
    async fn unless(
        &self,
        stack: &str,
        refused: CloudError,
        there: impl Fn(&StackStatus) -> bool,
    ) -> Result<()> {
        if !matches!(refused, CloudError::Validation(_) | CloudError::AlreadyExists(_) | CloudError::Busy(_))
        {
            return Err(refused);
        }
        match self.read_stack(stack).await? {
            Some(stack) if there(&stack.status) => Ok(()),
            _ => Err(refused),
        }
    }
}
