//! The request for a change set, as it is sent.

use aws_sdk_cloudformation::operation::create_change_set::builders::CreateChangeSetFluentBuilder;
use aws_sdk_cloudformation::types::{
    Capability, ChangeSetType as Kind, DeploymentConfig, DeploymentConfigMode, DeploymentMode, Parameter,
    RollbackConfiguration, RollbackTrigger, Tag,
};

use crate::cfn::{
    ChangeSetType, CreateChangeSet, ParameterValue, TEMPLATE_BODY_LIMIT, TEMPLATE_OBJECT_LIMIT,
};
use crate::cloud::{CloudError, Result};

/// Where the template of a change set comes from.
#[derive(Debug)]
pub(super) enum Template<'a> {
    /// It stays what it is.
    Previous,
    /// In the request itself.
    Inline(&'a str),
    /// It must go to a bucket first.
    Stored {
        /// The bucket.
        bucket: &'a str,
        /// The template.
        text: &'a str,
    },
    /// It lies there.
    At(String),
}

/// How a template gets there.
///
/// # Errors
/// When there is no way for one of its size.
pub(super) fn place(request: &CreateChangeSet) -> Result<Template<'_>> {
    let Some(text) = &request.template else { return Ok(Template::Previous) };
    match &request.template_bucket {
        _ if text.len() <= TEMPLATE_BODY_LIMIT => Ok(Template::Inline(text)),
        Some(bucket) if text.len() <= TEMPLATE_OBJECT_LIMIT => Ok(Template::Stored { bucket, text }),
        bucket => {
            let (limit, mend) = match bucket {
                None => (TEMPLATE_BODY_LIMIT, "name a bucket that it can go through, `templateBucket`"),
                Some(_) => (TEMPLATE_OBJECT_LIMIT, "divide the stack"),
            };
            Err(CloudError::Validation(format!(
                "the template of {} has {} bytes, at most {limit} fit: {mend}",
                request.stack_name,
                text.len()
            )))
        }
    }
}

/// Fills a request in.
pub(super) fn filled(
    call: CreateChangeSetFluentBuilder,
    request: &CreateChangeSet,
    template: Template<'_>,
) -> CreateChangeSetFluentBuilder {
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
        .set_deployment_mode(request.revert_drift.then_some(DeploymentMode::RevertDrift))
        .set_role_arn(request.role_arn.clone())
        .description(&request.description)
        .client_token(&request.client_token);
    match template {
        Template::Previous => call.use_previous_template(true),
        Template::Inline(text) | Template::Stored { text, .. } => call.template_body(text),
        Template::At(url) => call.template_url(url),
    }
}

fn kind(kind: &ChangeSetType) -> Kind {
    Kind::from(kind.as_str())
}

fn parameter((name, value): (&String, &ParameterValue)) -> Parameter {
    let parameter = Parameter::builder().parameter_key(name);
    match value {
        ParameterValue::Value(text) => parameter.parameter_value(text).build(),
        ParameterValue::Secret(secret) => parameter.parameter_value(secret.reveal()).build(),
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

#[cfg(test)]
mod tests {
    use super::*;
    use indexmap::IndexMap;

    fn request(bytes: usize, bucket: Option<&str>) -> CreateChangeSet {
        CreateChangeSet {
            stack_name: "poc-poc-own".to_owned(),
            name: "asagi-update-1".to_owned(),
            kind: ChangeSetType::Update,
            template: Some("#".repeat(bytes)),
            template_bucket: bucket.map(str::to_owned),
            revert_drift: false,
            parameters: IndexMap::new(),
            tags: IndexMap::new(),
            notification_topics: Vec::new(),
            capabilities: Vec::new(),
            rollback_configuration: crate::cfn::RollbackConfiguration::default(),
            role_arn: None,
            description: "a test".to_owned(),
            client_token: "asagi-update-1".to_owned(),
        }
    }

    /// The server of the tests does not know this mode, so what is sent is looked at here.
    #[test]
    fn only_a_drift_aware_change_set_says_so() {
        let config = aws_sdk_cloudformation::Config::builder().behavior_version_latest().build();
        let client = aws_sdk_cloudformation::Client::from_conf(config);
        for (revert_drift, sent) in [(false, None), (true, Some(DeploymentMode::RevertDrift))] {
            let request = CreateChangeSet { template: None, revert_drift, ..request(0, None) };
            let call = filled(client.create_change_set(), &request, Template::Previous);
            let input = call.as_input();
            assert_eq!(input.get_deployment_mode(), &sent);
            assert_eq!(input.get_use_previous_template(), &Some(true));
        }
    }

    #[test]
    fn a_template_goes_where_it_fits() {
        let told = |bytes, bucket| match place(&request(bytes, bucket)) {
            Ok(Template::Inline(_)) => "inline".to_owned(),
            Ok(Template::Stored { bucket, .. }) => bucket.to_owned(),
            Ok(other) => format!("{other:?}"),
            Err(error) => error.to_string(),
        };
        let cases = [
            (51_200, None),
            (51_201, None),
            (51_200, Some("b")),
            (51_201, Some("b")),
            (1_000_000, Some("b")),
        ];
        let mut lines: Vec<String> =
            cases.into_iter().map(|(bytes, bucket)| format!("{bytes}: {}", told(bytes, bucket))).collect();
        lines.push(told(1_000_001, Some("b")));
        insta::assert_snapshot!(lines.join("\n"), @r"
        51200: inline
        51201: the template of poc-poc-own has 51201 bytes, at most 51200 fit: name a bucket that it can go through, `templateBucket`
        51200: inline
        51201: b
        1000000: b
        the template of poc-poc-own has 1000001 bytes, at most 1000000 fit: divide the stack
        ");
    }
}
