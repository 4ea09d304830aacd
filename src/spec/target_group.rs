//! `roles.<role>.targetGroup`: where instances listen and what counts as healthy.

use schemars::JsonSchema;
use serde::Deserialize;

use super::{Matcher, UrlPath};

/// Where instances listen. Ranges are Elastic Load Balancing's.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TargetGroup {
    /// The port instances listen on.
    #[schemars(range(min = 1, max = 65535))]
    pub port: u16,
    /// HTTP unless said.
    pub protocol: Option<Protocol>,
    /// HTTP1 unless said.
    pub protocol_version: Option<ProtocolVersion>,
    /// What counts as healthy.
    pub health_check: HealthCheck,
    /// Seconds a slot's connections may finish in, 300 unless said.
    #[schemars(range(max = 3600))]
    pub deregistration_delay: Option<u32>,
    /// Seconds in which a new target's share rises: 30 to 900, or 0 for off.
    #[schemars(range(max = 900))]
    pub slow_start: Option<u32>,
}

/// How the load balancer talks to instances.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[schemars(inline)]
#[serde(rename_all = "UPPERCASE")]
pub enum Protocol {
    /// Plain.
    Http,
    /// Encrypted; certificates of instances are not checked.
    Https,
}

/// The version of HTTP spoken to instances.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[schemars(inline)]
#[serde(rename_all = "UPPERCASE")]
pub enum ProtocolVersion {
    /// HTTP/1.1.
    Http1,
    /// HTTP/2.
    Http2,
    /// gRPC.
    Grpc,
}

/// What counts as healthy.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct HealthCheck {
    /// Such as `/health`.
    #[schemars(length(max = 1024))]
    pub path: UrlPath,
    /// Seconds between checks, 30 unless said.
    #[schemars(range(min = 5, max = 300))]
    pub interval: Option<u32>,
    /// Seconds until one fails; below the interval, 5 unless said.
    #[schemars(range(min = 2, max = 120))]
    pub timeout: Option<u32>,
    /// Successes in a row until healthy, 5 unless said.
    #[schemars(range(min = 2, max = 10))]
    pub healthy: Option<u32>,
    /// Failures in a row until unhealthy, 2 unless said.
    #[schemars(range(min = 2, max = 10))]
    pub unhealthy: Option<u32>,
    /// Codes that count as success: `200`, `200,204` or `200-299`, in quotes.
    pub matcher: Option<Matcher>,
}
