//! ASG0334: things of another Region or account.

use crate::check::{Check, Rule, Subject};
use crate::diagnostics::{Code, Findings, Severity};
use crate::model::{Input, LoadBalancer};

const CODE: Code = Code::new("ASG0334");

pub(in crate::check) const RULE: Rule = Rule {
    code: CODE,
    title: "something of another Region or account",
    severity: &[Severity::Error],
    docs: "A load balancer takes certificates, web ACLs and listeners only of its own Region and account.",
    fails: "loadBalancer: { certificate: \"arn:aws:acm:us-east-1:444455556666:certificate/7d1f\" }\n",
    mended: "loadBalancer: { certificate: \"arn:aws:acm:ap-northeast-1:444455556666:certificate/7d1f\" }\n",
    check: Check::Spec(check),
};

fn check(subject: &Subject<'_>, findings: &mut Findings) {
    match &subject.environment.load_balancer {
        LoadBalancer::Existing(existing) => {
            home(subject, "listener", "elasticloadbalancing", &existing.listener, findings);
        }
        LoadBalancer::Created(created) => {
            if let Some(certificate) = created.certificate.as_ref().and_then(Input::value) {
                home(subject, "certificate", "acm", certificate, findings);
            }
            if let Some(web_acl) = created.web_acl.as_ref().and_then(Input::value) {
                home(subject, "webAcl", "wafv2", web_acl, findings);
            }
        }
    }
}

fn home(subject: &Subject<'_>, key: &str, service: &str, arn: &str, findings: &mut Findings) {
    let environment = subject.environment;
    let parts: Vec<&str> = arn.splitn(6, ':').collect();
    let [_, _, its_service, region, account, _] = parts.as_slice() else { return };
    let at = format!("/loadBalancer/{key}");
    if *its_service != service {
        findings.push(subject.error(
            CODE,
            &at,
            format!("`{key}` is of `{its_service}`, it must be of `{service}`"),
        ));
    }
    for (what, its, ours, ours_at) in [
        ("Region", *region, &environment.region, "/region"),
        ("account", *account, &environment.account, "/account"),
    ] {
        if its != ours {
            let message = format!("`{key}` is of {what} `{its}`, the environment of `{ours}`");
            findings.push(subject.error(CODE, &at, message).secondary(subject.place(ours_at), ""));
        }
    }
}
