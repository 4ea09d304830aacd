//! Stacks that are removed: those of one turn at a time, each followed until it is gone. What fails stays, and the next run
//! goes on from there.

use std::collections::BTreeSet;
use std::sync::atomic::Ordering;

use crate::cfn::{Stack, StackStatus};
use crate::cloud::CloudError;
use crate::plan::{Kept, Leaving, short_digest};
use crate::words::Foreign;

use super::change::{self, MISSED_LOOKS, Trail};
use super::context::{Context, RunError};
use super::hand;
use super::machine::Failure;
use super::observer::Progress;

/// Removes them turn by turn; gives the first that could not be, and why. Those of later turns were not begun then.
///
/// # Errors
/// When a call does not succeed or the person cancels.
pub async fn remove(
    context: &Context<'_>,
    leaving: &[&Leaving],
) -> Result<Option<(String, Failure)>, RunError> {
    let turns: BTreeSet<usize> = leaving.iter().filter_map(|it| it.goes).map(|goes| goes.turn).collect();
    for turn in turns {
        let now = leaving.iter().filter(|it| it.goes.is_some_and(|goes| goes.turn == turn));
        let (mut begun, mut failed) = (Vec::new(), None);
        for stack in now {
            match begin(context, stack).await? {
                Ok(Some(trail)) => begun.push((*stack, trail)),
                Ok(None) => {}
                Err(failure) => failed = failed.or_else(|| Some((stack.name.clone(), failure))),
            }
        }
        for (stack, trail) in begun {
            let ended = follow(context, stack, trail).await?;
            failed = failed.or_else(|| ended.map(|failure| (stack.name.clone(), failure)));
        }
        if failed.is_some() {
            return Ok(failed);
        }
    }
    Ok(None)
}

/// Asks for the deletion; `None` where it is gone already. One that an earlier run asked for is followed.
async fn begin(context: &Context<'_>, leaving: &Leaving) -> Result<Result<Option<Trail>, Failure>, RunError> {
    context.check_cancelled()?;
    let Some(stack) = there(context, leaving).await? else { return Ok(Ok(None)) };
    let gone = leaving.ends.iter().filter(|it| it.fate != Kept::Kept).count();
    let resources = (gone, leaving.ends.len() - gone);
    context.tell(&Progress::Removing { stack: &leaving.name, resources });
    if stack.status == StackStatus::DeleteInProgress {
        return Ok(Ok(Some(change::last_event(context, &stack.id).await)));
    }
    let seed = format!("{}|{}|{:?}", context.digest, stack.id, stack.last_operation);
    let token = hand::token(context, &format!("asagi-remove-{}", short_digest(seed.as_bytes())));
    context.note(&leaving.name, "DeleteStack", &token);
    context.begun.store(true, Ordering::Relaxed);
    match context.cloud.delete_stack(&stack.id, &token).await {
        Ok(()) => Ok(Ok(Some(Trail::Of(token)))),
        Err(CloudError::NotFound(_)) => Ok(Ok(None)),
        Err(error @ CloudError::Validation(_)) => Ok(Err(Failure::Refused(error.to_string()))),
        Err(error) => Err(hand::refused(context, &leaving.name, error).await),
    }
}

async fn there(context: &Context<'_>, leaving: &Leaving) -> Result<Option<Stack>, CloudError> {
    let stack = context.cloud.describe_stack(&leaving.id).await?;
    Ok(stack.filter(|stack| stack.status != StackStatus::DeleteComplete))
}

/// Until it is gone, or stands still.
async fn follow(
    context: &Context<'_>,
    leaving: &Leaving,
    mut trail: Trail,
) -> Result<Option<Failure>, RunError> {
    let (mut looks, mut missed, mut first_failure) = (0, 0, None);
    loop {
        match there(context, leaving).await {
            Ok(Some(stack)) if stack.status.is_busy() => missed = 0,
            Ok(stack) => {
                change::tell_events(context, &leaving.id, &mut trail, &mut first_failure).await?;
                let Some(stack) = stack else { return Ok(None) };
                let reason = first_failure.or_else(|| stack.status_reason.as_ref().map(Foreign::visible));
                let reason = reason.unwrap_or_else(|| format!("stack {} is {}", stack.name, stack.status));
                return Ok(Some(Failure::TakenBack(reason)));
            }
            // What CloudFormation does goes on, and the next look sees it.
            Err(error) if error.is_transient() && missed < MISSED_LOOKS => missed += 1,
            Err(error) => return Err(error.into()),
        }
        context.sleep(change::poll(looks)).await?;
        looks += 1;
    }
}
