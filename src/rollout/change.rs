//! One change set from its making to a stable stack. Every mutation of a rollout goes through here.

use std::sync::atomic::Ordering;
use std::time::Duration;

use async_trait::async_trait;

use crate::cfn::{
    ChangeSet, ChangeSetStatus, ChangeSetType, CreateChangeSet, ResourceChange, Stack, StackEvent,
    StackStatus,
};
use crate::cloud::CloudError;

use super::context::{Context, RunError};
use super::hand;
use super::machine::Failure;
use super::observer::Progress;
use crate::words::Foreign;

/// Between looks at a change set that is being made.
const CHANGE_SET_POLL: Duration = Duration::from_secs(2);
/// Between looks at a stack that is being changed: short at first, when most is over in seconds.
const STACK_POLLS: [(u32, Duration); 3] =
    [(12, Duration::from_secs(5)), (60, Duration::from_secs(15)), (u32::MAX, Duration::from_secs(30))];
/// So often a stack's events are asked for, in looks, while it stands where it stood: most of them come at the end.
const TELLS: u32 = 6;
/// So many looks in a row may go unanswered, each after the target's own retries, before a run ends. A throttled look
/// never fails a deployment that goes well.
pub(super) const MISSED_LOOKS: u32 = 20;

/// How far the events of a stack have been told: after which one those that are new begin. Events only inform, so where
/// they cannot be read none are told, and the stack itself says what came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trail {
    /// After that event; all of them where there was none.
    After(Option<String>),
    /// From the first event of the call that gave this token on.
    Of(String),
    /// They cannot be read.
    Lost,
}

/// What came of a change set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The stack is stable and as wanted.
    Done,
    /// There was nothing to change.
    Unchanged,
    /// It did not come to that.
    Failed(Failure),
}

/// Judges what a change set would do before it is executed: `Err` says why it must not be.
pub type Judge<'a> = dyn Fn(&[ResourceChange]) -> Result<(), String> + Send + Sync + 'a;

/// Made and judged, not yet executed.
#[derive(Debug, Clone)]
pub enum Prepared {
    /// It can be executed.
    Ready(Box<ChangeSet>),
    /// There is nothing to change.
    Unchanged,
    /// It cannot or must not be executed.
    Refused(String),
}

/// Makes a change set and judges it. One that is not to be executed is deleted again.
///
/// # Errors
/// When a call does not succeed for a reason that trying again may mend.
pub async fn prepare(
    context: &Context<'_>,
    request: &CreateChangeSet,
    judge: &Judge<'_>,
) -> Result<Prepared, RunError> {
    context.note(&request.stack_name, "CreateChangeSet", &request.client_token);
    let id = match context.cloud.create_change_set(request).await {
        Ok(id) => id,
        Err(error) if error.is_no_change() => return Ok(Prepared::Unchanged),
        Err(error) => return not_made(context, request, error).await,
    };
    let made = loop {
        let set = match context.cloud.describe_change_set(&id).await {
            Err(error) => return Err(hand::refused(context, &request.stack_name, error).await),
            Ok(set) => set,
        };
        match set.status {
            ChangeSetStatus::CreatePending | ChangeSetStatus::CreateInProgress => {
                context.pause(CHANGE_SET_POLL).await?;
            }
            _ => break set,
        }
    };
    let refused = if made.is_empty() {
        None
    } else if made.is_executable() {
        match judge(&made.changes) {
            Ok(()) => return Ok(Prepared::Ready(Box::new(made))),
            Err(reason) => Some(reason),
        }
    } else if made.status == ChangeSetStatus::Failed {
        let reason = made.status_reason.as_ref().map(Foreign::visible);
        Some(reason.unwrap_or_else(|| format!("change set is {}", made.status)))
    } else {
        // another run made or found the same one, and executed or deleted it
        return Err(hand::overtaken(context, &request.stack_name).await);
    };
    discard(context, &made, request.kind == ChangeSetType::Create).await?;
    match (refused, hand::overtaken_since(context, &request.stack_name).await) {
        (Some(_), Some(overtaken)) => Err(overtaken),
        (Some(reason), None) => Ok(Prepared::Refused(reason)),
        (None, _) => Ok(Prepared::Unchanged),
    }
}

/// What it means that a change set could not be made. A stack that is there now and was not, or the other way round, or
/// that is busy, is somebody else's work, whatever words the service finds for it.
async fn not_made(
    context: &Context<'_>,
    request: &CreateChangeSet,
    error: CloudError,
) -> Result<Prepared, RunError> {
    if matches!(error, CloudError::Busy(_) | CloudError::AlreadyExists(_)) {
        return Err(hand::overtaken(context, &request.stack_name).await);
    }
    if !matches!(
        error,
        CloudError::Validation(_) | CloudError::NotFound(_) | CloudError::InsufficientCapabilities(_)
    ) {
        return Err(error.into());
    }
    let stack = context.cloud.describe_stack(&request.stack_name).await?;
    let creates = request.kind == ChangeSetType::Create;
    let moved = match stack.filter(|stack| !stack.status.is_absent()) {
        Some(stack) => creates || stack.status.is_busy(),
        None => !creates,
    };
    if moved {
        return Err(hand::overtaken(context, &request.stack_name).await);
    }
    match (error, hand::overtaken_since(context, &request.stack_name).await) {
        (_, Some(overtaken)) => Err(overtaken),
        (refusal @ (CloudError::Validation(_) | CloudError::InsufficientCapabilities(_)), None) => {
            Ok(Prepared::Refused(refusal.to_string()))
        }
        (error, None) => Err(error.into()),
    }
}

/// Deletes a change set that is not executed, and the empty stack that a CREATE leaves in review.
pub(super) async fn discard(context: &Context<'_>, set: &ChangeSet, creating: bool) -> Result<(), RunError> {
    context.note(&set.stack_id, "DeleteChangeSet", &set.name);
    if let Err(error) = context.cloud.delete_change_set(&set.id).await {
        return Err(hand::refused(context, &set.stack_id, error).await);
    }
    if creating {
        let stack = context.cloud.describe_stack(&set.stack_id).await?;
        if let Some(stack) = stack.filter(|stack| stack.status == StackStatus::ReviewInProgress) {
            let token = format!("{}-discard", set.name);
            context.note(&stack.name, "DeleteStack", &token);
            context.cloud.delete_stack(&stack.id, &token).await?;
        }
    }
    Ok(())
}

/// Executes a prepared change set; [`settle`] then follows it.
///
/// # Errors
/// When the call does not succeed.
pub async fn execute(
    context: &Context<'_>,
    request: &CreateChangeSet,
    set: &ChangeSet,
) -> Result<Trail, RunError> {
    context.check_cancelled()?;
    context.tell(&Progress::ChangeSet { stack: &request.stack_name, changes: &set.changes });
    let token = hand::token(context, &request.client_token);
    context.note(&request.stack_name, "ExecuteChangeSet", &token);
    context.begun.store(true, Ordering::Relaxed);
    match context.cloud.execute_change_set(&set.id, &token).await {
        Ok(()) => Ok(Trail::Of(token)),
        Err(error) => Err(hand::refused(context, &request.stack_name, error).await),
    }
}

/// Where the new events of a stack begin.
pub async fn last_event(context: &Context<'_>, stack: &str) -> Trail {
    match context.informs(context.cloud.newest_event(stack)).await {
        Ok(id) => Trail::After(id),
        Err(error) => {
            let why = error.to_string();
            context.tell(&Progress::Unread { what: "DescribeStackEvents", why: &why });
            Trail::Lost
        }
    }
}

/// Follows a stack until it is stable, telling its events; `each` is told the stack at every look.
///
/// # Errors
/// When a call does not succeed, or the person cancels; what CloudFormation does goes on.
pub async fn settle(
    context: &Context<'_>,
    stack_name: &str,
    after: Trail,
    each: &mut dyn Look,
) -> Result<Outcome, RunError> {
    let mut followed = Followed { trail: after, first_failure: None, status: None };
    let mut looks: u32 = 0;
    let mut missed = 0;
    loop {
        let tells = looks % TELLS == TELLS - 1;
        match look_at(context, stack_name, &mut followed, tells, each).await {
            Ok(Some(outcome)) => return Ok(outcome),
            Ok(None) => missed = 0,
            // What CloudFormation does goes on, and the next look sees it.
            Err(RunError::Cloud(error)) if error.is_transient() && missed < MISSED_LOOKS => missed += 1,
            Err(error) => return Err(error),
        }
        context.sleep(poll(looks)).await?;
        looks += 1;
    }
}

/// How long to wait after so many looks at a stack.
pub(super) fn poll(looks: u32) -> Duration {
    let poll = STACK_POLLS.iter().find(|(until, _)| looks < *until);
    poll.map_or(Duration::from_secs(30), |(_, poll)| *poll)
}

/// What is known of a stack that is followed.
struct Followed {
    trail: Trail,
    first_failure: Option<String>,
    status: Option<StackStatus>,
}

/// One look: where the stack stands, and what came of it where it is stable. Its events are asked for when it stands
/// somewhere else than before, and now and then.
async fn look_at(
    context: &Context<'_>,
    stack_name: &str,
    followed: &mut Followed,
    tells: bool,
    each: &mut dyn Look,
) -> Result<Option<Outcome>, RunError> {
    let Some(stack) = context.cloud.describe_stack(stack_name).await? else {
        return Ok(Some(Outcome::Failed(Failure::TakenBack(format!("stack {stack_name} is gone")))));
    };
    let moved = followed.status.as_ref().is_some_and(|status| *status != stack.status);
    if moved || tells || !stack.status.is_busy() || stack.status.as_str().contains("ROLLBACK") {
        tell_events(context, stack_name, &mut followed.trail, &mut followed.first_failure).await?;
    }
    followed.status = Some(stack.status.clone());
    if !stack.status.is_busy() {
        return Ok(Some(judge_end(&stack, followed.first_failure.take())));
    }
    Ok(each.look(context, &stack).await?.map(Outcome::Failed))
}

/// Tells the events since the last look. Who may not read them goes on without.
pub(super) async fn tell_events(
    context: &Context<'_>,
    stack_name: &str,
    trail: &mut Trail,
    first_failure: &mut Option<String>,
) -> Result<(), RunError> {
    let read = match trail {
        Trail::After(after) => {
            context.informs(context.cloud.describe_stack_events(stack_name, after.as_deref())).await
        }
        Trail::Of(token) => context.informs(context.cloud.describe_events_of(stack_name, token)).await,
        Trail::Lost => return Ok(()),
    };
    let events = match read {
        Ok(events) => events,
        // The stack is gone, which its description says; or the next look tells these events too.
        Err(CloudError::NotFound(_)) => return Ok(()),
        Err(error) if error.is_transient() => return Ok(()),
        Err(error) => {
            context.tell(&Progress::Unread { what: "DescribeStackEvents", why: &error.to_string() });
            *trail = Trail::Lost;
            return Ok(());
        }
    };
    for event in events {
        context.tell(&Progress::Event(&event));
        if first_failure.is_none() && is_cause(&event) {
            *first_failure = Some(cause(&event));
        }
        *trail = Trail::After(Some(event.id));
    }
    Ok(())
}

/// Told the stack at every look while it is being changed.
#[async_trait]
pub trait Look: Send {
    /// A look; a failure ends the following, and what CloudFormation does goes on until somebody stops it.
    async fn look(&mut self, context: &Context<'_>, stack: &Stack) -> Result<Option<Failure>, RunError>;
}

/// Looks away.
#[derive(Debug, Clone, Copy, Default)]
pub struct LookAway;

#[async_trait]
impl Look for LookAway {
    async fn look(&mut self, _: &Context<'_>, _: &Stack) -> Result<Option<Failure>, RunError> {
        Ok(None)
    }
}

/// What an operator reads first: the resource that failed and why; of the stack itself only why.
fn cause(event: &StackEvent) -> String {
    let reason = event.reason.as_ref().map_or_else(|| "no reason given".to_owned(), Foreign::visible);
    if event.is_of_stack() { reason } else { format!("{} {}: {reason}", event.logical_id, event.status) }
}

/// What failed first in the newest operation of a stack, from all its events, oldest first.
pub fn first_failure(events: &[StackEvent]) -> Option<String> {
    const BEGINS: [&str; 3] = ["CREATE_IN_PROGRESS", "UPDATE_IN_PROGRESS", "DELETE_IN_PROGRESS"];
    let begins = |event: &StackEvent| event.is_of_stack() && BEGINS.contains(&event.status.as_str());
    let start = events.iter().rposition(begins).unwrap_or(0);
    events.iter().skip(start).find(|event| is_cause(event)).map(cause)
}

fn is_cause(event: &StackEvent) -> bool {
    // What was under way when something else failed is told as failed too.
    const CANCELLED: [&str; 2] = ["Resource creation cancelled", "Resource update cancelled"];
    let taken_back = event.is_of_stack() && event.status.as_str().contains("ROLLBACK_IN_PROGRESS");
    let reason = event.reason.as_ref().map(Foreign::as_given);
    let cancelled = reason.is_some_and(|reason| CANCELLED.iter().any(|text| reason.starts_with(text)));
    taken_back || event.status.is_failed() && !cancelled
}

fn judge_end(stack: &Stack, first_failure: Option<String>) -> Outcome {
    match stack.status {
        StackStatus::CreateComplete | StackStatus::UpdateComplete => Outcome::Done,
        _ => {
            let reason = first_failure.or_else(|| stack.status_reason.as_ref().map(Foreign::visible));
            let reason = reason.unwrap_or_else(|| format!("stack {} is {}", stack.name, stack.status));
            Outcome::Failed(Failure::TakenBack(reason))
        }
    }
}
