//! From the SDK's errors to what can be done about them.

use std::error::Error;

use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;

use super::bounds::Excess;
use super::sentences::sort;
use crate::cloud::CloudError;

/// What an error of the SDK comes to. By then the SDK has tried again what may be tried again.
pub(super) fn told<E>(error: SdkError<E, HttpResponse>) -> CloudError
where
    E: ProvideErrorMetadata + Error + Send + Sync + 'static,
{
    let call = name::<E>();
    match error {
        SdkError::ServiceError(said) => {
            let status = said.raw().status().as_u16();
            let said = said.err();
            of(sort(said.code().unwrap_or_default(), said.message().unwrap_or_default(), status), &call)
        }
        SdkError::TimeoutError(_) => CloudError::Unreachable(format!("{call}: AWS did not answer in time")),
        SdkError::ResponseError(said) => {
            let status = said.raw().status().as_u16();
            CloudError::Transient(format!("{call}: AWS answered {status} with something that is no answer"))
        }
        other => match Excess::behind(&other) {
            Some(excess) => excess.of(&call),
            None => of(never_sent(&other), &call),
        },
    }
}

/// The call that an error is of: `DescribeStacks` of `…::DescribeStacksError`.
fn name<E>() -> String {
    let name = std::any::type_name::<E>();
    name.rsplit("::").next().unwrap_or(name).trim_end_matches("Error").to_owned()
}

/// What has to do with the way to a service is told with the call: the service's own sentences name what they are about.
fn of(error: CloudError, call: &str) -> CloudError {
    let named = |text: String| if text.contains(call) { text } else { format!("{call}: {text}") };
    match error {
        CloudError::Transient(text) => CloudError::Transient(named(text)),
        CloudError::AccessDenied(text) => CloudError::AccessDenied(named(text)),
        CloudError::Unreachable(text) => CloudError::Unreachable(named(text)),
        error => error,
    }
}

/// The request did not leave: no credentials, or no way to the service.
fn never_sent(error: &(dyn Error + 'static)) -> CloudError {
    let reasons = reasons(error);
    let credentials = |reason: &&String| {
        reason.contains("credential") || reason.contains("SSO") || reason.contains("token")
    };
    match reasons.iter().find(credentials) {
        Some(_) => {
            let reason = reasons.last().cloned().unwrap_or_default();
            CloudError::AccessDenied(format!("no credentials could be loaded: {reason}"))
        }
        None => {
            let reason = reasons.last().cloned().unwrap_or_default();
            CloudError::Unreachable(format!("AWS cannot be reached: {reason}"))
        }
    }
}

/// What an error and all that led to it say, the cause last.
fn reasons(error: &(dyn Error + 'static)) -> Vec<String> {
    let mut said = vec![error.to_string()];
    let mut next = error.source();
    while let Some(source) = next {
        said.push(source.to_string());
        next = source.source();
    }
    said
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, thiserror::Error)]
    #[error("{0}")]
    struct Layer(&'static str, #[source] Option<Box<Layer>>);

    #[test]
    fn an_error_names_its_call() {
        type Error = aws_sdk_cloudformation::operation::describe_stacks::DescribeStacksError;
        assert_eq!(name::<Error>(), "DescribeStacks");
        let denied = of(CloudError::AccessDenied("no".to_owned()), "DescribeStacks");
        assert_eq!(denied, CloudError::AccessDenied("DescribeStacks: no".to_owned()));
        let named = "not authorized to perform: cloudformation:DescribeStacks";
        assert_eq!(of(CloudError::AccessDenied(named.to_owned()), "DescribeStacks").to_string(), named);
    }

    #[test]
    fn missing_credentials_are_told_from_a_missing_network() {
        let chain = |top, bottom| Layer(top, Some(Box::new(Layer(bottom, None))));
        let told = never_sent(&chain("the credential provider was not enabled", "no providers in chain"));
        assert_eq!(
            told,
            CloudError::AccessDenied("no credentials could be loaded: no providers in chain".to_owned())
        );
        let told = never_sent(&chain("dispatch failure", "connection refused"));
        assert_eq!(told, CloudError::Unreachable("AWS cannot be reached: connection refused".to_owned()));
    }
}
