//! ASG0363: alarms that can never fire, or never be quiet.

use crate::check::{Check, Rule, Subject};
use crate::diagnostics::{Code, Findings, Severity};
use crate::model::{Alarm, LoadBalancer, Metric, Role};

const CODE: Code = Code::new("ASG0363");

/// What a metric comes once in: Elastic Load Balancing's, EC2's with detailed monitoring, the agent's.
/// <https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-cloudwatch-metrics.html>
const MINUTE: u64 = 60;

pub(in crate::check) const RULE: Rule = Rule {
    code: CODE,
    title: "an alarm that can never fire, or never be quiet",
    severity: &[Severity::Error],
    docs: "Percentages end at 100, so an alarm above that never fires; the ratio of healthy hosts ends at 1, so a threshold \
           above that always does. A response slower than the load balancer's idle timeout is ended by it. All metrics \
           come once a minute: an alarm over 10, 20 or 30 seconds has no data most of the time. And a role without any \
           critical alarm has nothing that would take a bake back.",
    fails: "roles: { web: { alarms: [{ metric: cpu, warning: 120, for: 30s }] } }\n",
    mended: "roles: { web: { alarms: [{ metric: cpu, warning: 80, critical: 90, for: 3m }] } }\n",
    check: Check::Spec(check),
};

fn check(subject: &Subject<'_>, findings: &mut Findings) {
    let idle = match &subject.environment.load_balancer {
        LoadBalancer::Created(created) => Some(f64::from(created.idle_timeout)),
        LoadBalancer::Existing(_) => None,
    };
    for role in &subject.environment.roles {
        for alarm in &role.alarms {
            if let Some(problem) = problem(alarm, idle) {
                let message = format!("alarm `{}` of role `{}` {problem}", alarm.name(), role.name);
                findings.push(subject.error(CODE, &subject.alarm(role, alarm.metric), message));
            }
        }
        critical(subject, role, findings);
    }
}

fn problem(alarm: &Alarm, idle: Option<f64>) -> Option<String> {
    let threshold = alarm.threshold;
    let percent = !matches!(alarm.metric, Metric::ResponseTime | Metric::HealthyHosts);
    if percent && threshold >= 100.0 {
        return Some(format!("never fires: nothing is above {threshold} %"));
    }
    if alarm.metric == Metric::HealthyHosts && threshold > 1.0 {
        return Some(format!(
            "always fires: no more than all hosts are healthy, which is 1, not {threshold}"
        ));
    }
    if alarm.metric == Metric::HealthyHosts && threshold <= 0.0 {
        return Some("never fires: there are not fewer than no hosts".to_owned());
    }
    if alarm.metric == Metric::ResponseTime && idle.is_some_and(|idle| threshold >= idle) {
        return Some(format!("never fires: the load balancer ends a request before it takes {threshold} s"));
    }
    let seconds = alarm.lasting.as_seconds();
    (0 < seconds && seconds < MINUTE)
        .then(|| format!("asks every {}, and its metric comes once a minute: write `for: 1m`", alarm.lasting))
}

fn critical(subject: &Subject<'_>, role: &Role, findings: &mut Findings) {
    let critical = |alarm: &Alarm| alarm.level == crate::model::AlarmLevel::Critical;
    if role.alarms.iter().any(critical) {
        return;
    }
    let message = format!("no alarm of role `{}` is critical, so nothing takes a bake back", role.name);
    let error = subject.error(CODE, &Subject::role(role, "/alarms"), message);
    findings.push(error.with_help("write `alarms: standard`, or give one a `critical` level"));
}
