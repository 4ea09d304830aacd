//! ASG0359: old slots that go before anybody has looked.

use crate::check::{Check, Rule, Subject};
use crate::diagnostics::{Code, Findings, Severity};
use crate::model::{Approval, Period, Step};

const CODE: Code = Code::new("ASG0359");

/// Requirement 1, section 5.2: the old slot stays at full capacity for a day in production.
const DAY: Period = Period::hours(24);

pub(in crate::check) const RULE: Rule = Rule {
    code: CODE,
    title: "the old slot is kept for less than a day where a person must approve",
    severity: &[Severity::Warning],
    docs: "Some faults show only under a day's load: a nightly job, the morning's peak, a leak. Where a person must approve \
           releases the old slot is kept for 24 hours, so that all of those can still be answered within three minutes. \
           Bakes and approvals after everyone has moved count too, since the old slot is there until `retire`.",
    fails: "protection: { approval: manual }\nroles: { web: { rollout: { strategy: blue-green, hold: 1h } } }\n",
    mended: "protection: { approval: manual }\nroles: { web: { rollout: { strategy: blue-green, hold: 24h } } }\n",
    check: Check::Spec(check),
};

fn check(subject: &Subject<'_>, findings: &mut Findings) {
    if subject.environment.protection.approval != Approval::Manual {
        return;
    }
    for role in &subject.environment.roles {
        let steps = &role.rollout.strategy.steps;
        let Some(everyone) = steps.iter().position(|step| matches!(step, Step::Shift { percent: 100, .. }))
        else {
            continue;
        };
        let kept = steps.iter().skip(everyone).fold(Period::ZERO, |kept, step| match step {
            Step::Hold(time) => kept.plus(*time),
            Step::Bake(bake) => kept.plus(bake.time),
            _ => kept,
        });
        // no hold at all is told by the rule about the way back
        if kept >= DAY || !steps.iter().any(|step| matches!(step, Step::Hold(_))) {
            continue;
        }
        let own = Subject::role(role, "/rollout/hold");
        let at = if subject.origins.written(&own) { own } else { subject.steps(role) };
        let message = format!("the old slot of role `{}` goes {kept} after everyone has left it", role.name);
        findings.push(subject.warning(CODE, &at, message).with_help("write `hold: 24h`"));
    }
}
