//! ASG0416: strategies that an environment does not allow.

use crate::check::{Check, Rule, Subject};
use crate::diagnostics::{Code, Findings, Severity, nearest};

const CODE: Code = Code::new("ASG0416");

pub(in crate::check) const RULE: Rule = Rule {
    code: CODE,
    title: "a strategy that the environment does not allow",
    severity: &[Severity::Error],
    docs: "How a release reaches everyone is a decision of those who answer for the environment, not of the pull request that \
           changes a version. `protection.strategies` names the ones that may be used there, `custom` for steps of one's \
           own, and every role is held to it.",
    fails: "protection: { approval: manual, strategies: [blue-green, canary] }\nroles: { web: { rollout: { strategy: gradual, hold: 24h } } }\n",
    mended: "protection: { approval: manual, strategies: [blue-green, canary] }\nroles: { web: { rollout: { strategy: blue-green, hold: 24h } } }\n",
    check: Check::Spec(check),
};

fn check(subject: &Subject<'_>, findings: &mut Findings) {
    let allowed = &subject.environment.protection.strategies;
    for role in &subject.environment.roles {
        let name = &role.rollout.strategy.name;
        if allowed.is_empty() || allowed.contains(name) {
            continue;
        }
        let message =
            format!("role `{}` rolls out by `{name}`, which this environment does not allow", role.name);
        let error = subject.error(CODE, &subject.steps(role), message);
        let error = error.secondary(subject.place("/protection/strategies"), "these are allowed");
        findings.push(error.with_help(match nearest(name, allowed.iter().map(String::as_str)) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("write {}", allowed.join(" or ")),
        }));
    }
}
