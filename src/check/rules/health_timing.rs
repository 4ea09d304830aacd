//! ASG0354: health checks that are slower than what waits for them.

use crate::check::{Check, Rule, Subject};
use crate::diagnostics::{Code, Findings, Severity};
use crate::model::Role;

const CODE: Code = Code::new("ASG0354");

/// A rollback is promised within three minutes (requirement 2, section 3); an instance that fails should leave sooner
/// than a whole release does.
const PROMISE: u32 = 180;

pub(in crate::check) const RULE: Rule = Rule {
    code: CODE,
    title: "a health check that is slower than what waits for it",
    severity: &[Severity::Error, Severity::Warning],
    docs: "The group replaces an instance that is still unhealthy when its warm-up ends (asagi sets the health-check grace \
           period to it). If `interval` times `healthy` is longer than the warm-up, an instance that has to recover once \
           never gets there, and the group replaces instances for ever. And an instance that fails gets requests for \
           `interval` times `unhealthy` seconds: more than three minutes is longer than a whole release takes to be \
           taken back. <https://docs.aws.amazon.com/autoscaling/ec2/userguide/health-check-grace-period.html>",
    fails: "roles:\n  web:\n    instances: { warmup: 60s }\n    targetGroup: { healthCheck: { interval: 60, healthy: 5, unhealthy: 10 } }\n",
    mended: "roles:\n  web:\n    instances: { warmup: 6m }\n    targetGroup: { healthCheck: { interval: 60, healthy: 5, unhealthy: 3 } }\n",
    check: Check::Spec(check),
};

fn check(subject: &Subject<'_>, findings: &mut Findings) {
    for role in &subject.environment.roles {
        recovery(subject, role, findings);
        detection(subject, role, findings);
    }
}

fn recovery(subject: &Subject<'_>, role: &Role, findings: &mut Findings) {
    let (health, warmup) = (&role.target_group.health_check, role.instances.warmup);
    let needed = health.interval.saturating_mul(health.healthy);
    if warmup >= needed {
        return;
    }
    let message = format!(
        "instances of role `{}` must be healthy {warmup} s after their start, and {} checks {} s apart take {needed} s",
        role.name, health.healthy, health.interval
    );
    let error = subject.error(CODE, &Subject::role(role, "/instances/warmup"), message);
    let interval = subject.place(&Subject::role(role, "/targetGroup/healthCheck"));
    findings.push(
        error
            .secondary(interval, "the checks")
            .with_help(format!("write `warmup: {needed}s` or longer, or check more often")),
    );
}

fn detection(subject: &Subject<'_>, role: &Role, findings: &mut Findings) {
    let health = &role.target_group.health_check;
    let blind = health.interval.saturating_mul(health.unhealthy);
    if blind <= PROMISE {
        return;
    }
    let message = format!(
        "an instance of role `{}` that fails gets requests for {blind} s more: {} checks {} s apart",
        role.name, health.unhealthy, health.interval
    );
    let at = Subject::role(role, "/targetGroup/healthCheck/unhealthy");
    let most = (PROMISE / health.interval.max(1)).max(2);
    findings.push(
        subject
            .warning(CODE, &at, message)
            .with_help(format!("write `unhealthy: {most}`, or check more often")),
    );
}
