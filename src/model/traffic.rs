//! How requests reach a role.

use indexmap::IndexMap;

/// Properties of both slots' target groups.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TargetGroup {
    /// The port instances listen on. Create-only: moved per slot.
    pub port: u16,
    /// `HTTP` or `HTTPS`. Create-only: moved per slot.
    pub protocol: String,
    /// `HTTP1`, `HTTP2` or `GRPC`. Create-only: moved per slot.
    pub protocol_version: String,
    /// What counts as healthy.
    pub health_check: HealthCheck,
    /// Seconds, 0 to 3,600.
    pub deregistration_delay: u32,
    /// Seconds, 0 or 30 to 900.
    pub slow_start: u32,
}

/// What counts as healthy. <https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html>
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HealthCheck {
    /// Such as `/health`.
    pub path: String,
    /// Seconds between checks, 5 to 300.
    pub interval: u32,
    /// Seconds until one fails, 2 to 120, below the interval.
    pub timeout: u32,
    /// Successes in a row until healthy, 2 to 10.
    pub healthy: u32,
    /// Failures in a row until unhealthy, 2 to 10.
    pub unhealthy: u32,
    /// HTTP codes that count as success, `200` or `200-299`.
    pub matcher: String,
}

/// Which requests reach a role: conditions are ANDed, their values ORed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Route {
    /// Unique in its role; alphanumeric, part of logical ids.
    pub name: String,
    /// 10 to 50,000. The [`Route::COHORT_WINDOW`] numbers below it are reserved for cohort rules.
    pub priority: u32,
    /// Path patterns; empty for every path.
    pub paths: Vec<String>,
    /// Host patterns; empty for every host.
    pub hosts: Vec<String>,
    /// Header name to values.
    pub headers: IndexMap<String, Vec<String>>,
    /// HTTP methods; empty for all.
    pub methods: Vec<String>,
    /// Query strings, `key=value` or `value`.
    pub query: Vec<String>,
    /// CIDR blocks of the connecting peer.
    pub source: Vec<String>,
}

impl Route {
    /// How many priorities below a route belong to its cohort rules: a cohort rule carries the route's own
    /// conditions, and must be evaluated before that route but after every route before it.
    pub const COHORT_WINDOW: u32 = 9;
}

/// Who is sent to the candidate before everyone, each way of recognising them a listener rule of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cohort {
    /// Alphanumeric, such as `verification`, `pilot`; part of parameter names.
    pub name: String,
    /// One listener rule each, in this order, at priorities below the route's.
    pub matches: Vec<CohortMatch>,
}

/// One way to recognise a cohort.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CohortMatch {
    /// A request header has one of these values.
    Header {
        /// At most 40 characters, not `Host`.
        name: String,
        /// At most 128 characters each.
        values: Vec<String>,
    },
    /// The cookie is present with this value.
    Cookie {
        /// Cookie name.
        name: String,
        /// Cookie value.
        value: String,
    },
    /// The peer connects from one of these CIDR blocks.
    Source(Vec<String>),
}
