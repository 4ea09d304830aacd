//! How each metric of a slot is measured: namespace, dimensions, metric math, and what missing data means.

use serde::Serialize;

use super::names;
use crate::model::{Metric, Period, Role, Slot};

/// A metric of one slot.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct MetricContext {
    /// Its name in the expression.
    pub(super) id: &'static str,
    pub(super) namespace: &'static str,
    pub(super) name: &'static str,
    pub(super) stat: &'static str,
    /// Dimension names and the parameters that hold their values.
    pub(super) dimensions: Vec<(&'static str, String)>,
}

/// How a value comes from metrics.
pub(super) struct Measure {
    pub(super) metrics: Vec<MetricContext>,
    pub(super) expression: String,
    pub(super) label: &'static str,
    pub(super) comparison: &'static str,
    /// One period as long as the alarm lasts, for rates: a minute holds too few requests.
    pub(super) whole: bool,
    pub(super) missing: (&'static str, &'static str),
}

const ABOVE: &str = "GreaterThanThreshold";
const BELOW: &str = "LessThanThreshold";

/// Nothing is reported where there is nothing to report.
const QUIET: (&str, &str) = ("notBreaching", "No instance, no request: no data, and nothing wrong.");
const SILENT: (&str, &str) = ("missing", "A silent agent is no evidence: the state says so.");
const LOST: (&str, &str) = ("breaching", "Not even the group's wanted size is known.");

/// The metric of that slot, for an alarm that lasts so long.
pub(super) fn measure(slot: Slot, role: &Role, metric: Metric, lasting: Period) -> Measure {
    let plain = |metric, label, missing| Measure {
        metrics: vec![metric],
        expression: String::new(),
        label,
        comparison: ABOVE,
        whole: false,
        missing,
    };
    match metric {
        Metric::Cpu => plain(cpu("cpu", slot), "CPU, percent", QUIET),
        Metric::Memory => plain(memory("memory", slot), "memory, percent", SILENT),
        Metric::Disk => plain(disk("disk", slot), "disk, percent", SILENT),
        Metric::ResponseTime => {
            plain(target("seconds", "TargetResponseTime", "Average", slot), "response time, seconds", QUIET)
        }
        Metric::ErrorRate => Measure {
            metrics: vec![
                target("requests", "RequestCount", "Sum", slot),
                target("errors", "HTTPCode_Target_5XX_Count", "Sum", slot),
            ],
            // Too few requests prove nothing, and neither does a single error; errors are reported only when there are
            // some.
            expression: format!(
                "IF(requests >= {} AND FILL(errors, 0) > 1, 100 * FILL(errors, 0) / requests, 0)",
                fewest(role, lasting)
            ),
            label: "error rate, percent",
            comparison: ABOVE,
            whole: true,
            missing: QUIET,
        },
        Metric::HealthyHosts => Measure {
            metrics: vec![
                target("healthy", "HealthyHostCount", "Minimum", slot),
                group("wanted", "AWS/AutoScaling", "GroupDesiredCapacity", "Maximum", slot),
            ],
            // A slot that wants none is well; without a single target the healthy are not counted at all.
            expression: "IF(wanted > 0, FILL(healthy, 0) / wanted, 1)".to_owned(),
            label: "healthy per wanted",
            comparison: BELOW,
            whole: false,
            missing: LOST,
        },
    }
}

/// By how many percent the slot is off the other one, and nothing unless both take about as many requests: at 10 % of
/// the traffic CPU always differs.
pub(super) fn compared(
    slot: Slot,
    role: &Role,
    metric: fn(&'static str, Slot) -> MetricContext,
    lasting: Period,
) -> Measure {
    let other = slot.other();
    Measure {
        metrics: vec![
            metric("here", slot),
            metric("there", other),
            target("requests", "RequestCount", "Sum", slot),
            target("others", "RequestCount", "Sum", other),
        ],
        expression: format!(
            "IF(requests >= {} AND ABS(requests - others) <= 0.1 * others, 100 * ABS(here - there) / there, 0)",
            fewest(role, lasting)
        ),
        label: "difference, percent",
        comparison: ABOVE,
        whole: true,
        missing: QUIET,
    }
}

/// Fewest requests in one such period for a rate to count: the spec says how many a minute.
fn fewest(role: &Role, lasting: Period) -> u64 {
    u64::from(role.rollout.min_requests.max(1)).saturating_mul(minutes(lasting))
}

/// Minutes of an alarm's period; CloudWatch's metrics come once a minute.
pub(super) fn minutes(lasting: Period) -> u64 {
    lasting.as_minutes_up().max(1)
}

pub(super) fn cpu(id: &'static str, slot: Slot) -> MetricContext {
    group(id, "AWS/EC2", "CPUUtilization", "Average", slot)
}

pub(super) fn memory(id: &'static str, slot: Slot) -> MetricContext {
    group(id, "CWAgent", "mem_used_percent", "Average", slot)
}

/// The fullest disk of any instance.
pub(super) fn disk(id: &'static str, slot: Slot) -> MetricContext {
    group(id, "CWAgent", "disk_used_percent", "Maximum", slot)
}

/// A metric of the slot's group. The agent's are there only when it aggregates by this dimension.
pub(super) fn group(
    id: &'static str,
    namespace: &'static str,
    name: &'static str,
    stat: &'static str,
    slot: Slot,
) -> MetricContext {
    let dimensions = vec![("AutoScalingGroupName", format!("{}GroupName", slot.logical()))];
    MetricContext { id, namespace, name, stat, dimensions }
}

/// A metric of the slot's target group.
pub(super) fn target(id: &'static str, name: &'static str, stat: &'static str, slot: Slot) -> MetricContext {
    let dimensions = vec![
        ("LoadBalancer", "LoadBalancerFullName".to_owned()),
        ("TargetGroup", names::target_group_full_name(slot)),
    ];
    MetricContext { id, namespace: "AWS/ApplicationELB", name, stat, dimensions }
}
