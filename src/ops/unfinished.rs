//! What a run that ended early left behind, brought to an end before anything new begins.

use crate::plan::short_digest;
use crate::rollout::{Against, LookAway, RunError, follow_running, last_event, observe, settle};

use super::apply::{ApplyError, End, RoleOutcome, check_account};
use super::rollback::{Back, BackError, go_back};
use super::run::{Run, Surroundings};

/// Waits until nothing runs on those stacks: an earlier run ended while they were changed.
///
/// # Errors
/// When a call does not succeed, or the person cancels.
pub async fn follow_stacks(
    around: &Surroundings<'_>,
    prefix: &str,
    names: &[String],
) -> Result<(), ApplyError> {
    let found = around.cloud.describe_stacks(names).await?;
    let busy: Vec<&String> =
        names.iter().filter(|name| found.get(*name).is_some_and(|stack| stack.status.is_busy())).collect();
    if busy.is_empty() {
        return Ok(());
    }
    let caller = around.cloud.caller().await?;
    let run = Run::begin(around, prefix, caller, String::new(), false).await?;
    let context = run.context();
    for name in busy {
        let last = last_event(&context, name).await;
        settle(&context, name, last, &mut LookAway).await?;
    }
    Ok(())
}

/// Follows what CloudFormation still does to those roles. Where it took a step back, no more than the step before is
/// restored: the rest goes back as well, and so does a rollback that broke off. Like every way back it asks nobody.
///
/// # Errors
/// When the caller is in another account, a call does not succeed, or the person cancels.
pub async fn finish(
    around: &Surroundings<'_>,
    prefix: &str,
    account: &str,
    roles: &[String],
) -> Result<Vec<RoleOutcome>, ApplyError> {
    let caller = check_account(around.cloud, account).await?;
    let digest = short_digest(format!("finish|{prefix}|{}", around.cloud.now()).as_bytes());
    let run = Run::begin(around, prefix, caller, digest, false).await?;
    let context = run.context();
    let mut outcomes = Vec::new();
    for role in roles {
        follow_running(&context, role).await?;
        let state = observe(context.cloud, prefix, role).await?.state;
        if let Some(why) = state.must_go_back() {
            let (role, phase) = (role.clone(), "the rollout".to_owned());
            // An alarm took its part, or somebody has begun to go back.
            let back = Back { reason: why, keep_candidate: false, against: Some(Against::Evidence) };
            let end = match go_back(&context, &role, &back).await {
                Ok(_) => End::TakenBack { phase, reason: why.to_owned() },
                Err(BackError::Unfit(dilemma)) => End::Asks { phase, reason: why.to_owned(), dilemma },
                Err(BackError::Run(RunError::Cancelled)) => return Err(RunError::Cancelled.into()),
                Err(error) => End::BackFailed { phase, reason: why.to_owned(), back: error.to_string() },
            };
            outcomes.push(RoleOutcome { role, end });
        }
    }
    Ok(outcomes)
}
