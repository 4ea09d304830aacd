//! Traffic that was moved by hand, put back to what the stack says, and looked at again.

use std::sync::atomic::AtomicBool;

use crate::model::Period;
use crate::plan::short_digest;
use crate::rollout::{self, Context, Outcome, observe, run_name};

use super::apply::{ApplyError, Outputs, Surroundings, check_account};

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
    prefix: &str,
    account: &str,
    role: &str,
) -> Result<Reverted, ApplyError> {
    let caller = check_account(around.cloud, account).await?;
    let outputs = Outputs::read(around.cloud, prefix).await?;
    let digest = short_digest(format!("revert|{prefix}|{role}|{}", around.cloud.now()).as_bytes());
    let run_name = run_name(around.cloud, &caller.arn);
    let context = Context {
        cloud: around.cloud,
        prefix,
        digest: &digest,
        service_role: outputs.service_role.as_deref(),
        template_bucket: None,
        topic: outputs.topic.as_deref(),
        by: &caller.arn,
        run: &run_name,
        patience: Period::hours(3),
        approved: &AtomicBool::new(true),
        unforeseen: &[],
        outside_window: true,
        observer: around.observer,
        journal: around.journal,
        cancelled: around.cancelled,
    };
    if let Outcome::Failed(failure) = rollout::revert(&context, role).await? {
        return Ok(Reverted::Failed(failure.reason().to_owned()));
    }
    let left = observe(around.cloud, prefix, role).await?.state.drift;
    Ok(if left.is_empty() { Reverted::Done } else { Reverted::Unseen(left) })
}
