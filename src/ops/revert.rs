//! Traffic that was moved by hand, put back to what the stack says, and looked at again.

use crate::plan::short_digest;
use crate::rollout::{self, Outcome, observe};
use crate::stacks::Owner;

use super::apply::{ApplyError, check_account, check_owner};
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
    let caller = match account {
        Some(account) => check_account(around.cloud, account).await?,
        None => around.cloud.caller().await?,
    };
    let prefix = &owner.prefix();
    check_owner(around.cloud, owner, role).await?;
    let digest = short_digest(format!("revert|{prefix}|{role}|{}", around.cloud.now()).as_bytes());
    let run = Run::begin(around, prefix, caller, digest, true).await?;
    if let Outcome::Failed(failure) = rollout::revert(&run.context(), role).await? {
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
