//! ASG0403: requests that leave no trace.

use crate::check::{Check, Rule, Subject};
use crate::diagnostics::{Code, Findings, Severity};
use crate::model::{AccessLogs, LoadBalancer};

const CODE: Code = Code::new("ASG0403");

pub(in crate::check) const RULE: Rule = Rule {
    code: CODE,
    title: "access logs are off",
    severity: &[Severity::Warning],
    docs: "Without access logs nobody can tell afterwards who asked what, nor which slot answered: the log's \
           `target_group_arn` is the only record of that for a single request. Security Hub ELB.5.",
    fails: "loadBalancer: { accessLogs: { create: false } }\n",
    mended: "loadBalancer: { accessLogs: { create: true, days: 365 } }\n",
    check: Check::Spec(check),
};

fn check(subject: &Subject<'_>, findings: &mut Findings) {
    let LoadBalancer::Created(created) = &subject.environment.load_balancer else { return };
    if created.access_logs == AccessLogs::Off {
        let warning = subject.warning(CODE, "/loadBalancer/accessLogs", "the load balancer logs no requests");
        findings.push(warning.with_help("write `accessLogs: { create: true }`, or name a `bucket`"));
    }
}
