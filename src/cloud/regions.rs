//! Several Regions as one cloud: an environment stands in one of them, and some of its stacks in others. Every call goes
//! where its stack stands.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use futures_util::future::join_all;
use indexmap::IndexMap;
use jiff::Timestamp;

use super::{
    AlarmDefinition, AlarmState, Caller, Clock, Cloud, CloudFormation, GroupState, ListenerRule, Observe,
    ParameterVersion, Result, TargetHealth,
};
use crate::cfn::{ChangeSet, CreateChangeSet, Stack, StackEvent, StackResource};

/// Several Regions as one cloud. What is no stack's is asked of the first, which has the clock too.
pub struct Regions {
    home: (String, Arc<dyn Cloud>),
    others: BTreeMap<String, Arc<dyn Cloud>>,
    /// Names of stacks that stand in another Region than the first.
    stacks: BTreeMap<String, String>,
}

impl Regions {
    /// The first by its Region, the others by theirs, and the names of the stacks that stand in those.
    pub fn new(
        home: (String, Arc<dyn Cloud>),
        others: BTreeMap<String, Arc<dyn Cloud>>,
        stacks: BTreeMap<String, String>,
    ) -> Self {
        Self { home, others, stacks }
    }

    /// Where a stack stands that is named so, by itself or by the ARN of it or of one of its change sets.
    fn of(&self, stack: &str) -> &dyn Cloud {
        let region = match stack.strip_prefix("arn:") {
            // arn:aws:cloudformation:REGION:ACCOUNT:stack/…
            Some(rest) => rest.split(':').nth(2),
            None => self.stacks.get(stack).map(String::as_str),
        };
        region.and_then(|region| self.others.get(region)).unwrap_or(&self.home.1).as_ref()
    }

    fn home(&self) -> &dyn Cloud {
        self.home.1.as_ref()
    }

    fn regions(&self) -> impl Iterator<Item = (&str, &dyn Cloud)> {
        let others = self.others.iter().map(|(region, cloud)| (region.as_str(), cloud.as_ref()));
        std::iter::once((self.home.0.as_str(), self.home.1.as_ref())).chain(others)
    }
}

#[async_trait]
impl CloudFormation for Regions {
    async fn describe_stack(&self, stack: &str) -> Result<Option<Stack>> {
        self.of(stack).describe_stack(stack).await
    }

    async fn describe_stacks(&self, names: &[String]) -> Result<IndexMap<String, Stack>> {
        let elsewhere =
            |name: &String| self.stacks.get(name).filter(|region| self.others.contains_key(*region));
        let here: Vec<String> = names.iter().filter(|name| elsewhere(name).is_none()).cloned().collect();
        let mut found = self.home().describe_stacks(&here).await?;
        for (region, cloud) in &self.others {
            let there: Vec<String> =
                names.iter().filter(|name| elsewhere(name) == Some(region)).cloned().collect();
            if !there.is_empty() {
                found.extend(cloud.describe_stacks(&there).await?);
            }
        }
        // In the order in which they were asked for.
        Ok(names.iter().filter_map(|name| Some((name.clone(), found.get(name)?.clone()))).collect())
    }

    async fn stacks_named(&self, prefix: &str) -> Result<Vec<Stack>> {
        let mut found = Vec::new();
        let has_stacks = |region: &str| region == self.home.0 || self.stacks.values().any(|it| it == region);
        for (region, cloud) in self.regions().filter(|(region, _)| has_stacks(region)) {
            // one of that name in another Region than its own is another stack, of another environment perhaps
            let stands = |stack: &Stack| {
                self.stacks.get(&stack.name).map_or(self.home.0 == region, |own| own == region)
            };
            found.extend(cloud.stacks_named(prefix).await?.into_iter().filter(stands));
        }
        Ok(found)
    }

    async fn get_template(&self, stack: &str) -> Result<String> {
        self.of(stack).get_template(stack).await
    }

    async fn describe_stack_resources(&self, stack: &str) -> Result<Vec<StackResource>> {
        self.of(stack).describe_stack_resources(stack).await
    }

    async fn describe_stack_events(&self, stack: &str, after: Option<&str>) -> Result<Vec<StackEvent>> {
        self.of(stack).describe_stack_events(stack, after).await
    }

    async fn describe_events_of(&self, stack: &str, token: &str) -> Result<Vec<StackEvent>> {
        self.of(stack).describe_events_of(stack, token).await
    }

    async fn newest_event(&self, stack: &str) -> Result<Option<String>> {
        self.of(stack).newest_event(stack).await
    }

    async fn create_change_set(&self, request: &CreateChangeSet) -> Result<String> {
        self.of(&request.stack_name).create_change_set(request).await
    }

    async fn describe_change_set(&self, change_set: &str) -> Result<ChangeSet> {
        self.of(change_set).describe_change_set(change_set).await
    }

    async fn execute_change_set(&self, change_set: &str, token: &str) -> Result<()> {
        self.of(change_set).execute_change_set(change_set, token).await
    }

    async fn delete_change_set(&self, change_set: &str) -> Result<()> {
        self.of(change_set).delete_change_set(change_set).await
    }

    async fn cancel_update_stack(&self, stack: &str, token: &str) -> Result<()> {
        self.of(stack).cancel_update_stack(stack, token).await
    }

    async fn continue_update_rollback(&self, stack: &str, token: &str) -> Result<()> {
        self.of(stack).continue_update_rollback(stack, token).await
    }

    async fn continue_update_rollback_without(
        &self,
        stack: &str,
        skip: &[String],
        token: &str,
    ) -> Result<()> {
        self.of(stack).continue_update_rollback_without(stack, skip, token).await
    }

    async fn rollback_stack(&self, stack: &str, token: &str) -> Result<()> {
        self.of(stack).rollback_stack(stack, token).await
    }

    async fn delete_stack(&self, stack: &str, token: &str) -> Result<()> {
        self.of(stack).delete_stack(stack, token).await
    }

    async fn update_termination_protection(&self, stack: &str, enabled: bool) -> Result<()> {
        self.of(stack).update_termination_protection(stack, enabled).await
    }
}

#[async_trait]
impl Observe for Regions {
    fn in_region(&self, region: &str) -> Option<&dyn Cloud> {
        if region == self.home.0 { Some(self.home()) } else { self.others.get(region).map(AsRef::as_ref) }
    }

    async fn caller(&self) -> Result<Caller> {
        self.home().caller().await
    }

    async fn listener_rules(&self, rules: &[String]) -> Result<Vec<ListenerRule>> {
        self.home().listener_rules(rules).await
    }

    async fn target_health(&self, target_group: &str) -> Result<Vec<TargetHealth>> {
        self.home().target_health(target_group).await
    }

    async fn group(&self, group: &str) -> Result<Option<GroupState>> {
        self.home().group(group).await
    }

    async fn groups(&self, groups: &[String]) -> Result<Vec<GroupState>> {
        self.home().groups(groups).await
    }

    async fn alarms(&self, names: &[String]) -> Result<Vec<AlarmState>> {
        self.home().alarms(names).await
    }

    async fn alarm_definitions(&self, names: &[String]) -> Result<Vec<AlarmDefinition>> {
        self.home().alarm_definitions(names).await
    }

    async fn alarmed_since(&self, name: &str, since: Timestamp) -> Result<Option<Timestamp>> {
        self.home().alarmed_since(name, since).await
    }

    async fn parameter(&self, name: &str) -> Result<Option<String>> {
        self.home().parameter(name).await
    }

    async fn setting(&self, name: &str) -> Result<Option<String>> {
        self.home().setting(name).await
    }

    async fn parameter_history(&self, name: &str) -> Result<Vec<ParameterVersion>> {
        self.home().parameter_history(name).await
    }

    async fn publish(&self, topic: &str, subject: &str, message: &str) -> Result<()> {
        self.home().publish(topic, subject, message).await
    }
}

#[async_trait]
impl Clock for Regions {
    fn now(&self) -> Timestamp {
        self.home().now()
    }

    /// An embedded Region has a clock of its own, which goes on with the others.
    async fn sleep(&self, duration: Duration) {
        join_all(self.regions().map(|(_, cloud)| cloud.sleep(duration))).await;
    }

    fn lot(&self) -> u64 {
        self.home().lot()
    }

    async fn deadline(&self, duration: Duration) {
        self.home().deadline(duration).await;
    }
}
