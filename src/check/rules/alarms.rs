//! ASG0345: alarms CloudWatch refuses, or that contradict each other.

use crate::check::{Check, Rule, Subject};
use crate::diagnostics::{Code, Findings, Severity};
use crate::model::{Alarm, AlarmLevel, Metric};

const CODE: Code = Code::new("ASG0345");

/// Periods CloudWatch takes besides whole minutes, in seconds.
/// <https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html>
const SHORT: [u64; 3] = [10, 20, 30];
/// Period times evaluations, in seconds.
const LONGEST: u64 = 86_400;

pub(in crate::check) const RULE: Rule = Rule {
    code: CODE,
    title: "an alarm that cannot be, or contradicts another",
    severity: &[Severity::Error],
    docs: "An alarm lasts 10, 20 or 30 seconds or whole minutes, at most a day. Each metric has at most one warning and \
           one critical alarm, and the warning comes first: below the critical threshold, or above it for healthy hosts.",
    fails: "roles: { web: { alarms: [{ metric: cpu, warning: 90, critical: 80, for: 90s }] } }\n",
    mended: "roles: { web: { alarms: [{ metric: cpu, warning: 80, critical: 90, for: 2m }] } }\n",
    check: Check::Spec(check),
};

fn check(subject: &Subject<'_>, findings: &mut Findings) {
    for role in &subject.environment.roles {
        for metric in Metric::ALL {
            let of_metric: Vec<&Alarm> = role.alarms.iter().filter(|alarm| alarm.metric == metric).collect();
            for problem in problems(metric, &of_metric) {
                let place = subject.alarm(role, metric);
                findings.push(subject.error(CODE, &place, format!("alarm `{}`: {problem}", metric.as_str())));
            }
        }
    }
}

fn problems(metric: Metric, alarms: &[&Alarm]) -> Vec<String> {
    let mut problems = Vec::new();
    for (index, alarm) in alarms.iter().enumerate() {
        let seconds = alarm.lasting.as_seconds();
        let first = alarms.iter().take(index).all(|other| other.lasting != alarm.lasting);
        if first && (seconds == 0 || (!SHORT.contains(&seconds) && seconds % 60 != 0)) {
            problems.push(format!("lasts 10s, 20s, 30s or whole minutes, not {}", alarm.lasting));
        }
        if first && seconds > LONGEST {
            problems.push(format!("lasts at most a day, not {}", alarm.lasting));
        }
        if alarms.iter().take(index).any(|other| other.level == alarm.level) {
            problems.push(format!("has two {} levels", alarm.level.as_str()));
        }
    }
    let level = |wanted| alarms.iter().find(|alarm| alarm.level == wanted).map(|alarm| alarm.threshold);
    if let (Some(warning), Some(critical)) = (level(AlarmLevel::Warning), level(AlarmLevel::Critical)) {
        // Hosts become fewer, everything else becomes more.
        let milder = if metric == Metric::HealthyHosts { warning > critical } else { warning < critical };
        if !milder {
            problems.push(format!(
                "the warning at {warning} is not milder than the critical level at {critical}"
            ));
        }
    }
    problems
}
