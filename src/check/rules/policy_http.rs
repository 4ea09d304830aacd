//! ASG0401: plain HTTP.

use crate::check::{Check, Rule, Subject};
use crate::diagnostics::{Code, Findings, Severity};
use crate::model::{LoadBalancer, Scheme};

const CODE: Code = Code::new("ASG0401");

pub(in crate::check) const RULE: Rule = Rule {
    code: CODE,
    title: "requests are served over plain HTTP",
    severity: &[Severity::Error, Severity::Warning],
    docs: "Without a certificate the load balancer speaks plain HTTP: passwords and session cookies can be read on the way, and \
           gRPC and HTTP/2 do not work. An error where the internet can reach it, a warning inside. Security Hub ELB.1.",
    fails: "loadBalancer: { certificate: null }\n",
    mended: "loadBalancer: { certificate: \"arn:aws:acm:ap-northeast-1:444455556666:certificate/7d1f\" }\n",
    check: Check::Spec(check),
};

fn check(subject: &Subject<'_>, findings: &mut Findings) {
    let LoadBalancer::Created(created) = &subject.environment.load_balancer else { return };
    if created.certificate.is_some() {
        return;
    }
    let message = "the load balancer has no certificate, so it speaks plain HTTP";
    let finding = match created.scheme {
        Scheme::InternetFacing => subject.error(CODE, "/loadBalancer", message),
        Scheme::Internal => subject.warning(CODE, "/loadBalancer", message),
    };
    findings.push(finding.with_help(format!(
        "write `certificate: arn:aws:acm:{}:{}:certificate/…`",
        subject.environment.region, subject.environment.account
    )));
}
