//! CloudFormation's verbs, each done where its concern is.

use async_trait::async_trait;
use indexmap::IndexMap;

use super::AwsCloud;
use crate::cfn::{ChangeSet, CreateChangeSet, Stack, StackEvent, StackResource};
use crate::cloud::{CloudFormation, Result};

#[async_trait]
impl CloudFormation for AwsCloud {
    async fn describe_stack(&self, stack: &str) -> Result<Option<Stack>> {
        self.read_stack(stack).await
    }

    async fn describe_stacks(&self, names: &[String]) -> Result<IndexMap<String, Stack>> {
        self.read_stacks(names).await
    }

    async fn stacks_named(&self, prefix: &str) -> Result<Vec<Stack>> {
        self.read_named(prefix).await
    }

    async fn get_template(&self, stack: &str) -> Result<String> {
        self.read_template(stack).await
    }

    async fn describe_stack_resources(&self, stack: &str) -> Result<Vec<StackResource>> {
        self.read_resources(stack).await
    }

    async fn describe_stack_events(&self, stack: &str, after: Option<&str>) -> Result<Vec<StackEvent>> {
        self.read_events(stack, after).await
    }

    async fn describe_events_of(&self, stack: &str, token: &str) -> Result<Vec<StackEvent>> {
        self.read_events_of(stack, token).await
    }

    async fn newest_event(&self, stack: &str) -> Result<Option<String>> {
        self.read_newest_event(stack).await
    }

    async fn create_change_set(&self, request: &CreateChangeSet) -> Result<String> {
        self.make_change_set(request).await
    }

    async fn describe_change_set(&self, change_set: &str) -> Result<ChangeSet> {
        self.read_change_set(change_set).await
    }

    async fn execute_change_set(&self, change_set: &str, token: &str) -> Result<()> {
        self.run_change_set(change_set, token).await
    }

    async fn delete_change_set(&self, change_set: &str) -> Result<()> {
        self.drop_change_set(change_set).await
    }

    async fn cancel_update_stack(&self, stack: &str, token: &str) -> Result<()> {
        self.cancel_update(stack, token).await
    }

    async fn continue_update_rollback(&self, stack: &str, token: &str) -> Result<()> {
        self.continue_rollback(stack, &[], token).await
    }

    async fn continue_update_rollback_without(
        &self,
        stack: &str,
        skip: &[String],
        token: &str,
    ) -> Result<()> {
        self.continue_rollback(stack, skip, token).await
    }

    async fn rollback_stack(&self, stack: &str, token: &str) -> Result<()> {
        self.roll_back(stack, token).await
    }

    async fn delete_stack(&self, stack: &str, token: &str) -> Result<()> {
        self.remove_stack(stack, token).await
    }

    async fn update_termination_protection(&self, stack: &str, enabled: bool) -> Result<()> {
        self.protect_stack(stack, enabled).await
    }
}
