//! Credentials, region, retries and timeouts: from what the operator said to clients of every service.

use std::sync::{Arc, Mutex, OnceLock};
use std::time::Duration;

use aws_config::profile::ProfileFileCredentialsProvider;
use aws_config::provider_config::ProviderConfig;
use aws_config::{BehaviorVersion, ConfigLoader, Region, SdkConfig};
use aws_smithy_runtime::client::retries::{RetryPartition, TokenBucket};
use aws_smithy_runtime_api::client::http::SharedHttpClient;
use aws_smithy_types::retry::RetryConfig;
use aws_smithy_types::timeout::TimeoutConfig;
use tokio::sync::OnceCell;

use super::AwsCloud;
use super::clock::RealClock;
use super::memory::Memory;
use super::network;
use super::turns::Turns;
use super::uploads::Uploads;
use crate::cloud::{CloudError, Result};

/// Where an environment lives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// Twelve digits: nothing is changed in any other account.
    pub account: String,
    /// Such as `ap-northeast-1`, whatever the profile says.
    pub region: String,
}

/// With whose credentials.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Access {
    /// A profile of the shared configuration; `AWS_PROFILE` and the usual chain where there is none.
    pub profile: Option<String>,
    /// ARN of a role that is assumed with those credentials.
    pub role: Option<String>,
}

/// How hard and how fast calls are made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pace {
    /// Calls a second.
    pub per_second: u32,
    /// How often a call is made before it is given up.
    pub attempts: u32,
    /// The wait before the second attempt is at most this; it doubles.
    pub first_wait: Duration,
    /// One attempt has so long.
    pub answer_within: Duration,
}

impl Default for Pace {
    /// Standard retries with eight attempts: they outlast half a minute of throttling, where adaptive ones took two
    /// minutes to give up.
    fn default() -> Self {
        Self {
            per_second: 20,
            attempts: 8,
            first_wait: Duration::from_secs(1),
            answer_within: Duration::from_secs(30),
        }
    }
}

const MOST_WAIT: Duration = Duration::from_secs(20);
const CONNECT_WITHIN: Duration = Duration::from_secs(5);

/// A client of one service; every service has types of its own for the same settings.
macro_rules! client {
    ($service:ident, $config:expr, $retries:expr) => {
        $service::Client::from_conf(
            $service::config::Builder::from(&$config).retry_partition($retries.clone()).build(),
        )
    };
}

/// The SDK gives retries a budget that a long run in bad weather uses up, after which the first refusal ends it. Here each
/// call has its attempts, and all calls have one rate.
fn retries() -> RetryPartition {
    RetryPartition::custom("asagi").token_bucket(TokenBucket::unlimited()).build()
}

impl AwsCloud {
    /// Clients for that place. No call is made and no credentials are asked for yet, except that a role is made ready
    /// to be assumed.
    ///
    /// # Errors
    /// When there is no such profile, or the certificates that the environment names cannot be read.
    pub async fn connect(place: &Place, access: &Access, pace: &Pace) -> Result<Self> {
        known_profile(access)?;
        let client = network::from_environment(pace.answer_within)?;
        Ok(Self::with(aws_config::defaults(BehaviorVersion::latest()), client, place, access, pace).await)
    }

    /// The same from another source of settings than the process's environment.
    pub async fn load(source: ConfigLoader, place: &Place, access: &Access, pace: &Pace) -> Self {
        Self::with(source, network::plain(pace.answer_within), place, access, pace).await
    }

    /// The same, whose templates go through buckets of that Region.
    pub fn with_buckets_in(mut self, region: &str) -> Self {
        self.uploads = self.uploads.in_region(region);
        self
    }

    async fn with(
        source: ConfigLoader,
        client: SharedHttpClient,
        place: &Place,
        access: &Access,
        pace: &Pace,
    ) -> Self {
        let config = config(source, client, place, access, pace).await;
        let retries = retries();
        Self {
            cloudformation: client!(aws_sdk_cloudformation, config, retries),
            balancing: client!(aws_sdk_elasticloadbalancingv2, config, retries),
            scaling: client!(aws_sdk_autoscaling, config, retries),
            watching: client!(aws_sdk_cloudwatch, config, retries),
            parameters: client!(aws_sdk_ssm, config, retries),
            topics: client!(aws_sdk_sns, config, retries),
            identity: client!(aws_sdk_sts, config, retries),
            uploads: Uploads::new(config),
            turns: Turns::per_second(pace.per_second),
            account: place.account.clone(),
            caller: OnceCell::new(),
            seen: OnceLock::new(),
            stacks_of: Mutex::default(),
            memory: Memory::default(),
            region: Mutex::default(),
            clock: Arc::new(RealClock),
        }
    }
}

/// A profile that is not there is told before anything is asked for, with those that are.
fn known_profile(access: &Access) -> Result<()> {
    let Some(wanted) = access.profile.clone().or_else(network::profile) else { return Ok(()) };
    let known = network::profiles();
    if known.is_empty() || known.contains(&wanted) || wanted == "default" {
        return Ok(());
    }
    Err(CloudError::AccessDenied(format!(
        "there is no profile `{wanted}`; those there are: {}",
        known.join(", ")
    )))
}

async fn config(
    source: ConfigLoader,
    client: SharedHttpClient,
    place: &Place,
    access: &Access,
    pace: &Pace,
) -> SdkConfig {
    let retries = RetryConfig::standard()
        .with_max_attempts(pace.attempts)
        .with_initial_backoff(pace.first_wait)
        .with_max_backoff(MOST_WAIT);
    let timeouts = TimeoutConfig::builder()
        .connect_timeout(CONNECT_WITHIN)
        .operation_attempt_timeout(pace.answer_within + CONNECT_WITHIN)
        .build();
    let mut loader = source
        .region(Region::new(place.region.clone()))
        .http_client(client.clone())
        .retry_config(retries)
        .timeout_config(timeouts);
    if let Some(profile) = &access.profile {
        loader = loader.profile_name(profile).credentials_provider(of_profile(profile, place, client));
    }
    let config = loader.load().await;
    match &access.role {
        None => config,
        Some(role) => assume(config, role).await,
    }
}

/// Who names a profile means it: the usual chain would take keys of the environment before it.
fn of_profile(profile: &str, place: &Place, client: SharedHttpClient) -> ProfileFileCredentialsProvider {
    let config = ProviderConfig::default().with_region(Some(Region::new(place.region.clone())));
    let config = config.with_http_client(client);
    ProfileFileCredentialsProvider::builder().configure(&config).profile_name(profile).build()
}

/// The same with the credentials of a role; they are fetched again before they run out.
async fn assume(config: SdkConfig, role: &str) -> SdkConfig {
    let role = aws_config::sts::AssumeRoleProvider::builder(role)
        .session_name("asagi")
        .configure(&config)
        .build()
        .await;
    let credentials = aws_credential_types::provider::SharedCredentialsProvider::new(role);
    config.into_builder().credentials_provider(credentials).build()
}
