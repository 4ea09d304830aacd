//! ASG0361: shares of traffic that nobody watches.

use crate::check::{Check, Rule, Subject};
use crate::diagnostics::{Code, Findings, Severity};
use crate::model::Step;

const CODE: Code = Code::new("ASG0361");

pub(in crate::check) const RULE: Rule = Rule {
    code: CODE,
    title: "a share of traffic that nobody watches",
    severity: &[Severity::Warning],
    docs: "A step that moves a share of everyone, or a cohort, is there to be looked at: without a bake, and without an approval \
           after it, the next step follows at once and the share proves nothing.",
    fails: "roles: { web: { rollout: { steps: [provision, verify, { shift: 10 }, { shift: 100, bake: 15m }, { hold: 24h }, retire] } } }\n",
    mended: "roles: { web: { rollout: { steps: [provision, verify, { shift: 10, bake: 15m }, { shift: 100, bake: 15m }, { hold: 24h }, retire] } } }\n",
    check: Check::Spec(check),
};

fn check(subject: &Subject<'_>, findings: &mut Findings) {
    for role in &subject.environment.roles {
        for pair in role.rollout.strategy.steps.windows(2) {
            let what = match pair {
                [Step::Shift { percent, .. }, next] if *percent < 100 && !watches(next) => {
                    format!("{percent} % of everyone")
                }
                [Step::Route { cohort }, next] if !watches(next) => format!("cohort `{cohort}`"),
                _ => continue,
            };
            let message =
                format!("{what} of role `{}` is moved, and nothing watches before the next step", role.name);
            let warning = subject.warning(CODE, &subject.steps(role), message);
            findings.push(warning.with_help("add `bake: 15m` to the step, or leave the step out"));
        }
    }
}

const fn watches(step: &Step) -> bool {
    matches!(step, Step::Bake(_) | Step::Approval { .. })
}
