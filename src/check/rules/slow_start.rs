//! ASG0357: slow starts that outlast a bake.

use crate::check::{Check, Rule, Subject};
use crate::diagnostics::{Code, Findings, Severity};
use crate::model::{Period, Step};

const CODE: Code = Code::new("ASG0357");

pub(in crate::check) const RULE: Rule = Rule {
    code: CODE,
    title: "a slow start that outlasts a bake",
    severity: &[Severity::Warning],
    docs: "With slow start a new target gets its full share only after so many seconds. A bake that is over by then has \
           watched the candidate under less load than it is about to get. \
           <https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-target-group-attributes.html>",
    fails: "roles: { web: { targetGroup: { slowStart: 900 } } }\n",
    mended: "roles: { web: { targetGroup: { slowStart: 120 } } }\n",
    check: Check::Spec(check),
};

fn check(subject: &Subject<'_>, findings: &mut Findings) {
    for role in &subject.environment.roles {
        let slow = Period::seconds(u64::from(role.target_group.slow_start));
        let bakes = role.rollout.strategy.steps.iter();
        let bakes = bakes.filter_map(|step| if let Step::Bake(bake) = step { Some(bake.time) } else { None });
        let Some(shortest) = bakes.min().filter(|bake| *bake <= slow && slow > Period::ZERO) else {
            continue;
        };
        let message = format!(
            "new targets of role `{}` get their full share after {slow}, and a bake of {shortest} is over by then",
            role.name
        );
        let warning = subject.warning(CODE, &Subject::role(role, "/targetGroup/slowStart"), message);
        findings.push(
            warning
                .secondary(subject.place(&subject.steps(role)), "bakes")
                .with_help("start faster, or bake longer than that"),
        );
    }
}
