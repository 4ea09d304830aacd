//! The request for a change set, as it is sent.

use aws_sdk_cloudformation::operation::create_change_set::builders::CreateChangeSetFluentBuilder;
use aws_sdk_cloudformation::types::{
    Capability, ChangeSetType as Kind, DeploymentConfig, DeploymentConfigMode, Parameter,
    RollbackConfiguration, RollbackTrigger, Tag,
};

use crate::cfn::{ChangeSetType, CreateChangeSet, ParameterValue};
use crate::cloud::{CloudError, Result};

/// Bytes of a template that goes with the request; one from a bucket may have a million.
/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html>
const MOST_BYTES: usize = 51_200;

/// Fills a request in.
///
/// # Errors
/// When the template does not fit into one.
pub(super) fn filled(
    call: CreateChangeSetFluentBuilder,
    request: &CreateChangeSet,
) -> Result<CreateChangeSetFluentBuilder> {
    let call = call
        .stack_name(&request.stack_name)
        .change_set_name(&request.name)
        .change_set_type(kind(&request.kind))
        .set_parameters(Some(request.parameters.iter().map(parameter).collect()))
        .set_tags(Some(
            request.tags.iter().map(|(key, value)| Tag::builder().key(key).value(value).build()).collect(),
        ))
        // An empty list takes away the ones before; none at all would leave them.
        .set_notification_arns(Some(request.notification_topics.clone()))
        .set_capabilities(Some(
            request.capabilities.iter().map(|name| Capability::from(name.as_str())).collect(),
        ))
        .rollback_configuration(watched(request))
        .deployment_config(standard())
        .set_role_arn(request.role_arn.clone())
        .description(&request.description)
        .client_token(&request.client_token);
    match &request.template {
        None => Ok(call.use_previous_template(true)),
        Some(text) if text.len() > MOST_BYTES => Err(CloudError::Validation(format!(
            "the template of {} has {} bytes, {} more than CloudFormation takes with a request: split the stack",
            request.stack_name,
            text.len(),
            text.len() - MOST_BYTES
        ))),
        Some(text) => Ok(call.template_body(text)),
    }
}

fn kind(kind: &ChangeSetType) -> Kind {
    Kind::from(kind.as_str())
}

fn parameter((name, value): (&String, &ParameterValue)) -> Parameter {
    let parameter = Parameter::builder().parameter_key(name);
    match value {
        ParameterValue::Value(text) => parameter.parameter_value(text).build(),
        ParameterValue::Previous => parameter.use_previous_value(true).build(),
    }
}

/// Always sent: CloudFormation keeps triggers on the stack and uses them again for whatever comes next.
fn watched(request: &CreateChangeSet) -> RollbackConfiguration {
    let wanted = &request.rollback_configuration;
    let trigger = |arn: &String| {
        // Both kinds of alarm have ARNs of one form; asagi watches composites.
        RollbackTrigger::builder().arn(arn).r#type("AWS::CloudWatch::CompositeAlarm").build()
    };
    let minutes = i32::try_from(wanted.monitoring_minutes).unwrap_or(i32::MAX);
    RollbackConfiguration::builder()
        .set_rollback_triggers(Some(wanted.triggers.iter().map(trigger).collect()))
        .monitoring_time_in_minutes(minutes)
        .build()
}

/// `EXPRESS` ends before resources are ready; nothing may be judged by that.
fn standard() -> DeploymentConfig {
    DeploymentConfig::builder().mode(DeploymentConfigMode::Standard).build()
}
