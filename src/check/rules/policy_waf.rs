//! ASG0405: the internet without a web ACL.

use crate::check::{Check, Rule, Subject};
use crate::diagnostics::{Code, Findings, Severity};
use crate::model::{LoadBalancer, Scheme};

const CODE: Code = Code::new("ASG0405");

pub(in crate::check) const RULE: Rule = Rule {
    code: CODE,
    title: "the internet reaches the load balancer without a web ACL",
    severity: &[Severity::Warning],
    docs: "A web ACL limits rates and known attacks before they reach instances; without one the first scan of the day arrives \
           at the application, and its 5xx answers are counted as the candidate's. Security Hub ELB.16.",
    fails: "loadBalancer: { scheme: internet-facing }\n",
    mended: "loadBalancer: { scheme: internet-facing, webAcl: \"arn:aws:wafv2:ap-northeast-1:444455556666:regional/webacl/a/b\" }\n",
    check: Check::Spec(check),
};

fn check(subject: &Subject<'_>, findings: &mut Findings) {
    let LoadBalancer::Created(created) = &subject.environment.load_balancer else { return };
    // where only a few blocks may connect, the internet does not reach it
    let everyone = created.allowed.iter().any(|block| block == "0.0.0.0/0");
    if created.scheme == Scheme::InternetFacing && created.web_acl.is_none() && everyone {
        let warning = subject.warning(
            CODE,
            "/loadBalancer/scheme",
            "everyone reaches it, and no web ACL stands before it",
        );
        findings.push(warning.with_help("name a `webAcl`, or say who may connect with `allowed`"));
    }
}
