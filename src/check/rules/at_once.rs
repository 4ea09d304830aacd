//! ASG0350: everyone at once, where a person must approve.

use crate::check::{Check, Rule, Subject};
use crate::diagnostics::{Code, Findings, Severity};
use crate::model::{Approval, Step};

const CODE: Code = Code::new("ASG0350");

pub(in crate::check) const RULE: Rule = Rule {
    code: CODE,
    title: "everyone at once in an environment that needs approval",
    severity: &[Severity::Warning],
    docs: "Where a person must approve a plan, a release that nobody watched on a small share first is probably a slip.",
    fails: "protection: { approval: manual }\nroles: { web: { rollout: { strategy: immediate, hold: 24h } } }\n",
    mended: "protection: { approval: manual }\nroles: { web: { rollout: blue-green } }\n",
    check: Check::Spec(check),
};

fn check(subject: &Subject<'_>, findings: &mut Findings) {
    if subject.environment.protection.approval != Approval::Manual {
        return;
    }
    for role in &subject.environment.roles {
        let mut steps = role.rollout.strategy.steps.iter();
        let first = steps.find(|step| matches!(step, Step::Shift { .. } | Step::Route { .. }));
        if matches!(first, Some(Step::Shift { percent: 100, .. })) {
            let message = format!("role `{}` sends everyone to a new release at once", role.name);
            let warning = subject.warning(CODE, &subject.steps(role), message);
            findings.push(warning.with_help("use `blue-green` or `canary`"));
        }
    }
}
