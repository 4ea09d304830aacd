//! ASG0360: stickiness that outlives the step it is for.

use crate::check::{Check, Rule, Subject};
use crate::diagnostics::{Code, Findings, Severity};
use crate::model::{Period, Step};

const CODE: Code = Code::new("ASG0360");

/// <https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_TargetGroupStickinessConfig.html>
const LONGEST: Period = Period::seconds(604_800);

pub(in crate::check) const RULE: Rule = Rule {
    code: CODE,
    title: "stickiness that outlives its step",
    severity: &[Severity::Error, Severity::Warning],
    docs: "A client with the load balancer's cookie stays where it is whatever the weights say, for as long as the cookie \
           lasts. Longer than the bake of its step it holds clients on a slot that the next step wants to empty, and on a \
           slot without instances they get 503. It lasts 1 second to 7 days. asagi ends stickiness in every rollback.",
    fails: "roles: { web: { rollout: { steps: [provision, verify, { shift: 50, sticky: 24h, bake: 1h }, { shift: 100, bake: 15m }, { hold: 24h }, retire] } } }\n",
    mended: "roles: { web: { rollout: { steps: [provision, verify, { shift: 50, sticky: 30m, bake: 1h }, { shift: 100, bake: 15m }, { hold: 24h }, retire] } } }\n",
    check: Check::Spec(check),
};

fn check(subject: &Subject<'_>, findings: &mut Findings) {
    for role in &subject.environment.roles {
        let steps = &role.rollout.strategy.steps;
        for (index, step) in steps.iter().enumerate() {
            let Step::Shift { percent, sticky: Some(sticky) } = step else { continue };
            let at = subject.steps(role);
            if *sticky == Period::ZERO || *sticky > LONGEST {
                let message = format!("stickiness lasts 1 second to 7 days, not {sticky}");
                findings.push(
                    subject.error(CODE, &at, message).with_help("write `sticky: 30m`, or leave it out"),
                );
                continue;
            }
            let bake = match steps.get(index + 1) {
                Some(Step::Bake(bake)) => bake.time,
                _ => Period::ZERO,
            };
            if *sticky > bake {
                let message = format!(
                    "clients of the step to {percent} % stay on their slot for {sticky}, and the step is over after {bake}"
                );
                findings.push(
                    subject
                        .warning(CODE, &at, message)
                        .with_help("make `sticky` shorter than the step's bake"),
                );
            }
        }
    }
}
