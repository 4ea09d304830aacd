//! What gates see beside the stacks.

use asagi::cloud::{
    AlarmState, AlarmValue, Caller, GroupState, InstanceState, ListenerRule, Observe, ParameterVersion,
    Result, TargetHealth, TargetState, WeightedTargetGroup,
};
use async_trait::async_trait;
use jiff::Timestamp;
use serde_json::{Value, json};

use super::BotoCloud;
use super::answers::{list, some_text, text, time};

#[async_trait]
impl Observe for BotoCloud {
    async fn caller(&self) -> Result<Caller> {
        let answer = self.call("sts", "get_caller_identity", json!({}))?;
        Ok(Caller { account: text(&answer["Account"]), arn: text(&answer["Arn"]).into() })
    }

    async fn listener_rules(&self, rules: &[String]) -> Result<Vec<ListenerRule>> {
        let answer = self.call("elbv2", "describe_rules", json!({ "RuleArns": rules }))?;
        Ok(list(&answer["Rules"]).map(listener_rule).collect())
    }

    async fn target_health(&self, target_group: &str) -> Result<Vec<TargetHealth>> {
        let answer =
            self.call("elbv2", "describe_target_health", json!({ "TargetGroupArn": target_group }))?;
        let health = |answer: &Value| TargetHealth {
            target: text(&answer["Target"]["Id"]),
            state: serde_json::from_value::<TargetState>(answer["TargetHealth"]["State"].clone()).unwrap(),
            reason: some_text(&answer["TargetHealth"]["Reason"]).map(Into::into),
            shifted_away: text(&answer["AdministrativeOverride"]["State"]).starts_with("zonal_shift"),
        };
        Ok(list(&answer["TargetHealthDescriptions"]).map(health).collect())
    }

    async fn group(&self, group: &str) -> Result<Option<GroupState>> {
        let asked = json!({ "AutoScalingGroupNames": [group] });
        let answer = self.call("autoscaling", "describe_auto_scaling_groups", asked)?;
        Ok(list(&answer["AutoScalingGroups"]).next().map(|found| GroupState {
            name: text(&found["AutoScalingGroupName"]),
            min: number(&found["MinSize"]),
            max: number(&found["MaxSize"]),
            desired: number(&found["DesiredCapacity"]),
            launch: None,
            instances: list(&found["Instances"]).map(instance).collect(),
        }))
    }

    async fn alarms(&self, names: &[String]) -> Result<Vec<AlarmState>> {
        let asked = json!({ "AlarmNames": names, "AlarmTypes": ["MetricAlarm", "CompositeAlarm"] });
        let answer = self.call("cloudwatch", "describe_alarms", asked)?;
        Ok(list(&answer["MetricAlarms"]).chain(list(&answer["CompositeAlarms"])).map(alarm).collect())
    }

    async fn alarmed_since(&self, name: &str, since: Timestamp) -> Result<Option<Timestamp>> {
        let asked = json!({
            "AlarmName": name, "AlarmTypes": ["MetricAlarm", "CompositeAlarm"],
            "HistoryItemType": "StateUpdate", "StartDate": since.to_string(),
        });
        let answer = self.call("cloudwatch", "describe_alarm_history", asked)?;
        let into_alarm = |item: &&Value| text(&item["HistorySummary"]).ends_with("to ALARM");
        let times =
            list(&answer["AlarmHistoryItems"]).filter(into_alarm).map(|item| time(&item["Timestamp"]));
        Ok(times.min())
    }

    async fn parameter(&self, name: &str) -> Result<Option<String>> {
        let answer = self.find("ssm", "get_parameter", json!({ "Name": name }))?;
        Ok(answer.map(|answer| text(&answer["Parameter"]["Value"])))
    }

    async fn parameter_history(&self, name: &str) -> Result<Vec<ParameterVersion>> {
        let answer = self.call("ssm", "get_parameter_history", json!({ "Name": name }))?;
        let version = |answer: &Value| ParameterVersion {
            version: answer["Version"].as_u64().unwrap_or_default(),
            value: text(&answer["Value"]),
            modified: time(&answer["LastModifiedDate"]),
            by: text(&answer["LastModifiedUser"]).into(),
        };
        Ok(list(&answer["Parameters"]).map(version).collect())
    }

    async fn publish(&self, topic: &str, subject: &str, message: &str) -> Result<()> {
        let asked = json!({ "TopicArn": topic, "Subject": subject, "Message": message });
        self.call("sns", "publish", asked).map(drop)
    }
}

fn listener_rule(answer: &Value) -> ListenerRule {
    let forward = &answer["Actions"][0]["ForwardConfig"];
    let target = |group: &Value| WeightedTargetGroup {
        target_group: text(&group["TargetGroupArn"]),
        weight: number(&group["Weight"]),
    };
    let sticky = &forward["TargetGroupStickinessConfig"];
    let seconds = sticky["DurationSeconds"].as_u64().and_then(|seconds| u32::try_from(seconds).ok());
    ListenerRule {
        arn: text(&answer["RuleArn"]),
        priority: text(&answer["Priority"]).parse().unwrap_or_default(),
        forwards: list(&forward["TargetGroups"]).map(target).collect(),
        stickiness: seconds.filter(|_| sticky["Enabled"] == true),
    }
}

fn instance(answer: &Value) -> InstanceState {
    InstanceState {
        id: text(&answer["InstanceId"]),
        in_service: answer["LifecycleState"] == "InService",
        image: None,
        version: None,
    }
}

fn alarm(answer: &Value) -> AlarmState {
    AlarmState {
        name: text(&answer["AlarmName"]),
        arn: text(&answer["AlarmArn"]),
        value: serde_json::from_value::<AlarmValue>(answer["StateValue"].clone()).unwrap(),
        since: time(&answer["StateUpdatedTimestamp"]),
        reason: text(&answer["StateReason"]).into(),
        follows: asagi::cloud::alarms_in(&text(&answer["AlarmRule"])),
    }
}

fn number(answer: &Value) -> u32 {
    answer.as_u64().and_then(|number| u32::try_from(number).ok()).unwrap_or_default()
}
