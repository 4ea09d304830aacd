//! The target with what an account can do to whoever reads it: one kind of call is refused, or a stack stands somewhere
//! else than it does.

use std::sync::Mutex;
use std::time::Duration;

use asagi::cfn::{ChangeSet, CreateChangeSet, Stack, StackEvent, StackResource, StackStatus};
use asagi::cloud::{
    AlarmDefinition, AlarmState, Caller, Clock, CloudError, CloudFormation, GroupState, ListenerRule,
    Observe, ParameterVersion, Result, TargetHealth,
};
use async_trait::async_trait;
use jiff::Timestamp;

use super::cloud::Witness;

/// The target, doctored.
pub(crate) struct Doctored<'a> {
    pub(crate) inner: &'a Witness,
    /// Calls that are refused: a verb (`group`), or one with the end of what it is asked for (`describe_stack web-blue`).
    pub(crate) refused: Vec<&'static str>,
    /// A stack, by the end of its name, and where it is said to stand.
    pub(crate) status: Option<(String, StackStatus)>,
    pub(crate) calls: Mutex<Vec<String>>,
}

impl<'a> Doctored<'a> {
    /// As it is.
    pub(crate) fn of(inner: &'a Witness) -> Self {
        Self { inner, refused: Vec::new(), status: None, calls: Mutex::default() }
    }

    /// The same without calls of that kind.
    pub(crate) fn without(inner: &'a Witness, refused: &[&'static str]) -> Self {
        Self { refused: refused.to_vec(), ..Self::of(inner) }
    }

    /// Calls so far, each a verb and what it was about.
    pub(crate) fn calls(&self) -> Vec<String> {
        self.calls.lock().unwrap().clone()
    }

    fn call(&self, verb: &str, about: &str) -> Result<()> {
        self.calls.lock().unwrap().push(format!("{verb} {about}"));
        let refused = self.refused.iter().any(|refused| match refused.split_once(' ') {
            None => *refused == verb,
            Some((name, end)) => name == verb && about.ends_with(end),
        });
        match refused {
            true => Err(CloudError::AccessDenied(format!("not authorized to perform {verb}"))),
            false => Ok(()),
        }
    }
}

#[async_trait]
impl CloudFormation for Doctored<'_> {
    async fn describe_stack(&self, stack: &str) -> Result<Option<Stack>> {
        self.call("describe_stack", stack)?;
        let mut found = self.inner.describe_stack(stack).await?;
        if let (Some(stack), Some((name, status))) = (&mut found, &self.status)
            && stack.name.ends_with(name.as_str())
        {
            stack.status = status.clone();
        }
        Ok(found)
    }

    async fn stacks_named(&self, prefix: &str) -> Result<Vec<Stack>> {
        self.call("stacks_named", prefix)?;
        self.inner.stacks_named(prefix).await
    }

    async fn get_template(&self, stack: &str) -> Result<String> {
        self.call("get_template", stack)?;
        self.inner.get_template(stack).await
    }

    async fn describe_stack_resources(&self, stack: &str) -> Result<Vec<StackResource>> {
        self.call("describe_stack_resources", stack)?;
        self.inner.describe_stack_resources(stack).await
    }

    async fn describe_stack_events(&self, stack: &str, after: Option<&str>) -> Result<Vec<StackEvent>> {
        self.call("describe_stack_events", stack)?;
        self.inner.describe_stack_events(stack, after).await
    }

    async fn create_change_set(&self, request: &CreateChangeSet) -> Result<String> {
        self.call("create_change_set", &request.stack_name)?;
        self.inner.create_change_set(request).await
    }

    async fn describe_change_set(&self, change_set: &str) -> Result<ChangeSet> {
        self.call("describe_change_set", change_set)?;
        self.inner.describe_change_set(change_set).await
    }

    async fn execute_change_set(&self, change_set: &str, token: &str) -> Result<()> {
        self.call("execute_change_set", change_set)?;
        self.inner.execute_change_set(change_set, token).await
    }

    async fn delete_change_set(&self, change_set: &str) -> Result<()> {
        self.call("delete_change_set", change_set)?;
        self.inner.delete_change_set(change_set).await
    }

    async fn cancel_update_stack(&self, stack: &str, token: &str) -> Result<()> {
        self.call("cancel_update_stack", stack)?;
        self.inner.cancel_update_stack(stack, token).await
    }

    async fn continue_update_rollback(&self, stack: &str, token: &str) -> Result<()> {
        self.call("continue_update_rollback", stack)?;
        self.inner.continue_update_rollback(stack, token).await
    }

    async fn delete_stack(&self, stack: &str, token: &str) -> Result<()> {
        self.call("delete_stack", stack)?;
        self.inner.delete_stack(stack, token).await
    }

    async fn update_termination_protection(&self, stack: &str, enabled: bool) -> Result<()> {
        self.call("update_termination_protection", stack)?;
        self.inner.update_termination_protection(stack, enabled).await
    }
}

#[async_trait]
impl Observe for Doctored<'_> {
    async fn caller(&self) -> Result<Caller> {
        self.call("caller", "")?;
        self.inner.caller().await
    }

    async fn listener_rules(&self, rules: &[String]) -> Result<Vec<ListenerRule>> {
        self.call("listener_rules", &rules.join(","))?;
        self.inner.listener_rules(rules).await
    }

    async fn target_health(&self, target_group: &str) -> Result<Vec<TargetHealth>> {
        self.call("target_health", target_group)?;
        self.inner.target_health(target_group).await
    }

    async fn group(&self, group: &str) -> Result<Option<GroupState>> {
        self.call("group", group)?;
        self.inner.group(group).await
    }

    async fn alarms(&self, names: &[String]) -> Result<Vec<AlarmState>> {
        self.call("alarms", &names.join(","))?;
        self.inner.alarms(names).await
    }

    async fn alarm_definitions(&self, names: &[String]) -> Result<Vec<AlarmDefinition>> {
        self.call("alarms", &names.join(","))?;
        self.inner.alarm_definitions(names).await
    }

    async fn alarmed_since(&self, name: &str, since: Timestamp) -> Result<Option<Timestamp>> {
        self.call("alarmed_since", name)?;
        self.inner.alarmed_since(name, since).await
    }

    async fn parameter(&self, name: &str) -> Result<Option<String>> {
        self.call("parameter", name)?;
        self.inner.parameter(name).await
    }

    async fn parameter_history(&self, name: &str) -> Result<Vec<ParameterVersion>> {
        self.call("parameter_history", name)?;
        self.inner.parameter_history(name).await
    }

    async fn publish(&self, topic: &str, subject: &str, message: &str) -> Result<()> {
        self.call("publish", subject)?;
        self.inner.publish(topic, subject, message).await
    }
}

#[async_trait]
impl Clock for Doctored<'_> {
    fn now(&self) -> Timestamp {
        self.inner.now()
    }

    fn lot(&self) -> u64 {
        self.inner.lot()
    }

    async fn sleep(&self, duration: Duration) {
        self.inner.sleep(duration).await;
    }
}
