//! `alarms`: the standard table, or a list of one's own.

use crate::model::{Alarm, AlarmLevel, Metric, Period};
use crate::source::pointer;
use crate::spec;

use super::codes;
use super::context::Context;
use super::defaults;

pub(super) fn alarms(context: &mut Context<'_>, role: &str, spec: Option<&spec::Alarms>) -> Vec<Alarm> {
    let Some(spec::Alarms::Own(own)) = spec else { return standard() };
    let mut alarms = Vec::new();
    for (index, written) in own.iter().enumerate() {
        let at = pointer(["roles", role, "alarms", &index.to_string()]);
        let lasting = context.period(&format!("{at}/for"), &written.r#for);
        let levels = [(AlarmLevel::Warning, written.warning), (AlarmLevel::Critical, written.critical)];
        if levels.iter().all(|(_, threshold)| threshold.is_none()) {
            let error = context.error(codes::TOGETHER, &at, "the alarm has neither `warning` nor `critical`");
            context.push(error.with_help("write at least one of the two"));
        }
        alarms.extend(levels.into_iter().filter_map(|(level, threshold)| {
            Some(Alarm { metric: metric(written.metric), level, threshold: threshold?, lasting })
        }));
    }
    alarms
}

fn standard() -> Vec<Alarm> {
    let rows = defaults::ALARMS.into_iter();
    rows.flat_map(|(metric, warning, critical, lasting): (Metric, f64, f64, Period)| {
        let levels = defaults::LEVELS.into_iter().zip([warning, critical]);
        levels.map(move |(level, threshold)| Alarm { metric, level, threshold, lasting })
    })
    .collect()
}

const fn metric(name: spec::MetricName) -> Metric {
    match name {
        spec::MetricName::Cpu => Metric::Cpu,
        spec::MetricName::Memory => Metric::Memory,
        spec::MetricName::Disk => Metric::Disk,
        spec::MetricName::ResponseTime => Metric::ResponseTime,
        spec::MetricName::ErrorRate => Metric::ErrorRate,
        spec::MetricName::HealthyHosts => Metric::HealthyHosts,
    }
}
