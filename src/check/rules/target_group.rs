//! ASG0330: target-group settings that contradict each other.

use crate::check::{Check, Rule, Subject};
use crate::diagnostics::{Code, Findings, Severity};

const CODE: Code = Code::new("ASG0330");

/// <https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-target-group-attributes.html>
const SLOW_START: u32 = 30;

pub(in crate::check) const RULE: Rule = Rule {
    code: CODE,
    title: "target-group settings that AWS refuses",
    severity: &[Severity::Error],
    docs: "A health check must be over before the next begins, and slow start takes at least 30 seconds, or 0 for off.",
    fails: "roles: { web: { targetGroup: { healthCheck: { interval: 10, timeout: 10 }, slowStart: 10 } } }\n",
    mended: "roles: { web: { targetGroup: { healthCheck: { interval: 10, timeout: 5 }, slowStart: 30 } } }\n",
    check: Check::Spec(check),
};

fn check(subject: &Subject<'_>, findings: &mut Findings) {
    for role in &subject.environment.roles {
        let health = &role.target_group.health_check;
        let at = |rest: &str| Subject::role(role, &format!("/targetGroup/{rest}"));
        if health.timeout >= health.interval {
            let message = format!(
                "a check that times out after {} s never ends before the next, {} s later",
                health.timeout, health.interval
            );
            let error = subject.error(CODE, &at("healthCheck/timeout"), message);
            let interval = subject.place(&at("healthCheck/interval"));
            findings.push(
                error.secondary(interval, "the interval").with_help("make `timeout` smaller than `interval`"),
            );
        }
        let slow_start = role.target_group.slow_start;
        if (1..SLOW_START).contains(&slow_start) {
            let error = subject.error(
                CODE,
                &at("slowStart"),
                format!("slow start takes 30 to 900 s or 0 for off, not {slow_start}"),
            );
            findings.push(error.with_help("write `slowStart: 30`, or remove it"));
        }
    }
}
