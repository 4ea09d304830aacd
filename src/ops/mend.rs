//! Stacks that are stuck: why, and the one call that gets each of them on its way.

use indexmap::IndexMap;
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;

use crate::cfn::{ResourceStatus, Stack, StackEvent, StackParameter, StackStatus};
use crate::cloud::{Cloud, CloudError};
use crate::model::{Slot, Zone};
use crate::rollout::{first_failure, hand_of, observe, run_name};
use crate::stacks::StackGraph;
use crate::words::Foreign;

use super::elsewhere::{ReadError, check_place};
use super::holds::{Hold, holds};
use super::look::Look;

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
    /// What would be lost with it, where the way is to delete it.
    pub holds: Vec<Hold>,
    /// Deployed stacks of the environment that take values from it, where the way is to delete it.
    pub needed_by: Vec<String>,
    /// Logical ids whose way back failed: what a continued rollback can leave out.
    pub failed_resources: Vec<String>,
}

/// What gets a stack on its way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Mend {
    /// It was never made whole, is a name and nothing else, or a delete of it failed and nothing needs it: delete it,
    /// then apply makes it anew.
    Delete,
    /// Taking its update back failed: go on with that, once the cause is gone.
    ContinueRollback,
    /// Its update failed, and somebody had switched rollback off for it: go back to how it was before.
    RollBack,
    /// Something runs: wait.
    Wait,
    /// No call of asagi's is right: it is in use, or CloudFormation has none.
    Leave,
}

impl Mend {
    /// What it needs by its status alone; `None` where it can be deployed to.
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
            status if status.is_updatable() || *status == StackStatus::DeleteComplete => None,
            _ => Some(Self::Leave),
        }
    }

    /// The call makes it, and asagi can make the call.
    pub fn is_a_call(self) -> bool {
        !matches!(self, Self::Wait | Self::Leave)
    }
}

/// A stack may be in review for so long because somebody is about to execute its first change set.
const REVIEW: SignedDuration = SignedDuration::from_hours(1);

impl StuckStack {
    /// `--yes` is enough: nothing is lost by the call, whoever runs it.
    pub fn is_safe(&self) -> bool {
        match self.mend {
            Mend::Delete => {
                self.status != StackStatus::DeleteFailed && self.holds.is_empty() && self.needed_by.is_empty()
            }
            Mend::ContinueRollback | Mend::RollBack => true,
            Mend::Wait | Mend::Leave => false,
        }
    }

    /// It was whole, and somebody tried to delete it.
    pub fn delete_failed(&self) -> bool {
        self.status == StackStatus::DeleteFailed
    }
}

/// A stack that is being changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Running {
    /// Its name.
    pub stack: String,
    /// Where it stands.
    pub status: StackStatus,
    /// Since when, where its events tell.
    pub since: Option<Timestamp>,
    /// Whose run it is, where it is an asagi's.
    pub by: Option<String>,
}

/// What runs on a stack, since when, and whose it is.
///
/// # Errors
/// When its events cannot be read.
pub(super) async fn running(cloud: &dyn Cloud, stack: &Stack) -> Result<Running, CloudError> {
    let events = cloud.describe_stack_events(&stack.id, None).await?;
    let since = begun(&events).map(|event| event.at);
    let by = hand_of(&events).map(|hand| hand.who);
    Ok(Running { stack: stack.name.clone(), status: stack.status.clone(), since, by })
}

/// The stacks of an environment that nothing can be deployed to: by the spec's names, or by what the account has.
///
/// # Errors
/// When the account is not the one that was meant, or a call does not succeed.
pub async fn stuck(cloud: &dyn Cloud, look: Look<'_>) -> Result<Vec<StuckStack>, ReadError> {
    let owner = look.identity.owner();
    let mut found = look.stacks(cloud).await?;
    check_place(cloud, look.identity.account.as_deref(), found.values().next()).await?;
    if look.loaded.is_none() {
        // What only has such a name is another environment's: nothing says that it was meant.
        found.retain(|_, stack| owner.check(stack).is_ok());
    }
    let mut stuck = stuck_among(cloud, look, &found, |_| true).await?;
    for one in &mut stuck {
        let stranger = found.get(&one.stack).filter(|stack| !stack.status.is_absent());
        if let Some(Err(stranger)) = stranger.map(|stack| owner.check(stack)) {
            one.mend = Mend::Leave;
            one.reason = Some(stranger.to_string());
        }
    }
    Ok(stuck)
}

/// The same among stacks that were just described, those of them that are meant.
///
/// # Errors
/// When a call does not succeed.
pub(super) async fn stuck_among(
    cloud: &dyn Cloud,
    look: Look<'_>,
    found: &IndexMap<String, Stack>,
    meant: impl Fn(&Stack) -> bool,
) -> Result<Vec<StuckStack>, CloudError> {
    let mut stuck = Vec::new();
    for stack in found.values().filter(|stack| meant(stack)) {
        let Some(mend) = Mend::of(&stack.status) else { continue };
        let mut one = explain(cloud, stack, mend, look.zone).await?;
        if one.mend == Mend::Delete {
            let there = found.values().filter(|other| !other.status.is_absent());
            one.needed_by = match look.loaded {
                Some(loaded) => needed_by(&loaded.graph, stack, there),
                None => takers(stack, there),
            };
            one.holds = slot_weight(cloud, &stack.name).await.into_iter().collect();
            weigh(cloud, stack, &mut one).await;
        }
        stuck.push(one);
    }
    Ok(stuck)
}

/// Which of those stacks the spec makes from values of that one.
fn needed_by<'a>(graph: &StackGraph, stack: &Stack, there: impl Iterator<Item = &'a Stack>) -> Vec<String> {
    let of = |name: &str| graph.stacks.values().find(|planned| planned.name == name);
    let Some(own) = of(&stack.name) else { return Vec::new() };
    let needs = there.filter(|other| of(&other.name).is_some_and(|it| it.depends_on.contains(&own.key)));
    needs.map(|other| other.name.clone()).collect()
}

/// The same without a spec: those that have a parameter with one of its outputs.
fn takers<'a>(stack: &Stack, there: impl Iterator<Item = &'a Stack>) -> Vec<String> {
    let gives = |given: &StackParameter| {
        stack.outputs.values().any(|output| !output.is_empty() && *output == given.value)
    };
    let takes = there.filter(|other| other.id != stack.id && other.parameters.values().any(gives));
    takes.map(|other| other.name.clone()).collect()
}

async fn explain(
    cloud: &dyn Cloud,
    stack: &Stack,
    mend: Mend,
    zone: &Zone,
) -> Result<StuckStack, CloudError> {
    let events = cloud.describe_stack_events(&stack.id, None).await?;
    Ok(StuckStack {
        stack: stack.name.clone(),
        id: stack.id.clone(),
        status: stack.status.clone(),
        reason: match mend {
            Mend::Wait => Some(what_runs(&events, zone)),
            _ => first_failure(&events).or_else(|| stack.status_reason.as_ref().map(Foreign::visible)),
        },
        failed_resources: if mend == Mend::ContinueRollback { failed_back(&events) } else { Vec::new() },
        holds: Vec::new(),
        needed_by: Vec::new(),
        mend,
    })
}

/// A stack is deleted only where nobody would notice. What it holds is looked at now, not taken from its status: one that
/// somebody tried to delete was whole, and one without an end of its creation may have been taken into use.
async fn weigh(cloud: &dyn Cloud, stack: &Stack, one: &mut StuckStack) {
    one.holds.extend(holds(cloud, stack).await);
    let in_use = one.holds.iter().any(Hold::is_in_use) || one.delete_failed() && !one.needed_by.is_empty();
    if in_use {
        one.mend = Mend::Leave;
    } else if is_in_review(stack, cloud.now()) {
        one.mend = Mend::Wait;
        one.reason = Some("in review: somebody may be about to make it; apply makes it too".to_owned());
    }
}

/// Users' requests that go to the instances of a slot: its rules are in another stack.
pub(super) async fn slot_weight(cloud: &dyn Cloud, stack: &str) -> Option<Hold> {
    let of = |slot: Slot| Some((slot, stack.strip_suffix(&format!("-{slot}"))?.rsplit_once('-')?));
    let (slot, (prefix, role)) = Slot::ALL.into_iter().find_map(of)?;
    match observe(cloud, prefix, role).await {
        Ok(seen) => match seen.state.slot(slot).weight {
            0 => None,
            weight => Some(Hold::Requests(format!("{weight} % of users' requests go to its instances"))),
        },
        Err(error) => Some(Hold::Unread(format!("what users' requests go to could not be read: {error}"))),
    }
}

fn is_in_review(stack: &Stack, now: Timestamp) -> bool {
    stack.status == StackStatus::ReviewInProgress && now.duration_since(stack.created) < REVIEW
}

/// The resources that failed since the newest rollback began.
fn failed_back(events: &[StackEvent]) -> Vec<String> {
    let begins =
        |event: &StackEvent| event.is_of_stack() && event.status.as_str() == "UPDATE_ROLLBACK_IN_PROGRESS";
    let start = events.iter().rposition(begins).unwrap_or(0);
    let failed = |event: &&StackEvent| !event.is_of_stack() && event.status == ResourceStatus::UpdateFailed;
    let mut ids: Vec<String> =
        events.iter().skip(start).filter(failed).map(|event| event.logical_id.clone()).collect();
    ids.dedup();
    ids
}

/// The newest beginning of something.
fn begun(events: &[StackEvent]) -> Option<&StackEvent> {
    let begins = |event: &&StackEvent| event.is_of_stack() && event.status.as_str().ends_with("_IN_PROGRESS");
    events.iter().rev().find(begins)
}

/// The same in words, from its events, oldest first.
pub(super) fn what_runs(events: &[StackEvent], zone: &Zone) -> String {
    let Some(begun) = begun(events) else { return "nothing is told of it yet".to_owned() };
    let since = zone.told_to_the_second(begun.at);
    match hand_of(events) {
        Some(hand) => format!(
            "{} since {since}, {}'s, begun at {}",
            begun.status,
            hand.who,
            zone.told_to_the_second(hand.at)
        ),
        None => format!("{} since {since}, not begun by asagi", begun.status),
    }
}

/// Makes the one call. The caller's account is checked by the target.
///
/// # Errors
/// When it does not succeed, or there is none to make.
pub async fn mend(cloud: &dyn Cloud, stuck: &StuckStack) -> Result<(), CloudError> {
    mend_without(cloud, stuck, &[]).await
}

/// The same, and a rollback that is continued leaves those of its failed resources as they are.
///
/// # Errors
/// When it does not succeed, or there is none to make.
pub async fn mend_without(cloud: &dyn Cloud, stuck: &StuckStack, skip: &[String]) -> Result<(), CloudError> {
    let caller = cloud.caller().await?;
    let token = format!("asagi-mend-{}", run_name(cloud, &caller.arn));
    match stuck.mend {
        Mend::Delete => cloud.delete_stack(&stuck.id, &token).await,
        Mend::ContinueRollback if skip.is_empty() => cloud.continue_update_rollback(&stuck.id, &token).await,
        Mend::ContinueRollback => cloud.continue_update_rollback_without(&stuck.id, skip, &token).await,
        Mend::RollBack => cloud.rollback_stack(&stuck.id, &token).await,
        Mend::Wait | Mend::Leave => Err(CloudError::Busy(format!(
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
            "IMPORT_IN_PROGRESS",
            "IMPORT_ROLLBACK_FAILED",
            "IMPORT_ROLLBACK_COMPLETE",
            "A_NEW_STATE",
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
        IMPORT_IN_PROGRESS: Some(Wait)
        IMPORT_ROLLBACK_FAILED: Some(Leave)
        IMPORT_ROLLBACK_COMPLETE: None
        A_NEW_STATE: Some(Leave)
        ");
    }
}
