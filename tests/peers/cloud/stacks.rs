//! CloudFormation's verbs.

use asagi::cfn::{ChangeSet, CreateChangeSet, ParameterValue, Stack, StackEvent, StackResource, StackStatus};
use asagi::cloud::{CloudFormation, Result};
use async_trait::async_trait;
use serde_json::{Value, json};

use super::{BotoCloud, answers};

const SERVICE: &str = "cloudformation";

#[async_trait]
impl CloudFormation for BotoCloud {
    async fn describe_stack(&self, stack: &str) -> Result<Option<Stack>> {
        let answer = self.find(SERVICE, "describe_stacks", json!({ "StackName": stack }))?;
        let found = answer.map(|answer| answers::stack(&answer["Stacks"][0]));
        Ok(found.filter(|stack| stack.status != StackStatus::DeleteComplete))
    }

    async fn stacks_named(&self, prefix: &str) -> Result<Vec<Stack>> {
        let answer = self.call(SERVICE, "describe_stacks", json!({}))?;
        let stacks = answers::list(&answer["Stacks"]).map(answers::stack);
        Ok(stacks.filter(|stack| stack.name.starts_with(prefix) && !stack.status.is_absent()).collect())
    }

    async fn get_template(&self, stack: &str) -> Result<String> {
        let asked = json!({ "StackName": stack, "TemplateStage": "Original" });
        // boto3 reads a template that is JSON.
        Ok(match &self.call(SERVICE, "get_template", asked)?["TemplateBody"] {
            Value::String(text) => text.clone(),
            read => read.to_string(),
        })
    }

    async fn describe_stack_resources(&self, stack: &str) -> Result<Vec<StackResource>> {
        let answer = self.call(SERVICE, "describe_stack_resources", json!({ "StackName": stack }))?;
        Ok(answers::list(&answer["StackResources"]).map(answers::resource).collect())
    }

    async fn describe_stack_events(&self, stack: &str, after: Option<&str>) -> Result<Vec<StackEvent>> {
        let (mut events, mut asked) = (Vec::new(), json!({ "StackName": stack }));
        loop {
            let answer = self.call(SERVICE, "describe_stack_events", asked.clone())?;
            for answer in answers::list(&answer["StackEvents"]) {
                if answer["EventId"].as_str() == after {
                    events.reverse();
                    return Ok(events);
                }
                events.push(answers::event(answer));
            }
            match answer.get("NextToken") {
                Some(token) => asked["NextToken"] = token.clone(),
                None => break,
            }
        }
        events.reverse();
        Ok(events)
    }

    async fn create_change_set(&self, request: &CreateChangeSet) -> Result<String> {
        self.requests.lock().unwrap().push(request.clone());
        let answer = self.call(SERVICE, "create_change_set", as_sent(request))?;
        Ok(answers::text(&answer["Id"]))
    }

    async fn describe_change_set(&self, change_set: &str) -> Result<ChangeSet> {
        let asked = json!({ "ChangeSetName": change_set, "IncludePropertyValues": true });
        let mut answer = self.call(SERVICE, "describe_change_set", asked.clone())?;
        while let Some(token) = answer.get("NextToken").cloned() {
            let mut next = asked.clone();
            next["NextToken"] = token;
            let mut page = self.call(SERVICE, "describe_change_set", next)?;
            let mut changes = answer["Changes"].take().as_array().cloned().unwrap_or_default();
            changes.extend(page["Changes"].take().as_array().cloned().unwrap_or_default());
            page["Changes"] = Value::from(changes);
            answer = page;
        }
        let stack = self.describe_stack(&answers::text(&answer["StackId"])).await?;
        let creates = stack.is_some_and(|stack| stack.status == StackStatus::ReviewInProgress);
        Ok(answers::change_set(&answer, creates))
    }

    async fn execute_change_set(&self, change_set: &str, token: &str) -> Result<()> {
        let asked = json!({ "ChangeSetName": change_set, "ClientRequestToken": token });
        self.call(SERVICE, "execute_change_set", asked).map(drop)
    }

    async fn delete_change_set(&self, change_set: &str) -> Result<()> {
        self.find(SERVICE, "delete_change_set", json!({ "ChangeSetName": change_set })).map(drop)
    }

    async fn cancel_update_stack(&self, stack: &str, token: &str) -> Result<()> {
        let asked = json!({ "StackName": stack, "ClientRequestToken": token });
        self.call(SERVICE, "cancel_update_stack", asked).map(drop)
    }

    async fn continue_update_rollback(&self, stack: &str, token: &str) -> Result<()> {
        let asked = json!({ "StackName": stack, "ClientRequestToken": token });
        self.call(SERVICE, "continue_update_rollback", asked).map(drop)
    }

    async fn delete_stack(&self, stack: &str, token: &str) -> Result<()> {
        let asked = json!({ "StackName": stack, "ClientRequestToken": token });
        self.find(SERVICE, "delete_stack", asked).map(drop)
    }

    async fn update_termination_protection(&self, stack: &str, enabled: bool) -> Result<()> {
        let asked = json!({ "StackName": stack, "EnableTerminationProtection": enabled });
        self.call(SERVICE, "update_termination_protection", asked).map(drop)
    }
}

/// The request as boto3 takes it, which refuses what the service does not know.
fn as_sent(request: &CreateChangeSet) -> Value {
    let parameter = |(name, value): (&String, &ParameterValue)| match value {
        ParameterValue::Value(text) => json!({ "ParameterKey": name, "ParameterValue": text }),
        ParameterValue::Secret(secret) => {
            json!({ "ParameterKey": name, "ParameterValue": secret.reveal() })
        }
        ParameterValue::Previous => json!({ "ParameterKey": name, "UsePreviousValue": true }),
    };
    let triggers = request.rollback_configuration.triggers.iter();
    let trigger = |arn: &String| {
        let composite = json!({ "Arn": arn, "Type": "AWS::CloudWatch::CompositeAlarm" });
        composite
    };
    let mut sent = json!({
        "StackName": request.stack_name,
        "ChangeSetName": request.name,
        "ChangeSetType": request.kind,
        "Parameters": request.parameters.iter().map(parameter).collect::<Vec<_>>(),
        "Tags": request.tags.iter().map(|(key, value)| json!({ "Key": key, "Value": value })).collect::<Vec<_>>(),
        "NotificationARNs": request.notification_topics,
        "Capabilities": request.capabilities,
        "RollbackConfiguration": {
            "RollbackTriggers": triggers.map(trigger).collect::<Vec<_>>(),
            "MonitoringTimeInMinutes": request.rollback_configuration.monitoring_minutes,
        },
        "Description": request.description,
        "ClientToken": request.client_token,
    });
    match &request.template {
        Some(text) => sent["TemplateBody"] = text.as_str().into(),
        None => sent["UsePreviousTemplate"] = true.into(),
    }
    if request.revert_drift {
        sent["DeploymentMode"] = "REVERT_DRIFT".into();
    }
    if let Some(role) = &request.role_arn {
        sent["RoleARN"] = role.as_str().into();
    }
    sent
}
