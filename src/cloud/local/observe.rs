//! What is seen beside the stacks.

use async_trait::async_trait;
use jiff::Timestamp;

use super::{LocalCloud, Message};
use crate::cloud::{
    AlarmDefinition, AlarmState, Caller, CloudError, GroupState, ListenerRule, Observe, ParameterVersion,
    Result, TargetHealth,
};

#[async_trait]
impl Observe for LocalCloud {
    async fn caller(&self) -> Result<Caller> {
        self.call(|state| {
            Ok(Caller { account: state.world.account.clone(), arn: state.world.caller().into() })
        })
    }

    async fn listener_rules(&self, rules: &[String]) -> Result<Vec<ListenerRule>> {
        self.call(|state| {
            let found = rules.iter().map(|arn| {
                let rule = state.world.rule_state(arn);
                rule.ok_or_else(|| CloudError::NotFound(format!("One or more rules not found: {arn}")))
            });
            found.collect()
        })
    }

    async fn target_health(&self, target_group: &str) -> Result<Vec<TargetHealth>> {
        self.call(|state| {
            let states = state.world.target_states(target_group);
            states.ok_or_else(|| {
                CloudError::NotFound(format!("One or more target groups not found: {target_group}"))
            })
        })
    }

    async fn group(&self, group: &str) -> Result<Option<GroupState>> {
        self.call(|state| Ok(state.world.group_state(group)))
    }

    async fn alarms(&self, names: &[String]) -> Result<Vec<AlarmState>> {
        self.call(|state| Ok(names.iter().filter_map(|name| state.world.alarm_state(name)).collect()))
    }

    async fn alarm_definitions(&self, names: &[String]) -> Result<Vec<AlarmDefinition>> {
        self.call(|state| Ok(names.iter().filter_map(|name| state.world.alarm_definition(name)).collect()))
    }

    async fn alarmed_since(&self, name: &str, since: Timestamp) -> Result<Option<Timestamp>> {
        self.call(|state| {
            let alarm = state.world.alarms.get(name);
            Ok(alarm.and_then(|alarm| alarm.alarmed.iter().copied().find(|at| *at >= since)))
        })
    }

    async fn parameter(&self, name: &str) -> Result<Option<String>> {
        self.call(|state| Ok(state.world.parameter_value(name)))
    }

    async fn parameter_history(&self, name: &str) -> Result<Vec<ParameterVersion>> {
        self.call(|state| Ok(state.world.parameter_versions(name)))
    }

    async fn publish(&self, topic: &str, subject: &str, message: &str) -> Result<()> {
        self.changing_call(|state| {
            if !state.world.topics.contains(topic) {
                return Err(CloudError::NotFound(format!("Topic does not exist: {topic}")));
            }
            let at = state.world.now;
            let [topic, subject, message] = [topic, subject, message].map(str::to_owned);
            state.world.messages.push(Message { at, topic, subject, message });
            Ok(())
        })
    }
}
