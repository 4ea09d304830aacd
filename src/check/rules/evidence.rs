//! ASG0344: too few requests to show anything.

use crate::check::{Check, Rule, Subject};
use crate::diagnostics::{Code, Findings};
use crate::model::{AlarmLevel, Metric, Period, Role, Step};

const CODE: Code = Code::new("ASG0344");

/// Seeing none of an event that happens once in `n` shows at 95 % that it is rarer, after `3 n` tries.
const RULE_OF_THREE: f64 = 3.0;

pub(in crate::check) const RULE: Rule = Rule {
    code: CODE,
    title: "too few requests in a bake to show the error rate",
    docs: "Where the spec says how many requests a role expects, each bake should see enough of them: about 3 / rate for \
           95 % certainty, with the rate at which the critical alarm fires. Below `minRequests` a minute the rate does \
           not count at all, and the bake would pass without evidence.",
    fails: "roles: { web: { rollout: { strategy: blue-green, expectedRequests: 120 } } }\n",
    mended: "roles: { web: { rollout: { strategy: blue-green, expectedRequests: 6000 } } }\n",
    check: Check::Spec(check),
};

fn check(subject: &Subject<'_>, findings: &mut Findings) {
    for role in &subject.environment.roles {
        let Some(expected) = role.rollout.expected_requests else { continue };
        let at = Subject::role(role, "/rollout/expectedRequests");
        let Some((share, time)) = weakest(role, expected) else { continue };
        let per_minute = expected * f64::from(share) / 100.0;
        let seen = per_minute * minutes(time);
        let least = f64::from(role.rollout.min_requests);
        if per_minute < least {
            let message = format!(
                "at {share} % about {per_minute:.0} requests a minute arrive, and below {least:.0} errors do not count"
            );
            findings.push(
                subject
                    .warning(CODE, &at, message)
                    .with_help("lower `minRequests`, or begin with a larger share"),
            );
        } else if let Some(needed) = needed(role).filter(|needed| seen < *needed) {
            let message = format!(
                "in {time} at {share} % about {seen:.0} requests arrive, {needed:.0} are needed to show the error rate"
            );
            let longer = Period::minutes((needed / per_minute).ceil() as u64);
            findings.push(
                subject
                    .warning(CODE, &at, message)
                    .with_help(format!("bake for {longer}, or begin with a larger share")),
            );
        }
    }
}

/// The share and the time of the bake in which the fewest requests arrive.
fn weakest(role: &Role, expected: f64) -> Option<(u32, Period)> {
    let (mut share, mut bakes) = (0, Vec::new());
    for step in &role.rollout.strategy.steps {
        match step {
            Step::Shift { percent, .. } => share = *percent,
            Step::Bake(bake) if share > 0 => bakes.push((share, bake.time)),
            _ => {}
        }
    }
    let seen = |(share, time): &(u32, Period)| expected * f64::from(*share) * minutes(*time);
    bakes.into_iter().min_by(|a, b| seen(a).total_cmp(&seen(b)))
}

/// Requests that show the rate of the critical alarm.
fn needed(role: &Role) -> Option<f64> {
    let mut alarms = role.alarms.iter().filter(|alarm| alarm.metric == Metric::ErrorRate);
    let percent = alarms.find(|alarm| alarm.level == AlarmLevel::Critical)?.threshold;
    (percent > 0.0).then(|| RULE_OF_THREE * 100.0 / percent)
}

fn minutes(time: Period) -> f64 {
    time.as_duration().as_secs_f64() / 60.0
}
