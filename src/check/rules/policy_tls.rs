//! ASG0402: TLS that is too old.

use crate::check::{Check, Rule, Subject};
use crate::diagnostics::{Code, Findings, Severity};
use crate::model::LoadBalancer;

const CODE: Code = Code::new("ASG0402");

/// Policies that begin at TLS 1.2 or 1.3.
/// <https://docs.aws.amazon.com/elasticloadbalancing/latest/application/describe-ssl-policies.html>
const GOOD: [&str; 4] = [
    "ELBSecurityPolicy-TLS13-1-2",
    "ELBSecurityPolicy-TLS13-1-3",
    "ELBSecurityPolicy-TLS-1-2",
    "ELBSecurityPolicy-FS-1-2",
];

pub(in crate::check) const RULE: Rule = Rule {
    code: CODE,
    title: "a TLS policy that begins below 1.2",
    severity: &[Severity::Error],
    docs: "TLS 1.0 and 1.1 have been withdrawn (RFC 8996), and audits refuse them. Policies whose names begin with \
           `ELBSecurityPolicy-TLS13-1-2`, `-TLS13-1-3`, `-TLS-1-2` or `-FS-1-2` do not speak them. Security Hub ELB.17.",
    fails: "loadBalancer: { sslPolicy: ELBSecurityPolicy-2016-08 }\n",
    mended: "loadBalancer: { sslPolicy: ELBSecurityPolicy-TLS13-1-2-2021-06 }\n",
    check: Check::Spec(check),
};

fn check(subject: &Subject<'_>, findings: &mut Findings) {
    let LoadBalancer::Created(created) = &subject.environment.load_balancer else { return };
    if GOOD.iter().any(|good| created.ssl_policy.starts_with(good)) {
        return;
    }
    let message = format!("`{}` speaks TLS below 1.2", created.ssl_policy);
    let error = subject.error(CODE, "/loadBalancer/sslPolicy", message);
    findings.push(error.with_help("write `ELBSecurityPolicy-TLS13-1-2-2021-06`, or leave it out"));
}
