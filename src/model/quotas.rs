//! What the account has room for.

/// What the account has room for in the environment's Region.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quotas {
    /// vCPUs of running On-Demand Standard instances; `None` where nobody said.
    pub vcpus: Option<u32>,
    /// Rules of a load balancer over all its listeners, without the default ones.
    pub listener_rules: u32,
    /// Targets of a load balancer over all its target groups.
    pub targets: u32,
}

impl Default for Quotas {
    /// What an account has until it asks for more.
    /// <https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-limits.html>
    fn default() -> Self {
        Self { vcpus: None, listener_rules: 100, targets: 1000 }
    }
}
