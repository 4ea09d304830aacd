//! What a run that ended early left behind, brought to an end before anything new begins.

use indexmap::IndexMap;

use crate::cfn::{Stack, StackStatus};
use crate::plan::{Record, short_digest};
use crate::rollout::{
    Against, Failure, LookAway, RoleStacks, RunError, follow_running, last_event, observe, overtaken_at,
    settle,
};
use crate::stacks::{Owner, names};

use super::apply::{ApplyError, End, RoleOutcome, check_account};
use super::rollback::{Back, BackError, go_back, is_of_others};
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
    owner: &Owner,
    account: &str,
    roles: &[String],
) -> Result<Vec<RoleOutcome>, ApplyError> {
    let caller = check_account(around.cloud, account).await?;
    let prefix = &owner.prefix();
    let names: Vec<String> = roles.iter().flat_map(|role| RoleStacks::names(prefix, role)).collect();
    let found = around.cloud.describe_stacks(&names).await?;
    let left: Vec<&String> = roles.iter().filter(|role| may_be_left(&found, owner, role)).collect();
    if left.is_empty() {
        return Ok(Vec::new());
    }
    let digest = short_digest(format!("finish|{prefix}|{}", around.cloud.now()).as_bytes());
    let run = Run::begin(around, prefix, caller, digest, false).await?;
    let context = run.context();
    let mut outcomes = Vec::new();
    for role in left {
        follow_running(&context, role).await?;
        let state = observe(context.cloud, prefix, role).await?.state;
        if let Some(why) = state.must_go_back() {
            let (role, phase) = (role.clone(), "the rollout".to_owned());
            // An alarm took its part, or somebody has begun to go back.
            let back = Back { reason: why, keep_candidate: false, against: Some(Against::Evidence) };
            let end = match go_back(&context, &role, &back, None).await {
                Ok(report) if report.already => {
                    // Whoever began to go back has done it meanwhile.
                    let failure = Failure::Gate(why.to_owned());
                    match overtaken_at(&context, &role, &failure).await {
                        Some(overtaken) => return Err(overtaken.into()),
                        None => End::TakenBack { phase, reason: why.to_owned() },
                    }
                }
                Ok(_) => End::TakenBack { phase, reason: why.to_owned() },
                Err(BackError::Unfit(dilemma)) => End::Asks { phase, reason: why.to_owned(), dilemma },
                Err(BackError::Run(RunError::Cancelled)) => return Err(RunError::Cancelled.into()),
                Err(BackError::Run(error) | BackError::NotBegun(error)) if is_of_others(&error) => {
                    return Err(error.into());
                }
                Err(error) => End::BackFailed { phase, reason: why.to_owned(), back: error.to_string() },
            };
            outcomes.push(RoleOutcome { role, end });
        }
    }
    Ok(outcomes)
}

/// Whether something may be left of an earlier run: a stack of the role is being changed, its last update was taken back,
/// or the record says that it goes back. What is not this environment's is left to the plan, which tells of it.
fn may_be_left(found: &IndexMap<String, Stack>, owner: &Owner, role: &str) -> bool {
    use StackStatus::{UpdateRollbackComplete, UpdateRollbackFailed};
    let stacks: Vec<&Stack> =
        RoleStacks::names(&owner.prefix(), role).iter().filter_map(|name| found.get(name)).collect();
    let goes_back = |stack: &Stack| {
        let record = stack.parameter(names::ROLLOUT_RECORD).and_then(Record::parse);
        record.is_some_and(|record| record.phase == Record::ROLLING_BACK)
    };
    let left = |stack: &&Stack| {
        stack.status.is_busy()
            || matches!(stack.status, UpdateRollbackComplete | UpdateRollbackFailed)
            || goes_back(stack)
    };
    stacks.iter().all(|stack| owner.check(stack).is_ok()) && stacks.iter().any(left)
}
