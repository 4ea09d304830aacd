//! Who last had a hand in a stack: every execution carries its operator's name in its token, and CloudFormation writes
//! the token beside each event that comes of it.

use futures_util::future::join_all;
use jiff::Timestamp;

use crate::cfn::{Stack, StackEvent};
use crate::cloud::{Cloud, CloudError, Result};
use crate::plan::{Record, short_digest};
use crate::stacks::names;

use super::context::{Context, RunError};
use super::machine::Failure;
use super::observe::RoleStacks;
use crate::words::Foreign;

/// Between the name of a change set and that of who executes it.
const BY: &str = "-by-";
/// A token has at most 128 letters, digits and hyphens.
const MOST_NAME: usize = 40;

/// Who changed a stack last, and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hand {
    /// The operator, as far as a token can spell the name.
    pub who: String,
    /// When CloudFormation first told of it.
    pub at: Timestamp,
    /// The token of that call.
    pub token: String,
}

/// The token of a run's own call that moves a stack, from the name of what it executes or takes back: a call that is made
/// again is the same call, and another operator's, or another run's, is not.
pub(super) fn token(context: &Context<'_>, what: &str) -> String {
    format!("{what}{BY}{}-{}", name(context.by.as_given()), context.run)
}

/// A name for a run that begins now, which no other run has: neither the operator nor the clock tells runs apart.
pub fn run_name(cloud: &dyn Cloud, by: &Foreign) -> String {
    let seed = format!("{}|{}|{}", by.as_given(), cloud.now(), cloud.lot());
    short_digest(seed.as_bytes()).chars().take(6).collect()
}

/// The last part of an ARN, of letters, digits and hyphens.
fn name(arn: &str) -> String {
    let last = arn.rsplit(['/', ':']).next().unwrap_or(arn);
    let plain = last.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' });
    plain.take(MOST_NAME).collect()
}

/// Whose call made the newest events of a stack, where that was an asagi's.
///
/// # Errors
/// When the events cannot be read.
pub async fn last_hand(cloud: &dyn Cloud, stack: &str) -> Result<Option<Hand>> {
    let events = match cloud.describe_stack_events(stack, None).await {
        Err(CloudError::NotFound(_)) => return Ok(None),
        events => events?,
    };
    Ok(hand_of(&events))
}

/// Whose call made the newest of these events, oldest first, where that was an asagi's.
pub fn hand_of(events: &[StackEvent]) -> Option<Hand> {
    let token = events.iter().rev().find_map(|event| event.token.clone())?;
    let first = events.iter().find(|event| event.token.as_ref() == Some(&token))?;
    Some(Hand { who: who(&token)?.to_owned(), at: first.at, token })
}

/// Some run of asagi changed that stack, by its events.
pub fn was_here(events: &[StackEvent]) -> bool {
    events.iter().filter_map(|event| event.token.as_deref()).any(|token| token.contains(BY))
}

/// The operator in a token.
fn who(token: &str) -> Option<&str> {
    Some(token.rsplit_once(BY)?.1.rsplit_once('-')?.0)
}

/// A refusal because of somebody else's work tells of them; any other is told as it is.
pub(super) async fn refused(context: &Context<'_>, stack: &str, error: CloudError) -> RunError {
    if error.is_of_others() { overtaken(context, stack).await } else { error.into() }
}

/// Somebody else was faster with a stack: who, where its events tell.
pub(super) async fn overtaken(context: &Context<'_>, stack: &str) -> RunError {
    match others(context, stack).await {
        Some(hand) => taken(context, stack, hand),
        None => RunError::Moved { stack: stack.to_owned() },
    }
}

/// Somebody else's change of a stack that began after this run did: what this run was made from is no longer so.
pub(super) async fn overtaken_since(context: &Context<'_>, stack: &str) -> Option<RunError> {
    let hand = others(context, stack).await.filter(|hand| hand.at >= context.began)?;
    Some(taken(context, stack, hand))
}

/// The same of all stacks of a role: what failed in this run may come of what somebody else is moving there. What is seen
/// of the new slot itself counts all the same as long as the rollout is this run's own.
pub async fn overtaken_at(context: &Context<'_>, role: &str, failure: &Failure) -> Option<RunError> {
    let names = RoleStacks::names(context.prefix, role);
    let found = join_all(names.iter().map(|name| overtaken_since(context, name))).await;
    let overtaken = found.into_iter().flatten().next()?;
    let evidence = matches!(failure, Failure::Alarm(_) | Failure::Health(_));
    if evidence && is_own(context, role).await { None } else { Some(overtaken) }
}

/// The record of a traffic stack tells of a rollout that this run's plan has brought there, and that nobody takes back.
async fn is_own(context: &Context<'_>, role: &str) -> bool {
    let traffic = &context.stack_name(&format!("{role}-traffic"));
    let stack = context.informs(context.cloud.describe_stack(traffic)).await.ok().flatten();
    let record = stack.and_then(|stack| Record::parse(stack.parameter(names::ROLLOUT_RECORD)?));
    record.is_some_and(|record| {
        let plan = record.plan.as_deref().unwrap_or_default();
        !plan.is_empty()
            && context.digest.starts_with(plan)
            && record.in_progress()
            && record.phase != Record::ROLLING_BACK
    })
}

/// Somebody else's change of a stack since this run looked at it, where there was one.
///
/// # Errors
/// When the stack cannot be read.
pub(super) async fn moved_since(context: &Context<'_>, seen: &Stack) -> Result<Option<RunError>> {
    let now = context.cloud.describe_stack(&seen.name).await?;
    let same = now.is_some_and(|now| now.id == seen.id && now.last_operation == seen.last_operation);
    Ok(if same { None } else { Some(overtaken(context, &seen.name).await) })
}

fn taken(context: &Context<'_>, stack: &str, hand: Hand) -> RunError {
    RunError::Taken { stack: stack.to_owned(), who: hand.who, at: context.zone.told_to_the_second(hand.at) }
}

/// The last hand in a stack, where it is not this run's.
async fn others(context: &Context<'_>, stack: &str) -> Option<Hand> {
    let hand = context.informs(last_hand(context.cloud, stack)).await.ok().flatten()?;
    (!hand.token.ends_with(&format!("-{}", context.run))).then_some(hand)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_operator_is_found_again_in_the_token() {
        let arn = "arn:aws:sts::123456789012:assumed-role/Operators/taro.yamada@example.co.jp";
        assert_eq!(name(arn), "taro-yamada-example-co-jp");
        let token = format!("asagi-shift-10-0a1b2c{BY}{}-f00baa", name(arn));
        assert!(token.len() <= 128);
        assert_eq!(who(&token), Some("taro-yamada-example-co-jp"));
        assert_eq!(who("console"), None);
    }
}
