//! ASG0344: too few requests to show anything.

use crate::check::{Check, Rule, Subject};
use crate::diagnostics::{Code, Findings, Severity};
use crate::model::{AlarmLevel, Bake, Criterion, Metric, Period, Role, Step};

const CODE: Code = Code::new("ASG0344");

/// Seeing none of an event that happens once in `n` shows at 95 % that it is rarer, after `3 n` tries.
const RULE_OF_THREE: f64 = 3.0;
/// The error rate of a bake's criterion in percent: requirement 2, section 3.3.
const CRITERION: f64 = 0.1;

pub(in crate::check) const RULE: Rule = Rule {
    code: CODE,
    title: "too few requests in a bake to show the error rate",
    severity: &[Severity::Warning],
    docs: "Where the spec says how many requests a role expects, each bake should see enough of them: about 3 / rate for \
           95 % certainty, with the rate at which the bake is taken back: the criterion's 0.1 % where the bake has it, else \
           that of the critical alarm. 0.1 % takes 3,000 requests, 1 % takes 300. Below `minRequests` a minute the rate does \
           not count at all, and the bake would pass without evidence.",
    fails: "roles: { web: { rollout: { strategy: blue-green, expectedRequests: 120 } } }\n",
    mended: "roles: { web: { rollout: { strategy: blue-green, expectedRequests: 6000 } } }\n",
    check: Check::Spec(check),
};

fn check(subject: &Subject<'_>, findings: &mut Findings) {
    for role in &subject.environment.roles {
        let Some(expected) = role.rollout.expected_requests else { continue };
        let at = Subject::role(role, "/rollout/expectedRequests");
        let Some((share, bake)) = weakest(role) else { continue };
        let time = bake.time;
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
        } else if let Some(needed) = needed(role, bake).filter(|needed| seen < *needed) {
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
fn weakest(role: &Role) -> Option<(u32, &Bake)> {
    let (mut share, mut bakes) = (0, Vec::new());
    for step in &role.rollout.strategy.steps {
        match step {
            Step::Shift { percent, .. } => share = *percent,
            Step::Bake(bake) if share > 0 => bakes.push((share, bake)),
            _ => {}
        }
    }
    let seen = |(share, bake): &(u32, &Bake)| f64::from(*share) * minutes(bake.time);
    bakes.into_iter().min_by(|a, b| seen(a).total_cmp(&seen(b)))
}

/// Requests that show the rate at which the bake is taken back.
fn needed(role: &Role, bake: &Bake) -> Option<f64> {
    let mut alarms = role.alarms.iter().filter(|alarm| alarm.metric == Metric::ErrorRate);
    let alarm = alarms.find(|alarm| alarm.level == AlarmLevel::Critical).map(|alarm| alarm.threshold);
    let criterion = bake.criteria.contains(&Criterion::ErrorRate).then_some(CRITERION);
    let percent = criterion.or(alarm)?;
    (percent > 0.0).then(|| RULE_OF_THREE * 100.0 / percent)
}

fn minutes(time: Period) -> f64 {
    time.as_duration().as_secs_f64() / 60.0
}
