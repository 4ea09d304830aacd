//! Alarms as templates name them: metrics, metric math, periods. One file says how each metric is measured.

use serde::Serialize;
use serde_json::Number;

use super::measures::{self, Measure, MetricContext, compared, cpu, measure, memory};
use super::{names, scalar};
use crate::model::{Alarm, AlarmLevel, Criterion, Environment, Metric, Period, Role, Slot};

/// An alarm of one slot.
#[derive(Debug, Serialize)]
pub(super) struct AlarmContext {
    /// Logical id, `BlueErrorRateCritical`.
    pub(super) id: String,
    pub(super) name: String,
    pub(super) description: String,
    /// Whether it takes a bake back.
    pub(super) in_composite: bool,
    /// Whether people are told of it by itself.
    pub(super) told: bool,
    pub(super) metrics: Vec<MetricContext>,
    /// Over the ids of the metrics; empty where there is one metric and it is the value.
    pub(super) expression: String,
    pub(super) label: &'static str,
    pub(super) comparison: &'static str,
    pub(super) threshold: Number,
    pub(super) period: u64,
    pub(super) evaluations: u64,
    pub(super) missing: &'static str,
    /// Why missing data is treated so.
    pub(super) missing_reason: &'static str,
}

/// `{project}-{environment}-{role}-{slot}-{alarm}`
pub(super) fn alarm_name(environment: &Environment, role: &Role, slot: Slot, alarm: &str) -> String {
    format!("{}-{alarm}", slot_name(environment, role, slot))
}

/// `{project}-{environment}-{role}-{slot}`: the slot in names, and the composite alarm's whole one.
pub(super) fn slot_name(environment: &Environment, role: &Role, slot: Slot) -> String {
    format!("{}-{}-{}-{slot}", environment.project, environment.name, role.name)
}

/// What is watched.
#[derive(Clone, Copy)]
pub(super) struct Watched<'a> {
    pub(super) environment: &'a Environment,
    pub(super) role: &'a Role,
    pub(super) slot: Slot,
}

/// The alarm on that slot.
pub(super) fn of_slot(watched: Watched<'_>, alarm: &Alarm) -> AlarmContext {
    let name = alarm.name();
    let level = alarm.level.as_str();
    let words = format!("{} for {}, {level}", exceeded(alarm.metric, alarm.threshold), alarm.lasting);
    let measure = measure(watched.slot, watched.role, alarm.metric, alarm.lasting);
    AlarmContext {
        in_composite: alarm.level == AlarmLevel::Critical,
        told: true,
        ..context(watched, &name, &words, measure, alarm.threshold, alarm.lasting)
    }
}

/// The alarm that holds a bake to a criterion (requirement 1, section 3.3). It is no news by itself: people are told
/// by the composite.
pub(super) fn of_criterion(watched: Watched<'_>, criterion: Criterion) -> AlarmContext {
    let Watched { role, slot, .. } = watched;
    let (name, threshold, minutes, words) = match criterion {
        Criterion::ErrorRate => ("error-rate", 0.1, 5, "error rate above 0.1 %"),
        Criterion::ResponseTime => ("response-time", 2.0, 3, "response time above 2 s"),
        Criterion::Cpu => ("cpu", 10.0, 5, "CPU more than 10 % off the other slot's"),
        Criterion::Memory => ("memory", 10.0, 5, "memory more than 10 % off the other slot's"),
    };
    let lasting = Period::minutes(minutes);
    let measure = match criterion {
        Criterion::ErrorRate => measure(slot, role, Metric::ErrorRate, lasting),
        Criterion::ResponseTime => measure(slot, role, Metric::ResponseTime, lasting),
        Criterion::Cpu => compared(slot, role, cpu, lasting),
        Criterion::Memory => compared(slot, role, memory, lasting),
    };
    let words = format!("{words} for {lasting}, while baking");
    let name = format!("bake-{name}");
    AlarmContext {
        in_composite: true,
        told: false,
        ..context(watched, &name, &words, measure, threshold, lasting)
    }
}

fn context(
    watched: Watched<'_>,
    name: &str,
    words: &str,
    measure: Measure,
    threshold: f64,
    lasting: Period,
) -> AlarmContext {
    let Watched { environment, role, slot } = watched;
    let minutes = measures::minutes(lasting);
    let (period, evaluations) = if measure.whole { (minutes * 60, 1) } else { (60, minutes) };
    AlarmContext {
        id: format!("{}{}", slot.logical(), names::logical(name)),
        name: alarm_name(environment, role, slot, name),
        description: format!("{} on {slot}: {words}", role.name),
        in_composite: false,
        told: false,
        metrics: measure.metrics,
        expression: measure.expression,
        label: measure.label,
        comparison: measure.comparison,
        threshold: scalar::number(threshold),
        period,
        evaluations,
        missing: measure.missing.0,
        missing_reason: measure.missing.1,
    }
}

fn exceeded(metric: Metric, threshold: f64) -> String {
    match metric {
        Metric::Cpu => format!("CPU above {threshold} %"),
        Metric::Memory => format!("memory above {threshold} %"),
        Metric::Disk => format!("a disk above {threshold} %"),
        Metric::ResponseTime => format!("response time above {threshold} s"),
        Metric::ErrorRate => format!("error rate above {threshold} %"),
        Metric::HealthyHosts => format!("healthy hosts per wanted one below {threshold}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::example;

    fn line(alarm: &AlarmContext) -> String {
        let value = if alarm.expression.is_empty() { alarm.metrics[0].name } else { &alarm.expression };
        let AlarmContext { id, period, evaluations, threshold, missing, .. } = alarm;
        let comparison = if alarm.comparison == "LessThanThreshold" { '<' } else { '>' };
        let composite = if alarm.in_composite { ", takes back" } else { "" };
        format!("{id}: {value} {comparison} {threshold}, {evaluations} × {period} s, {missing}{composite}\n")
    }

    #[test]
    fn the_standard_alarms_of_a_slot() {
        let environment = example::poc();
        let watched = Watched { environment: &environment, role: &environment.roles[0], slot: Slot::Blue };
        let alarms = watched.role.alarms.iter().map(|alarm| of_slot(watched, alarm));
        let criteria = [Criterion::ErrorRate, Criterion::ResponseTime, Criterion::Cpu, Criterion::Memory];
        let criteria = criteria.map(|criterion| of_criterion(watched, criterion));
        let text: String = alarms.chain(criteria).map(|alarm| line(&alarm)).collect();
        insta::assert_snapshot!(text, @r#"
        BlueCpuWarning: CPUUtilization > 70, 5 × 60 s, notBreaching
        BlueCpuCritical: CPUUtilization > 80, 5 × 60 s, notBreaching, takes back
        BlueMemoryWarning: mem_used_percent > 85, 5 × 60 s, missing
        BlueMemoryCritical: mem_used_percent > 90, 5 × 60 s, missing, takes back
        BlueDiskWarning: disk_used_percent > 80, 10 × 60 s, missing
        BlueDiskCritical: disk_used_percent > 85, 10 × 60 s, missing, takes back
        BlueResponseTimeWarning: TargetResponseTime > 2, 3 × 60 s, notBreaching
        BlueResponseTimeCritical: TargetResponseTime > 5, 3 × 60 s, notBreaching, takes back
        BlueErrorRateWarning: IF(requests >= 5000 AND FILL(errors, 0) > 1, 100 * FILL(errors, 0) / requests, 0) > 0.1, 1 × 300 s, notBreaching
        BlueErrorRateCritical: IF(requests >= 5000 AND FILL(errors, 0) > 1, 100 * FILL(errors, 0) / requests, 0) > 1, 1 × 300 s, notBreaching, takes back
        BlueHealthyHostsWarning: IF(wanted > 0, FILL(healthy, 0) / wanted, 1) < 1, 3 × 60 s, breaching
        BlueHealthyHostsCritical: IF(wanted > 0, FILL(healthy, 0) / wanted, 1) < 0.5, 3 × 60 s, breaching, takes back
        BlueBakeErrorRate: IF(requests >= 5000 AND FILL(errors, 0) > 1, 100 * FILL(errors, 0) / requests, 0) > 0.1, 1 × 300 s, notBreaching, takes back
        BlueBakeResponseTime: TargetResponseTime > 2, 3 × 60 s, notBreaching, takes back
        BlueBakeCpu: IF(requests >= 5000 AND ABS(requests - others) <= 0.1 * others, 100 * ABS(here - there) / there, 0) > 10, 1 × 300 s, notBreaching, takes back
        BlueBakeMemory: IF(requests >= 5000 AND ABS(requests - others) <= 0.1 * others, 100 * ABS(here - there) / there, 0) > 10, 1 × 300 s, notBreaching, takes back
        "#);
    }

    #[test]
    fn an_alarm_looks_back_for_as_long_as_it_must_last() {
        let environment = example::poc();
        let watched = Watched { environment: &environment, role: &environment.roles[0], slot: Slot::Green };
        for metric in Metric::ALL {
            for (seconds, looks_back) in [(0, 60), (45, 60), (60, 60), (180, 180), (3_600, 3_600)] {
                let lasting = Period::seconds(seconds);
                let alarm = Alarm { metric, level: AlarmLevel::Warning, threshold: 1.0, lasting };
                let AlarmContext { period, evaluations, .. } = of_slot(watched, &alarm);
                assert_eq!(period * evaluations, looks_back, "{} for {lasting}", metric.as_str());
            }
        }
    }
}
