//! ASG0384: priorities that another environment has on the same listener.

use crate::check::{Check, Rule, Subject};
use crate::diagnostics::{Code, Findings, Severity};
use crate::model::{LoadBalancer, Route};

const CODE: Code = Code::new("ASG0384");

pub(in crate::check) const RULE: Rule = Rule {
    code: CODE,
    title: "a priority that another environment has on the same listener",
    severity: &[Severity::Error],
    docs: "A listener takes each priority once, whoever writes the rule, and the nine numbers below a route are kept for its \
           cohorts. Two environments on one listener with the routes of one file they both extend clash: the second is \
           created half way and fails with `PriorityInUse`. Keep them apart by the hundred. \
           <https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateRule.html>",
    fails: "loadBalancer: { certificate: null, securityGroup: sg-0a1b2c3d, listener: \"arn:aws:elasticloadbalancing:ap-northeast-1:444455556666:listener/app/shared/b/c\" }\nroles: { web: { routes: [{ priority: 100, hosts: [poc.example.co.jp] }] } }\n",
    mended: "loadBalancer: { certificate: null, securityGroup: sg-0a1b2c3d, listener: \"arn:aws:elasticloadbalancing:ap-northeast-1:444455556666:listener/app/shared/b/c\" }\nroles: { web: { routes: [{ priority: 1100, hosts: [poc.example.co.jp] }] } }\n",
    check: Check::Spec(check),
};

fn check(subject: &Subject<'_>, findings: &mut Findings) {
    let LoadBalancer::Existing(ours) = &subject.environment.load_balancer else { return };
    let sharing = subject.siblings.iter().filter(|other| other.listener.as_ref() == Some(&ours.listener));
    for other in sharing {
        let theirs = || {
            other.roles.iter().flat_map(|role| role.routes.iter().map(move |route| (role, route.priority)))
        };
        for (_, route, at) in subject.routes_by_priority() {
            let clash = theirs().find(|(_, number)| number.abs_diff(route.priority) <= Route::COHORT_WINDOW);
            let Some((role, number)) = clash else { continue };
            let message = format!(
                "priority {} clashes with {number} of role `{}` in `{}`, which uses the same listener",
                route.priority, role.name, other.path
            );
            let error = subject.error(CODE, &format!("{at}/priority"), message);
            let error = error.secondary(subject.place("/loadBalancer/listener"), "the listener of both");
            findings.push(
                error.with_help("give each environment its own hundreds, such as 1100 for the second one"),
            );
        }
    }
}
