//! What CloudFormation does already, followed to its end: a step that an earlier run started, or another run.

use async_trait::async_trait;

use crate::cfn::Stack;

use super::change::{self, Look, LookAway};
use super::context::{Context, RunError};
use super::machine::Failure;
use super::observe::{RoleStacks, observe_what_can_be};
use super::observer::Progress;

/// Waits until nothing runs on a role's stacks: a step that an earlier run started, and CloudFormation still watches, is
/// followed to its end.
///
/// # Errors
/// When a call does not succeed, or the person cancels.
pub async fn follow_running(context: &Context<'_>, role: &str) -> Result<(), RunError> {
    let names = RoleStacks::names(context.prefix, role);
    let found = context.cloud.describe_stacks(&names).await?;
    for name in names {
        if found.get(&name).is_some_and(|stack| stack.status.is_busy()) {
            let last = change::last_event(context, &name).await;
            change::settle(context, &name, last, &mut Follow { role }).await?;
        }
    }
    Ok(())
}

/// Shows weights and health while a step that an earlier run started ends.
struct Follow<'a> {
    role: &'a str,
}

#[async_trait]
impl Look for Follow<'_> {
    async fn look(&mut self, context: &Context<'_>, stack: &Stack) -> Result<Option<Failure>, RunError> {
        let Ok((seen, _)) = observe_what_can_be(context.cloud, context.prefix, self.role).await else {
            return Ok(None);
        };
        let state = seen.state;
        let what = format!("{} is {}", stack.name, stack.status);
        let now = context.cloud.now();
        context.tell(&Progress::Waiting { what, until: None, now, state: Some(&state) });
        Ok(None)
    }
}

/// The stack, once nothing runs on it: a step that an earlier run started is followed to its end first.
pub(super) async fn stable_stack(context: &Context<'_>, name: &str) -> Result<Option<Stack>, RunError> {
    let stack = context.cloud.describe_stack(name).await?.filter(|stack| !stack.status.is_absent());
    if !stack.as_ref().is_some_and(|stack| stack.status.is_busy()) {
        return Ok(stack);
    }
    let last = change::last_event(context, name).await;
    change::settle(context, name, last, &mut LookAway).await?;
    Ok(context.cloud.describe_stack(name).await?)
}
