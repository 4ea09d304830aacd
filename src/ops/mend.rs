//! Stacks that are stuck: why, and the one call that gets each of them on its way.

use serde::Serialize;

use crate::cfn::{Stack, StackEvent, StackStatus};
use crate::cloud::{Cloud, CloudError};
use crate::rollout::{first_failure, hand_of, run_name};
use crate::stacks::StackGraph;

/// A stack that stands where nothing can be deployed from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct StuckStack {
    /// Its name.
    pub stack: String,
    /// Its ARN.
    pub id: String,
    /// Where it stands.
    pub status: StackStatus,
    /// What failed first in its last operation, and why.
    pub reason: Option<String>,
    /// What gets it on its way.
    pub mend: Mend,
}

/// What gets a stack on its way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Mend {
    /// It was never made whole, or is a name and nothing else: delete it, then apply makes it anew.
    Delete,
    /// Taking its update back failed: go on with that, once the cause is gone.
    ContinueRollback,
    /// Its update failed, and somebody had switched rollback off for it: go back to how it was before.
    RollBack,
    /// Something runs: wait.
    Wait,
}

impl Mend {
    /// What it needs; `None` where it can be deployed to.
    fn of(status: &StackStatus) -> Option<Self> {
        match status {
            StackStatus::RollbackComplete
            | StackStatus::RollbackFailed
            | StackStatus::CreateFailed
            | StackStatus::DeleteFailed
            | StackStatus::ReviewInProgress => Some(Self::Delete),
            StackStatus::UpdateRollbackFailed => Some(Self::ContinueRollback),
            StackStatus::UpdateFailed => Some(Self::RollBack),
            status if status.is_busy() => Some(Self::Wait),
            _ => None,
        }
    }

    /// The call makes it, and asagi can make the call.
    pub fn is_a_call(self) -> bool {
        self != Self::Wait
    }
}

/// The stacks of an environment that nothing can be deployed to.
///
/// # Errors
/// When a call does not succeed.
pub async fn stuck(cloud: &dyn Cloud, graph: &StackGraph) -> Result<Vec<StuckStack>, CloudError> {
    let names: Vec<String> = graph.stacks.values().map(|stack| stack.name.clone()).collect();
    let found = cloud.describe_stacks(&names).await?;
    let mut stuck = Vec::new();
    for stack in names.iter().filter_map(|name| found.get(name)) {
        if let Some(mend) = Mend::of(&stack.status) {
            stuck.push(explain(cloud, stack, mend).await?);
        }
    }
    Ok(stuck)
}

async fn explain(cloud: &dyn Cloud, stack: &Stack, mend: Mend) -> Result<StuckStack, CloudError> {
    let events = cloud.describe_stack_events(&stack.id, None).await?;
    Ok(StuckStack {
        stack: stack.name.clone(),
        id: stack.id.clone(),
        status: stack.status.clone(),
        reason: match mend {
            Mend::Wait => Some(what_runs(&events)),
            _ => first_failure(&events).or_else(|| stack.status_reason.clone()),
        },
        mend,
    })
}

/// What runs on a stack, since when, and whose it is, from its events, oldest first.
pub(super) fn what_runs(events: &[StackEvent]) -> String {
    let begins = |event: &&StackEvent| event.is_of_stack() && event.status.as_str().ends_with("_IN_PROGRESS");
    let Some(begun) = events.iter().rev().find(begins) else { return "nothing is told of it yet".to_owned() };
    let since = begun.at.strftime("%Y-%m-%d %H:%M:%SZ");
    match hand_of(events) {
        Some(hand) => format!(
            "{} since {since}, {}'s, begun at {}",
            begun.status,
            hand.who,
            hand.at.strftime("%H:%M:%SZ")
        ),
        None => format!("{} since {since}, not begun by asagi", begun.status),
    }
}

/// Makes the one call. The caller's account is checked by the target.
///
/// # Errors
/// When it does not succeed, or there is none to make.
pub async fn mend(cloud: &dyn Cloud, stuck: &StuckStack) -> Result<(), CloudError> {
    let caller = cloud.caller().await?;
    let token = format!("asagi-mend-{}", run_name(cloud, &caller.arn));
    match stuck.mend {
        Mend::Delete => cloud.delete_stack(&stuck.id, &token).await,
        Mend::ContinueRollback => cloud.continue_update_rollback(&stuck.id, &token).await,
        Mend::RollBack => cloud.rollback_stack(&stuck.id, &token).await,
        Mend::Wait => Err(CloudError::Busy(format!(
            "stack {} is {}: there is no call to make",
            stuck.stack, stuck.status
        ))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_stuck_state_has_its_one_way_out() {
        let told = |word: &str| format!("{:?}", Mend::of(&StackStatus::from(word.to_owned())));
        let words = [
            "ROLLBACK_COMPLETE",
            "ROLLBACK_FAILED",
            "CREATE_FAILED",
            "DELETE_FAILED",
            "REVIEW_IN_PROGRESS",
            "UPDATE_ROLLBACK_FAILED",
            "UPDATE_FAILED",
            "UPDATE_IN_PROGRESS",
            "UPDATE_ROLLBACK_COMPLETE",
            "CREATE_COMPLETE",
        ];
        let table: Vec<String> = words.iter().map(|word| format!("{word}: {}", told(word))).collect();
        insta::assert_snapshot!(table.join("\n"), @r"
        ROLLBACK_COMPLETE: Some(Delete)
        ROLLBACK_FAILED: Some(Delete)
        CREATE_FAILED: Some(Delete)
        DELETE_FAILED: Some(Delete)
        REVIEW_IN_PROGRESS: Some(Delete)
        UPDATE_ROLLBACK_FAILED: Some(ContinueRollback)
        UPDATE_FAILED: Some(RollBack)
        UPDATE_IN_PROGRESS: Some(Wait)
        UPDATE_ROLLBACK_COMPLETE: None
        CREATE_COMPLETE: None
        ");
    }
}
