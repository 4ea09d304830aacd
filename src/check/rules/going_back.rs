//! ASG0358: rollbacks that cannot keep their promise.

use crate::check::{Check, Rule, Subject};
use crate::diagnostics::{Code, Findings, Severity};
use crate::model::{Period, Role, Step};

const CODE: Code = Code::new("ASG0358");

/// Requirement 2, section 3: back within three minutes.
const PROMISE: Period = Period::minutes(3);
/// A change of weights: cancelling what runs, one change set, and its update (requirement 1, section 5.1).
const WEIGHTS: Period = Period::minutes(2);

pub(in crate::check) const RULE: Rule = Rule {
    code: CODE,
    title: "going back takes longer than three minutes",
    severity: &[Severity::Warning],
    docs: "Going back is promised within three minutes: the old slot is at full capacity, and only weights move, which takes \
           about two. Without a `hold` the old slot is emptied as soon as everyone has left it, and with `refresh` it never \
           was: going back then launches instances, and waits for their warm-up and health checks, batch by batch. This \
           adds up the longest path.",
    fails: "roles: { web: { rollout: { steps: [provision, verify, { shift: 100, bake: 15m }, retire] } } }\n",
    mended: "roles: { web: { rollout: { steps: [provision, verify, { shift: 100, bake: 15m }, { hold: 24h }, retire] } } }\n",
    check: Check::Spec(check),
};

fn check(subject: &Subject<'_>, findings: &mut Findings) {
    for role in &subject.environment.roles {
        let (longest, why) = longest(role);
        if longest <= PROMISE {
            continue;
        }
        let message = format!(
            "going back takes role `{}` about {longest}, more than the {PROMISE} promised: {why}",
            role.name
        );
        let warning = subject.warning(CODE, &subject.steps(role), message);
        findings.push(warning.with_help(
            "keep the old slot for a while: a strategy of two slots, with `{ hold: 24h }` before `retire`",
        ));
    }
}

/// The longest way back while somebody may still want it, and what makes it so.
fn longest(role: &Role) -> (Period, &'static str) {
    let steps = &role.rollout.strategy.steps;
    let health = &role.target_group.health_check;
    let start = Period::seconds(
        u64::from(role.instances.warmup) + u64::from(health.interval) * u64::from(health.healthy),
    );
    let refresh = steps.iter().find_map(|step| match step {
        Step::Refresh { checkpoints, delay } => Some((checkpoints.len() as u64, *delay)),
        _ => None,
    });
    if let Some((batches, delay)) = refresh {
        let each = start.as_seconds() * batches + delay.as_seconds() * batches.saturating_sub(1);
        return (WEIGHTS.plus(Period::seconds(each)), "every instance is replaced again, batch by batch");
    }
    // A bake or an approval after everyone moved keeps the old slot as a hold does.
    let everyone = steps.iter().position(|step| matches!(step, Step::Shift { percent: 100, .. }));
    let kept = everyone.map(|at| {
        steps.iter().skip(at).fold(Period::ZERO, |kept, step| match step {
            Step::Hold(time) => kept.plus(*time),
            Step::Bake(bake) if bake.time >= Period::hours(1) => kept.plus(bake.time),
            Step::Approval { within } => kept.plus(*within),
            _ => kept,
        })
    });
    match kept {
        Some(kept) if kept == Period::ZERO => {
            (WEIGHTS.plus(start), "the old slot is empty by then and has to be filled again")
        }
        _ => (WEIGHTS, ""),
    }
}
