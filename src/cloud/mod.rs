//! The cloud as traits: CloudFormation's own verbs, and what gates need to see beside them.
//!
//! [`Cloud`] is what a rollout is driven through. `aws` implements it with the SDK, [`local`] with an embedded engine
//! kept in a folder; one conformance suite holds both to the same behaviour.

#[cfg(feature = "aws")]
pub mod aws;
mod error;
pub mod local;
mod observed;
mod regions;

pub use error::CloudError;
pub use observed::{
    AlarmDefinition, AlarmState, AlarmValue, Caller, GroupState, InstanceState, LaunchSource, ListenerRule,
    ParameterVersion, TargetHealth, TargetState, WeightedTargetGroup, alarms_in,
};
pub use regions::Regions;

use std::time::Duration;

use async_trait::async_trait;
use indexmap::IndexMap;
use jiff::Timestamp;

use crate::cfn::{ChangeSet, CreateChangeSet, Stack, StackEvent, StackResource};

/// What every verb gives.
pub type Result<T, E = CloudError> = std::result::Result<T, E>;

/// CloudFormation's own verbs. Stacks are named by name or ARN; an absent one is `Ok(None)`.
#[async_trait]
pub trait CloudFormation: Send + Sync {
    /// `DescribeStacks` of one stack; `None` when there is none (a deleted one is none, one in review is one).
    async fn describe_stack(&self, stack: &str) -> Result<Option<Stack>>;

    /// Many of them by name, those that there are. A target that can reads them together.
    async fn describe_stacks(&self, names: &[String]) -> Result<IndexMap<String, Stack>> {
        let mut found = IndexMap::new();
        for name in names {
            if let Some(stack) = self.describe_stack(name).await? {
                found.insert(name.clone(), stack);
            }
        }
        Ok(found)
    }

    /// Every stack of the region whose name begins so, page by page, those that only a change set was made for among
    /// them; deleted ones are left out.
    async fn stacks_named(&self, prefix: &str) -> Result<Vec<Stack>>;

    /// `GetTemplate`, stage `Original`: the text as submitted.
    async fn get_template(&self, stack: &str) -> Result<String>;

    /// `DescribeStackResources`, every page.
    async fn describe_stack_resources(&self, stack: &str) -> Result<Vec<StackResource>>;

    /// `DescribeStackEvents` after the event of that id, oldest first; all of them for `None`.
    async fn describe_stack_events(&self, stack: &str, after: Option<&str>) -> Result<Vec<StackEvent>>;

    /// The same from the first event of the call that gave this token on; none before CloudFormation tells of it.
    async fn describe_events_of(&self, stack: &str, token: &str) -> Result<Vec<StackEvent>> {
        let mut events = self.describe_stack_events(stack, None).await?;
        let first = events.iter().position(|event| event.token.as_deref() == Some(token));
        Ok(first.map(|first| events.split_off(first)).unwrap_or_default())
    }

    /// Id of the newest event of a stack; `None` when there is no such stack, or nothing happened in it.
    async fn newest_event(&self, stack: &str) -> Result<Option<String>> {
        match self.describe_stack_events(stack, None).await {
            Ok(events) => Ok(events.last().map(|event| event.id.clone())),
            Err(CloudError::NotFound(_)) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// `CreateChangeSet`; gives the change set's ARN. The same token again is the same call again.
    async fn create_change_set(&self, request: &CreateChangeSet) -> Result<String>;

    /// `DescribeChangeSet`, every page, with property values.
    async fn describe_change_set(&self, change_set: &str) -> Result<ChangeSet>;

    /// `ExecuteChangeSet`. Every other change set of the stack is deleted by it.
    async fn execute_change_set(&self, change_set: &str, token: &str) -> Result<()>;

    /// `DeleteChangeSet`; gone already is done.
    async fn delete_change_set(&self, change_set: &str) -> Result<()>;

    /// `CancelUpdateStack`: takes the running update (or its bake) back.
    async fn cancel_update_stack(&self, stack: &str, token: &str) -> Result<()>;

    /// `ContinueUpdateRollback` of a stack in `UPDATE_ROLLBACK_FAILED`.
    async fn continue_update_rollback(&self, stack: &str, token: &str) -> Result<()>;

    /// The same, and those resources stay as they are: what failed on the way back and cannot be mended. A target that
    /// cannot leave out any refuses.
    async fn continue_update_rollback_without(
        &self,
        stack: &str,
        skip: &[String],
        token: &str,
    ) -> Result<()> {
        let _ = token;
        let skip = skip.join(", ");
        Err(CloudError::Validation(format!("stack {stack} cannot be rolled back without {skip}")))
    }

    /// `RollbackStack` of a stack in `UPDATE_FAILED`: somebody made its update with rollback switched off. A target that
    /// never leaves a stack there has none to roll back.
    async fn rollback_stack(&self, stack: &str, token: &str) -> Result<()> {
        let _ = token;
        Err(CloudError::Validation(format!("stack {stack} cannot be rolled back from where it stands")))
    }

    /// `DeleteStack`; gone already is done.
    async fn delete_stack(&self, stack: &str, token: &str) -> Result<()>;

    /// `UpdateTerminationProtection`.
    async fn update_termination_protection(&self, stack: &str, enabled: bool) -> Result<()>;
}

/// What gates need to see beside the stacks.
#[async_trait]
pub trait Observe: Send + Sync {
    /// The same account in that Region, where this target reaches it.
    fn in_region(&self, region: &str) -> Option<&dyn Cloud> {
        let _ = region;
        None
    }

    /// `GetCallerIdentity`.
    async fn caller(&self) -> Result<Caller>;

    /// `DescribeRules` of those ARNs, as they really are, not as a template says.
    async fn listener_rules(&self, rules: &[String]) -> Result<Vec<ListenerRule>>;

    /// `DescribeTargetHealth` of a target group.
    async fn target_health(&self, target_group: &str) -> Result<Vec<TargetHealth>>;

    /// `DescribeAutoScalingGroups` of one group; `None` when there is none.
    async fn group(&self, group: &str) -> Result<Option<GroupState>>;

    /// The same of many, those that there are. A target that can reads them together.
    async fn groups(&self, groups: &[String]) -> Result<Vec<GroupState>> {
        let mut found = Vec::new();
        for group in groups {
            found.extend(self.group(group).await?);
        }
        Ok(found)
    }

    /// `DescribeAlarms` by name, composites included; absent ones are left out.
    async fn alarms(&self, names: &[String]) -> Result<Vec<AlarmState>>;

    /// The same alarms' settings, as `DescribeAlarms` tells them; a target that tells none tells at least that they exist.
    async fn alarm_definitions(&self, names: &[String]) -> Result<Vec<AlarmDefinition>> {
        let states = self.alarms(names).await?.into_iter();
        Ok(states.map(|alarm| AlarmDefinition { name: alarm.name, ..AlarmDefinition::default() }).collect())
    }

    /// When that alarm was first in ALARM since then, from `DescribeAlarmHistory`; `None` when it never was.
    async fn alarmed_since(&self, name: &str, since: Timestamp) -> Result<Option<Timestamp>>;

    /// `GetParameter`; `None` when there is none.
    async fn parameter(&self, name: &str) -> Result<Option<String>>;

    /// The same of a parameter that somebody else keeps: one that is no secret. A `SecureString` is refused.
    async fn setting(&self, name: &str) -> Result<Option<String>> {
        self.parameter(name).await
    }

    /// `GetParameterHistory`, oldest first; the service keeps a hundred.
    async fn parameter_history(&self, name: &str) -> Result<Vec<ParameterVersion>>;

    /// Publishes a message to a topic, so that people are told of a phase.
    async fn publish(&self, topic: &str, subject: &str, message: &str) -> Result<()>;
}

/// Time, as the target sees it.
#[async_trait]
pub trait Clock: Send + Sync {
    /// Now.
    fn now(&self) -> Timestamp;

    /// Until that long has passed. The embedded target moves its own clock instead of waiting.
    async fn sleep(&self, duration: Duration);

    /// A number that no other run of this target gets: two that begin at one instant are told apart by it.
    fn lot(&self) -> u64;

    /// Until so long has passed for whoever asks, whatever this clock says: what bounds a call that nobody must wait for.
    /// A target that answers at once needs no bound.
    async fn deadline(&self, duration: Duration) {
        let _ = duration;
        std::future::pending().await
    }
}

/// All that a rollout is driven through.
pub trait Cloud: CloudFormation + Observe + Clock {}

impl<T: CloudFormation + Observe + Clock> Cloud for T {}
