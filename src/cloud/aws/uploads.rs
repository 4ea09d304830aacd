//! Templates that are too large for a request, put into a bucket. It is the one call of S3 that asagi makes, so it is
//! signed here, with what the SDK's clients are made of: the crate for all of S3 takes 50 seconds of a build.

use aws_config::SdkConfig;
use aws_credential_types::provider::ProvideCredentials;
use aws_sigv4::http_request::{
    PayloadChecksumKind, PercentEncodingMode, SignableBody, SignableRequest, SigningSettings,
    UriPathNormalizationMode, sign,
};
use aws_sigv4::sign::v4::SigningParams;
use aws_smithy_runtime::client::orchestrator::operation::Operation;
use aws_smithy_runtime::client::retries::classifiers::{HttpStatusCodeClassifier, TransientErrorClassifier};
use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse, OrchestratorError};
use aws_smithy_types::base64;
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::error::ErrorMetadata;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use sha2::{Digest, Sha256};

use super::clock::RealClock;
use super::error::told;
use crate::cloud::{Clock, CloudError, Result};

/// What buckets are reached with.
pub(super) struct Uploads {
    config: SdkConfig,
    /// Their Region, where that is another.
    region: Option<String>,
}

/// Where an object lies.
struct Object {
    /// `https://host`.
    origin: String,
    path: String,
}

impl Uploads {
    pub(super) fn new(config: SdkConfig) -> Self {
        Self { config, region: None }
    }

    /// The same with buckets of that Region.
    pub(super) fn in_region(self, region: &str) -> Self {
        Self { region: Some(region.to_owned()), ..self }
    }

    /// Puts a template where its content says, so that the same one again is the same object; gives its URL.
    ///
    /// # Errors
    /// When it cannot be put there.
    pub(super) async fn put(&self, bucket: &str, stack: &str, text: &str) -> Result<String> {
        let digest = Sha256::digest(text.as_bytes());
        let name: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
        let object = self.object(bucket, &format!("asagi/{stack}/{name}.yaml"));
        let url = format!("{}{}", object.origin, object.path);
        let signed = self.signed(&url, text, &base64::encode(digest)).await?;
        let request = signed.and_then(|mut request| {
            request.set_uri(object.path.as_str())?;
            Ok(request)
        });
        let request = request.map_err(|error| CloudError::Validation(format!("bucket {bucket}: {error}")))?;
        self.operation(&object.origin, bucket.to_owned()).invoke(request).await.map_err(told)?;
        Ok(url)
    }

    /// An endpoint of somebody's own has the bucket in its path, AWS has it in the host's name.
    fn object(&self, bucket: &str, key: &str) -> Object {
        match self.config.endpoint_url() {
            Some(endpoint) => {
                let origin = endpoint.trim_end_matches('/').to_owned();
                Object { origin, path: format!("/{bucket}/{key}") }
            }
            None => {
                let region = self.region();
                Object {
                    origin: format!("https://{bucket}.s3.{region}.amazonaws.com"),
                    path: format!("/{key}"),
                }
            }
        }
    }

    fn region(&self) -> &str {
        let own = || self.config.region().map_or("", AsRef::as_ref);
        self.region.as_deref().unwrap_or_else(own)
    }

    /// The request with its signature, good for a quarter of an hour and so for every attempt.
    async fn signed(
        &self,
        url: &str,
        text: &str,
        checksum: &str,
    ) -> Result<std::result::Result<HttpRequest, BoxError>> {
        let missing =
            |why: String| CloudError::AccessDenied(format!("no credentials could be loaded: {why}"));
        let provider =
            self.config.credentials_provider().ok_or_else(|| missing("there are none".to_owned()))?;
        let credentials = provider.provide_credentials().await.map_err(|error| missing(error.to_string()))?;
        Ok(sign_put(url, text, checksum, self.region(), credentials.into()))
    }

    /// One call with the retries and timeouts of all others.
    fn operation(&self, origin: &str, bucket: String) -> Operation<HttpRequest, (), Refused> {
        let mut operation = Operation::builder()
            .service_name("s3")
            .operation_name("PutObject")
            .endpoint_url(origin)
            .no_auth()
            .retry_classifier(TransientErrorClassifier::<Refused>::new())
            .retry_classifier(HttpStatusCodeClassifier::default());
        if let Some(client) = self.config.http_client() {
            operation = operation.http_client(client);
        }
        if let Some(sleep) = self.config.sleep_impl() {
            operation = operation.sleep_impl(sleep);
        }
        if let Some(retries) = self.config.retry_config() {
            operation = operation.standard_retry(retries);
        }
        if let Some(timeouts) = self.config.timeout_config() {
            operation = operation.timeout_config(timeouts.clone());
        }
        operation
            .serializer(|request: HttpRequest| Ok(request))
            .deserializer(move |answer: &HttpResponse| match answer.status().is_success() {
                true => Ok(()),
                false => Err(OrchestratorError::operation(Refused::read(answer, &bucket))),
            })
            .build()
    }
}

/// A PUT of that text. The service compares the checksum, and buckets with locks ask for one.
fn sign_put(
    url: &str,
    text: &str,
    checksum: &str,
    region: &str,
    identity: aws_smithy_runtime_api::client::identity::Identity,
) -> std::result::Result<HttpRequest, BoxError> {
    let mut request = HttpRequest::new(SdkBody::from(text));
    request.set_method("PUT")?;
    request.set_uri(url)?;
    request.headers_mut().insert("content-type", "application/yaml");
    request.headers_mut().insert("x-amz-checksum-sha256", checksum.to_owned());
    let mut settings = SigningSettings::default();
    settings.payload_checksum_kind = PayloadChecksumKind::XAmzSha256;
    settings.percent_encoding_mode = PercentEncodingMode::Single;
    settings.uri_path_normalization_mode = UriPathNormalizationMode::Disabled;
    let now = std::time::SystemTime::from(RealClock.now());
    let by = SigningParams::builder().identity(&identity).region(region).name("s3").time(now);
    let by = by.settings(settings).build()?.into();
    let body = SignableBody::Bytes(text.as_bytes());
    let headers = request.headers().iter();
    let signable = SignableRequest::new("PUT", url, headers, body)?;
    let (instructions, _) = sign(signable, &by)?.into_parts();
    let mut signed = request.try_into_http1x()?;
    instructions.apply_to_request_http1x(&mut signed);
    Ok(signed.try_into()?)
}

/// Why a bucket did not take it.
#[derive(Debug, thiserror::Error)]
#[error("the bucket does not take it")]
struct Refused(ErrorMetadata);

impl Refused {
    /// S3 says no in XML: a code and a sentence.
    fn read(answer: &HttpResponse, bucket: &str) -> Self {
        let body = answer.body().bytes().map(String::from_utf8_lossy).unwrap_or_default();
        let part = |tag: &str| {
            let (_, rest) = body.split_once(&format!("<{tag}>"))?;
            rest.split_once(&format!("</{tag}>")).map(|(text, _)| text.to_owned())
        };
        let sentence = part("Message").unwrap_or_else(|| format!("S3 answered {}", answer.status().as_u16()));
        let told = ErrorMetadata::builder().message(format!("bucket {bucket}: {sentence}"));
        Self(told.code(part("Code").unwrap_or_default()).build())
    }
}

impl ProvideErrorMetadata for Refused {
    fn meta(&self) -> &ErrorMetadata {
        &self.0
    }
}
