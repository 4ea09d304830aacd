//! Every default, in one place, each with where its number comes from.

use crate::model::{AlarmLevel, Metric, Period};

/// Image the base layer is built on: the only managed one whose components asagi keeps.
pub const PARENT: &str = "amazon-linux-2023";
/// When base layers are built: the patch calendar of requirement 2, section 4.
pub const BUILD_SCHEDULE: &str = "2nd Wed 03:00 Asia/Tokyo";
/// What x86 images are built on; requirement 2, section 2 (build instance).
pub const BUILD_INSTANCE_X86: &str = "t3.medium";
/// The same on Graviton.
pub const BUILD_INSTANCE_ARM: &str = "t4g.medium";
/// Generations kept per layer: requirement 2, section 2.
pub const GENERATIONS: u32 = 10;
/// With retention by age, kept whatever their age: requirement 1, section 2.1.
pub const RETAIN_AT_LEAST: u32 = 3;

/// Target of the scaling policy in percent: leaves room below the 70 % at which people are told.
pub const SCALING_CPU: f64 = 60.0;
/// Root volume in GiB: the size Amazon Linux 2023 needs, and room for three agents and a Tomcat.
pub const ROOT_SIZE: u32 = 30;
/// Root device of Amazon Linux 2023.
pub const ROOT_DEVICE: &str = "/dev/xvda";
/// Warm-up: an instance starts in 2 to 3 minutes and registers in up to one (requirement 1, section 5.1).
pub const WARMUP: Period = Period::minutes(4);

/// Elastic Load Balancing's own defaults of a target group's health check and attributes.
/// <https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html>
pub mod target_group {
    /// Seconds between checks.
    pub const INTERVAL: u32 = 30;
    /// Seconds until a check fails; kept below a shorter interval.
    pub const TIMEOUT: u32 = 5;
    /// Successes in a row.
    pub const HEALTHY: u32 = 5;
    /// Failures in a row.
    pub const UNHEALTHY: u32 = 2;
    /// Codes of success.
    pub const MATCHER: &str = "200";
    /// Seconds.
    pub const DEREGISTRATION_DELAY: u32 = 300;
}

/// Seconds, Elastic Load Balancing's own.
pub const IDLE_TIMEOUT: u32 = 60;
/// The policy Elastic Load Balancing recommends: TLS 1.2 and 1.3.
pub const SSL_POLICY: &str = "ELBSecurityPolicy-TLS13-1-2-2021-06";
/// Days access logs are kept: a year, as Security Hub's CloudWatch.16 asks of logs.
pub const LOG_DAYS: u32 = 365;
/// Who may reach an internet-facing load balancer.
pub const ANYWHERE: &str = "0.0.0.0/0";
/// Who may reach an internal one in a network that asagi does not know: private addresses (RFC 1918).
pub const PRIVATE: [&str; 3] = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"];

/// Zones of a created network: the fewest a load balancer takes.
pub const ZONES: u32 = 2;
/// A created network's private and public subnets are eighths of its block, four of each kind, so that a zone can be
/// added without moving the others.
pub const SUBNET_BITS: u32 = 3;
/// Services reached without the internet: the gateway that costs nothing.
pub const ENDPOINTS: [&str; 1] = ["s3"];

/// Patch scan: the first Wednesday of the patch calendar (requirement 2, section 4).
pub const PATCH_SCAN: &str = "1st Wed 03:00 Asia/Tokyo";

/// The strategy where none is named: the requirement's own default (requirement 2, section 3.1).
pub const STRATEGY: &str = "blue-green";
/// Requests in a minute below which an error rate does not count: with fewer, one error is more than 1 %.
pub const MIN_REQUESTS: u32 = 100;

/// The standard alarms: design section 7 from requirement 2, section 5. Percent, seconds, ratio.
pub const ALARMS: [(Metric, f64, f64, Period); 6] = [
    (Metric::Cpu, 70.0, 80.0, Period::minutes(5)),
    (Metric::Memory, 85.0, 90.0, Period::minutes(5)),
    (Metric::Disk, 80.0, 85.0, Period::minutes(10)),
    (Metric::ResponseTime, 2.0, 5.0, Period::minutes(3)),
    (Metric::ErrorRate, 0.1, 1.0, Period::minutes(5)),
    (Metric::HealthyHosts, 1.0, 0.5, Period::minutes(3)),
];
/// The levels in the order of the table's columns.
pub const LEVELS: [AlarmLevel; 2] = [AlarmLevel::Warning, AlarmLevel::Critical];
