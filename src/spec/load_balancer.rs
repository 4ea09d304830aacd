//! `loadBalancer`: one to create, or the listener of an existing one.

use schemars::JsonSchema;
use serde::Deserialize;

use super::{Arn, Cidr, Given, SecurityGroupId, Text, TlsPolicy};

/// A load balancer to create, or the `listener` and `securityGroup` of an existing one.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct LoadBalancer {
    /// The HTTPS listener of a load balancer that others keep; rules are added to it.
    pub listener: Option<Arn>,
    /// The security group of that load balancer.
    pub security_group: Option<SecurityGroupId>,
    /// Who can reach the created one; `internal` unless said.
    pub scheme: Option<Scheme>,
    /// Its certificate, in the same Region. Without one it speaks plain HTTP.
    pub certificate: Option<Given<Arn>>,
    /// Where requests are logged; in a bucket of its own for a year unless said.
    pub access_logs: Option<AccessLogs>,
    /// Whether the account refuses to delete it; where data is retained unless said.
    pub deletion_protection: Option<bool>,
    /// Seconds, 60 unless said.
    #[schemars(range(min = 1, max = 4000))]
    pub idle_timeout: Option<u32>,
    /// Name of the TLS policy.
    pub ssl_policy: Option<TlsPolicy>,
    /// Who may connect; everyone for internet-facing, private addresses for internal, unless said.
    pub allowed: Option<Vec<Cidr>>,
    /// A web ACL to put before it.
    pub web_acl: Option<Given<Arn>>,
}

/// Who can reach a load balancer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(inline)]
pub enum Scheme {
    /// Everyone.
    InternetFacing,
    /// The VPC.
    Internal,
}

/// Where requests are logged.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct AccessLogs {
    /// In a bucket to create; `false` for not at all.
    pub create: Option<bool>,
    /// Days until a log in the created bucket goes, 365 unless said.
    #[schemars(range(min = 1, max = 3650))]
    pub days: Option<u32>,
    /// In this existing bucket.
    pub bucket: Option<Text>,
}
