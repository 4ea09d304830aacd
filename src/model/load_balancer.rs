//! What receives requests.

use super::Input;

/// Existing or created.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LoadBalancer {
    /// The load-balancer stack creates it.
    Created(CreatedLoadBalancer),
    /// Rules are added to a listener that others keep.
    Existing(ExistingLoadBalancer),
}

/// A load balancer that the stack creates.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CreatedLoadBalancer {
    /// Who can reach it.
    pub scheme: Scheme,
    /// ARN of the certificate; without one the listener speaks plain HTTP, which a policy finding tells.
    pub certificate: Option<Input>,
    /// Where requests are logged.
    pub access_logs: AccessLogs,
    /// Whether the account refuses to delete it.
    pub deletion_protection: bool,
    /// Seconds, 1 to 4,000.
    pub idle_timeout: u32,
    /// Name of the listener's TLS policy.
    pub ssl_policy: String,
    /// CIDR blocks that may connect.
    pub allowed: Vec<String>,
    /// ARN of a web ACL.
    pub web_acl: Option<Input>,
}

/// A listener that others keep.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExistingLoadBalancer {
    /// `arn:aws:elasticloadbalancing:…:listener/app/name/id/id`
    pub listener: String,
    /// `app/name/id`, from the listener's ARN: the metric dimension.
    pub full_name: String,
    /// The security group that may reach instances, `sg-…`.
    pub security_group: String,
}

/// Who can reach a load balancer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scheme {
    /// Everyone.
    InternetFacing,
    /// The VPC.
    Internal,
}

impl Scheme {
    /// Elastic Load Balancing's word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::InternetFacing => "internet-facing",
            Self::Internal => "internal",
        }
    }
}

/// Where requests are logged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AccessLogs {
    /// Not at all; a policy finding tells.
    Off,
    /// A bucket of the load-balancer stack, kept for so many days.
    Create {
        /// Days after which a log object expires.
        days: u32,
    },
    /// A bucket that others keep.
    Bucket(String),
}
