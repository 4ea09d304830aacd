//! What was changed by hand, put back to what the stack says, and looked at again.

use crate::cloud::{Caller, Cloud};
use crate::plan::short_digest;
use crate::rollout::{self, Outcome, RoleStacks, observe, observe_stacks};
use crate::stacks::Owner;

use super::apply::{ApplyError, check_account, check_owner};
use super::drift::{alarms_stack, strays};
use super::run::{Run, Surroundings};

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reverted {
    /// Everything is as the stack says again.
    Done,
    /// CloudFormation sees nothing to put back, though there is: it does not compare these resources, or knows no
    /// drift-aware change sets. What is still different.
    Unseen(Vec<String>),
    /// It was not done, or not to its end; why.
    Failed(String),
}

/// Puts a role's rules and record back.
///
/// # Errors
/// When the caller is in another account, a call does not succeed, or the person cancels.
pub async fn revert(
    around: &Surroundings<'_>,
    owner: &Owner,
    account: Option<&str>,
    role: &str,
) -> Result<Reverted, ApplyError> {
    let prefix = &owner.prefix();
    let caller = admitted(around.cloud, account).await?;
    check_owner(around.cloud, owner, role).await?;
    let run = begin(around, prefix, caller, role).await?;
    let traffic = format!("{prefix}-{role}-traffic");
    if let Outcome::Failed(failure) = rollout::revert(&run.context(), &traffic).await? {
        return Ok(Reverted::Failed(failure.reason().to_owned()));
    }
    let mut left = observe(around.cloud, prefix, role).await?.state.drift;
    if !left.is_empty() {
        if let Outcome::Failed(failure) = rollout::write_record(&run.context(), role).await? {
            return Ok(Reverted::Failed(failure.reason().to_owned()));
        }
        left = observe(around.cloud, prefix, role).await?.state.drift;
    }
    Ok(if left.is_empty() { Reverted::Done } else { Reverted::Unseen(left) })
}

/// Puts another stack of a role back, a slot's or that of its alarms: no parameter is moved.
///
/// # Errors
/// When the caller is in another account, the stack is somebody else's, a call does not succeed, or the person cancels.
pub async fn put_back(
    around: &Surroundings<'_>,
    owner: &Owner,
    account: Option<&str>,
    (role, stack): (&str, &str),
) -> Result<Reverted, ApplyError> {
    let (cloud, prefix) = (around.cloud, &owner.prefix());
    let caller = admitted(cloud, account).await?;
    if let Some(found) = cloud.describe_stack(stack).await? {
        owner.check(&found).map_err(|stranger| ApplyError::Stranger(Box::new(stranger)))?;
    }
    let run = begin(around, prefix, caller, stack).await?;
    if let Outcome::Failed(failure) = rollout::revert(&run.context(), stack).await? {
        return Ok(Reverted::Failed(failure.reason().to_owned()));
    }
    let alarms = alarms_stack(prefix, role);
    let names: Vec<String> = RoleStacks::names(prefix, role).into_iter().chain([alarms.clone()]).collect();
    let found = cloud.describe_stacks(&names).await?;
    let seen = observe_stacks(cloud, role, RoleStacks::among(&found, prefix, role)).await?;
    let mut left = strays(cloud, &seen, found.get(&alarms)).await?.into_iter();
    let left = left.find(|stray| stray.stack == stack && stray.by_stack);
    Ok(left.map_or(Reverted::Done, |left| Reverted::Unseen(left.drift)))
}

async fn admitted(cloud: &dyn Cloud, account: Option<&str>) -> Result<Caller, ApplyError> {
    match account {
        Some(account) => check_account(cloud, account).await,
        None => Ok(cloud.caller().await?),
    }
}

async fn begin<'a>(
    around: &'a Surroundings<'a>,
    prefix: &'a str,
    caller: Caller,
    what: &str,
) -> Result<Run<'a>, ApplyError> {
    let digest = short_digest(format!("revert|{prefix}|{what}|{}", around.cloud.now()).as_bytes());
    Ok(Run::begin(around, prefix, caller, digest, true).await?)
}
