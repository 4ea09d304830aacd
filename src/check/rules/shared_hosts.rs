//! ASG0396: requests that another environment on the same listener takes first.

use crate::check::requests::{Requests, Steps};
use crate::check::{Check, Rule, Subject};
use crate::diagnostics::{Code, Findings, Severity};
use crate::model::LoadBalancer;

const CODE: Code = Code::new("ASG0396");

pub(in crate::check) const RULE: Rule = Rule {
    code: CODE,
    title: "requests that another environment on the same listener takes first",
    severity: &[Severity::Error],
    docs: "Rules of a listener are asked by rising priority, whichever environment wrote them. A route of which another \
           environment's route takes every request first never gets one: its targets are healthy, its rollout passes, and \
           nobody reaches it. Most often a host was copied with the file. \
           <https://docs.aws.amazon.com/elasticloadbalancing/latest/application/listener-rules.html>",
    fails: "loadBalancer: { certificate: null, securityGroup: sg-0a1b2c3d, listener: \"arn:aws:elasticloadbalancing:ap-northeast-1:444455556666:listener/app/shared/b/c\" }\nroles: { web: { routes: [{ priority: 1100, hosts: [shared.example.co.jp] }] } }\n",
    mended: "loadBalancer: { certificate: null, securityGroup: sg-0a1b2c3d, listener: \"arn:aws:elasticloadbalancing:ap-northeast-1:444455556666:listener/app/shared/b/c\" }\nroles: { web: { routes: [{ priority: 1100, hosts: [poc.example.co.jp] }] } }\n",
    check: Check::Spec(check),
};

fn check(subject: &Subject<'_>, findings: &mut Findings) {
    let LoadBalancer::Existing(ours) = &subject.environment.load_balancer else { return };
    let sharing = subject.siblings.iter().filter(|other| other.listener.as_ref() == Some(&ours.listener));
    let steps = Steps::default();
    for other in sharing {
        for (_, route, at) in subject.routes_by_priority() {
            let own = Requests::of(route);
            let mut theirs =
                other.roles.iter().flat_map(|role| role.routes.iter().map(move |route| (role, route)));
            let taken = theirs.find(|(_, their)| {
                their.priority < route.priority
                    && own.are_taken_by(&[&Requests::of(their)], &steps) == Some(true)
            });
            let Some((role, their)) = taken else { continue };
            let message = format!(
                "route `{}` never gets a request: role `{}` in `{}`, on the same listener, takes all of them with priority {}",
                route.name, role.name, other.path, their.priority
            );
            let error = subject.error(CODE, &at, message);
            let error = error.secondary(subject.place("/loadBalancer/listener"), "the listener of both");
            findings.push(error.with_help("write this environment's own host, or swap the priorities"));
        }
    }
}
