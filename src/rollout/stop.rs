//! The first thing of every way back: what runs is stopped, or followed where it goes back already.

use std::sync::atomic::Ordering;

use crate::cfn::{Stack, StackStatus};
use crate::cloud::CloudError;
use crate::plan::{CLEAN_UP, REFILL, RESTORE, ROLLBACK, Record};
use crate::stacks::names;

use super::change::{Look, LookAway};
use super::context::{Context, RunError};
use super::follow::stable_stack;
use super::hand::{self, last_hand};
use super::machine::Failure;
use super::observer::Progress;

/// Stops the step of a rollout that runs, if one does, and waits until its stack is stable: the first thing of every
/// way back. A step is an update of the role's traffic stack, or in place of the slot's own. To stop it moves users back by
/// that step: `before` is asked, and what it says against that is given, with nothing stopped.
///
/// # Errors
/// When a call does not succeed.
pub async fn stop_running(
    context: &Context<'_>,
    role: &str,
    before: &mut dyn Look,
) -> Result<Option<Failure>, RunError> {
    // The record in the stack is what the update that was stopped has left.
    let traffic = match stop(context, &context.stack_name(&format!("{role}-traffic")), before).await? {
        Stopped::Stable(traffic) => traffic,
        Stopped::Runs(why) => return Ok(Some(why)),
    };
    let record = traffic.as_ref().and_then(|stack| stack.parameter(names::ROLLOUT_RECORD));
    let record = record.and_then(Record::parse).unwrap_or_default();
    let in_place = record.in_place().filter(|_| record.in_progress());
    // A slot that is being filled and will not be needed.
    if let Some(slot) = in_place.or(record.to.filter(|_| record.is_preparing())) {
        stop(context, &context.stack_name(&format!("{role}-{slot}")), &mut LookAway).await?;
    }
    Ok(None)
}

/// What came of stopping.
enum Stopped {
    /// Nothing runs on the stack.
    Stable(Option<Box<Stack>>),
    /// Something does, and why it was not stopped.
    Runs(Failure),
}

async fn stop(context: &Context<'_>, name: &str, before: &mut dyn Look) -> Result<Stopped, RunError> {
    let Some(stack) = context.cloud.describe_stack(name).await? else { return Ok(Stopped::Stable(None)) };
    if !stack.status.is_busy() && stack.status != StackStatus::UpdateRollbackFailed {
        return Ok(Stopped::Stable(Some(Box::new(stack))));
    }
    let seed = format!("{}|{:?}", context.digest, stack.last_operation);
    let what = format!("asagi-{ROLLBACK}-{}", crate::plan::short_digest(seed.as_bytes()));
    let token = hand::token(context, &what);
    let called = match stack.status {
        StackStatus::UpdateInProgress if goes_back_already(context, name).await => Ok(()),
        StackStatus::UpdateInProgress => {
            if let Some(why) = before.look(context, &stack).await? {
                return Ok(Stopped::Runs(why));
            }
            context.note(name, "CancelUpdateStack", &token);
            context.begun.store(true, Ordering::Relaxed);
            context.cloud.cancel_update_stack(name, &token).await
        }
        // Nothing can be changed in such a stack before.
        StackStatus::UpdateRollbackFailed => {
            context.note(name, "ContinueUpdateRollback", &token);
            context.begun.store(true, Ordering::Relaxed);
            context.cloud.continue_update_rollback(name, &token).await
        }
        _ => Ok(()),
    };
    match called {
        // It ended between the look and the call: just as well.
        Ok(()) | Err(CloudError::Validation(_)) => {}
        // Who may not stop it waits for its end.
        Err(error @ CloudError::AccessDenied(_)) if stack.status.is_busy() => {
            let why = error.to_string();
            context.tell(&Progress::Unread { what: "CancelUpdateStack", why: &why });
        }
        Err(error) => return Err(hand::refused(context, name, error).await),
    }
    Ok(Stopped::Stable(stable_stack(context, name).await?.map(Box::new)))
}

/// What runs on the stack is a way back already, somebody else's or an earlier run's: it is followed, not stopped.
async fn goes_back_already(context: &Context<'_>, name: &str) -> bool {
    let hand = context.informs(last_hand(context.cloud, name)).await;
    let back = |token: &str| {
        [ROLLBACK, REFILL, RESTORE, CLEAN_UP]
            .iter()
            .any(|phase| token.starts_with(&format!("asagi-{phase}-")))
    };
    matches!(hand, Ok(Some(hand)) if back(&hand.token))
}
