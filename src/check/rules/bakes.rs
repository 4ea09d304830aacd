//! ASG0342: bakes in which nothing can be seen.

use crate::check::{Check, Rule, Subject};
use crate::diagnostics::{Code, Findings, Severity};
use crate::model::{Alarm, AlarmLevel, Metric, Period, Role, Step};

const CODE: Code = Code::new("ASG0342");

/// A minute until the load balancer's metrics of a minute are there, and one until an alarm has seen them.
const DELAY: Period = Period::minutes(2);

pub(in crate::check) const RULE: Rule = Rule {
    code: CODE,
    title: "a bake shorter than the alarms that guard it",
    severity: &[Severity::Error],
    docs: "An alarm that must be true for five minutes cannot fire in a bake of three: the step would pass because nobody \
           could look. The metrics of requests come about two minutes late, which a bake needs on top.",
    fails: "roles: { web: { rollout: { steps: [provision, verify, { shift: 100, bake: 3m }, { hold: 1h }, retire] } } }\n",
    mended: "roles: { web: { rollout: { steps: [provision, verify, { shift: 100, bake: 10m }, { hold: 1h }, retire] } } }\n",
    check: Check::Spec(check),
};

fn check(subject: &Subject<'_>, findings: &mut Findings) {
    for role in &subject.environment.roles {
        let Some((index, slowest)) = slowest(role) else { continue };
        let needed = slowest.lasting.plus(DELAY);
        let shortest = bakes(role).filter(|(_, time)| *time < needed).min_by_key(|(_, time)| *time);
        if let Some((step, time)) = shortest {
            let message =
                format!("a bake of {time} is too short for alarm `{}`, which needs {needed}", slowest.name());
            let error = subject.error(CODE, &subject.step(role, step), message);
            let alarm = Subject::role(role, &format!("/alarms/{index}"));
            let error = if subject.origins.written(&alarm) {
                error.secondary(subject.place(&alarm), "the alarm")
            } else {
                error
            };
            findings.push(error.with_help(format!("bake for {needed} or longer")));
        }
    }
}

/// The bakes with the index of their step.
fn bakes(role: &Role) -> impl Iterator<Item = (usize, Period)> {
    let steps = role.rollout.strategy.steps.iter().enumerate();
    steps
        .filter_map(|(index, step)| if let Step::Bake(bake) = step { Some((index, bake.time)) } else { None })
}

/// The slowest alarm about requests, and where it stands in a list of one's own. Disks fill by time, not by release.
fn slowest(role: &Role) -> Option<(usize, &Alarm)> {
    const REQUESTS: [Metric; 3] = [Metric::ResponseTime, Metric::ErrorRate, Metric::HealthyHosts];
    let guards = role
        .alarms
        .iter()
        .filter(|alarm| alarm.level == AlarmLevel::Critical && REQUESTS.contains(&alarm.metric));
    let slowest = guards.max_by_key(|alarm| alarm.lasting)?;
    let mut metrics: Vec<Metric> = role.alarms.iter().map(|alarm| alarm.metric).collect();
    metrics.dedup();
    Some((metrics.iter().position(|metric| *metric == slowest.metric)?, slowest))
}
