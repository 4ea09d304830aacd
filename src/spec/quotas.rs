//! `quotas`: what the account has room for.

use schemars::JsonSchema;
use serde::Deserialize;

/// What the account has room for in this Region, as Service Quotas shows it, less what others use.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Quotas {
    /// vCPUs of running On-Demand Standard instances.
    #[schemars(range(min = 1))]
    pub vcpus: Option<u32>,
    /// Rules of a load balancer, 100 unless raised.
    #[schemars(range(min = 1))]
    pub listener_rules: Option<u32>,
    /// Targets of a load balancer, 1000 unless raised.
    #[schemars(range(min = 1))]
    pub targets: Option<u32>,
}
