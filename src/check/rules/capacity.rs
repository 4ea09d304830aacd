//! ASG0331: capacity between which nothing fits.

use crate::check::{Check, Rule, Subject};
use crate::diagnostics::{Code, Findings, Severity};

const CODE: Code = Code::new("ASG0331");

pub(in crate::check) const RULE: Rule = Rule {
    code: CODE,
    title: "the least number of instances is above the most",
    severity: &[Severity::Error],
    docs: "The group scales between `min` and `max`.",
    fails: "roles: { web: { instances: { capacity: { min: 6, max: 4 } } } }\n",
    mended: "roles: { web: { instances: { capacity: { min: 4, max: 6 } } } }\n",
    check: Check::Spec(check),
};

fn check(subject: &Subject<'_>, findings: &mut Findings) {
    for role in &subject.environment.roles {
        let capacity = role.instances.capacity;
        if capacity.min > capacity.max {
            let at = |key: &str| Subject::role(role, &format!("/instances/capacity/{key}"));
            let message = format!("at least {} instances, but at most {}", capacity.min, capacity.max);
            let error =
                subject.error(CODE, &at("min"), message).secondary(subject.place(&at("max")), "the most");
            let help = format!("write `min: {}` and `max: {}`, or what you mean", capacity.max, capacity.min);
            findings.push(error.with_help(help));
        }
    }
}
