//! What gates see beside the stacks, each read where its service is.

use std::time::Duration;

use async_trait::async_trait;
use aws_sdk_sns::config::Config;
use aws_smithy_types::retry::RetryConfig;
use jiff::Timestamp;

use super::AwsCloud;
use super::error::told;
use crate::cloud::{
    AlarmDefinition, AlarmState, Caller, CloudError, GroupState, ListenerRule, Observe, ParameterVersion,
    Result, TargetHealth,
};

/// A topic that does not answer is not waited for any longer.
const TELL_WITHIN: Duration = Duration::from_secs(5);

#[async_trait]
impl Observe for AwsCloud {
    async fn caller(&self) -> Result<Caller> {
        self.read_caller().await
    }

    async fn listener_rules(&self, rules: &[String]) -> Result<Vec<ListenerRule>> {
        self.read_rules(rules).await
    }

    async fn target_health(&self, target_group: &str) -> Result<Vec<TargetHealth>> {
        self.read_health(target_group).await
    }

    async fn group(&self, group: &str) -> Result<Option<GroupState>> {
        self.read_group(group).await
    }

    async fn groups(&self, groups: &[String]) -> Result<Vec<GroupState>> {
        self.read_groups(groups).await
    }

    async fn alarms(&self, names: &[String]) -> Result<Vec<AlarmState>> {
        self.read_alarms(names).await
    }

    async fn alarm_definitions(&self, names: &[String]) -> Result<Vec<AlarmDefinition>> {
        self.read_alarm_definitions(names).await
    }

    async fn alarmed_since(&self, name: &str, since: Timestamp) -> Result<Option<Timestamp>> {
        self.read_alarmed_since(name, since).await
    }

    async fn parameter(&self, name: &str) -> Result<Option<String>> {
        self.read_parameter(name).await
    }

    async fn setting(&self, name: &str) -> Result<Option<String>> {
        self.read_setting(name).await
    }

    async fn parameter_history(&self, name: &str) -> Result<Vec<ParameterVersion>> {
        self.read_parameter_history(name).await
    }

    async fn publish(&self, topic: &str, subject: &str, message: &str) -> Result<()> {
        self.may_change().await?;
        // Nobody waits for words: one attempt more, and no longer than this.
        let retries = RetryConfig::standard().with_max_attempts(2);
        let call = self.topics.publish().topic_arn(topic).subject(subject_line(subject)).message(message);
        let call = call.customize().config_override(Config::builder().retry_config(retries)).send();
        match tokio::time::timeout(TELL_WITHIN, self.turns.take(call)).await {
            Ok(told_them) => told_them.map(drop).map_err(told),
            Err(_) => {
                let seconds = TELL_WITHIN.as_secs();
                Err(CloudError::Unreachable(format!("Publish: no answer within {seconds} s")))
            }
        }
    }
}

/// SNS takes subjects of less than a hundred characters, printable ASCII only, and refuses the message otherwise.
/// <https://docs.aws.amazon.com/sns/latest/api/API_Publish.html>
fn subject_line(text: &str) -> String {
    text.chars().map(|c| if c.is_ascii_graphic() || c == ' ' { c } else { '?' }).take(99).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_subject_is_short_and_plain() {
        assert_eq!(subject_line("web 切替: begins\n"), "web ??: begins?");
        assert_eq!(subject_line(&"a".repeat(200)).len(), 99);
    }
}
