//! CloudFormation's verbs on the embedded engine.

use async_trait::async_trait;
use indexmap::IndexMap;

use super::{LocalCloud, engine};
use crate::cfn::{ChangeSet, CreateChangeSet, Stack, StackEvent, StackResource, StackStatus, Template};
use crate::cloud::{CloudError, CloudFormation, Result};

fn absent(stack: &str) -> CloudError {
    CloudError::NotFound(format!("Stack with id {stack} does not exist"))
}

#[async_trait]
impl CloudFormation for LocalCloud {
    async fn describe_stack(&self, stack: &str) -> Result<Option<Stack>> {
        self.call(|state| {
            let found = state.stack(stack).filter(|record| record.status != StackStatus::DeleteComplete);
            Ok(found.map(engine::StackRecord::describe))
        })
    }

    async fn describe_stacks(&self, names: &[String]) -> Result<IndexMap<String, Stack>> {
        self.call(|state| {
            let found = names.iter().filter_map(|name| Some((name.clone(), state.stack(name)?)));
            let there = found.filter(|(_, record)| record.status != StackStatus::DeleteComplete);
            Ok(there.map(|(name, record)| (name, record.describe())).collect())
        })
    }

    async fn stacks_named(&self, prefix: &str) -> Result<Vec<Stack>> {
        self.call(|state| {
            let there = state.stacks().filter(|(document, _)| document.starts_with("stacks/"));
            let named = there.filter(|(_, record)| record.name.starts_with(prefix));
            let there = named.filter(|(_, record)| record.status != StackStatus::DeleteComplete);
            Ok(there.map(|(_, record)| record.describe()).collect())
        })
    }

    async fn get_template(&self, stack: &str) -> Result<String> {
        self.call(|state| {
            let text = state.stack(stack).and_then(|record| record.deployed.template.clone());
            // What CloudFormation loses is lost here too.
            text.map(|text| Template::read_back(&text).into_owned()).ok_or_else(|| absent(stack))
        })
    }

    async fn describe_stack_resources(&self, stack: &str) -> Result<Vec<StackResource>> {
        self.call(|state| {
            state.stack(stack).map(engine::StackRecord::describe_resources).ok_or_else(|| absent(stack))
        })
    }

    async fn describe_stack_events(&self, stack: &str, after: Option<&str>) -> Result<Vec<StackEvent>> {
        self.call(|state| {
            let missing = || CloudError::NotFound(format!("Stack [{stack}] does not exist"));
            let events = &state.stack(stack).ok_or_else(missing)?.events;
            let seen = after.and_then(|after| events.iter().position(|event| event.id == after));
            Ok(events.iter().skip(seen.map_or(0, |place| place + 1)).cloned().collect())
        })
    }

    async fn create_change_set(&self, request: &CreateChangeSet) -> Result<String> {
        self.changing_call(|state| engine::create_change_set(state, request))
    }

    async fn describe_change_set(&self, change_set: &str) -> Result<ChangeSet> {
        self.call(|state| engine::describe_change_set(state, change_set))
    }

    async fn execute_change_set(&self, change_set: &str, token: &str) -> Result<()> {
        self.changing_call(|state| engine::execute_change_set(state, change_set, token))
    }

    async fn delete_change_set(&self, change_set: &str) -> Result<()> {
        self.changing_call(|state| engine::delete_change_set(state, change_set))
    }

    async fn cancel_update_stack(&self, stack: &str, token: &str) -> Result<()> {
        self.changing_call(|state| engine::cancel_update_stack(state, stack, token))
    }

    async fn continue_update_rollback(&self, stack: &str, token: &str) -> Result<()> {
        self.changing_call(|state| engine::continue_update_rollback(state, stack, token))
    }

    async fn delete_stack(&self, stack: &str, token: &str) -> Result<()> {
        self.changing_call(|state| engine::delete_stack(state, stack, token))
    }

    async fn update_termination_protection(&self, stack: &str, enabled: bool) -> Result<()> {
        self.changing_call(|state| engine::update_termination_protection(state, stack, enabled))
    }
}
