//! ASG0334: things of another Region or account.

use crate::check::{Check, Rule, Subject};
use crate::diagnostics::{Code, Findings, Severity};
use crate::model::{Input, LoadBalancer};
use crate::source::pointer;

const CODE: Code = Code::new("ASG0334");

pub(in crate::check) const RULE: Rule = Rule {
    code: CODE,
    title: "something of another Region or account",
    severity: &[Severity::Error],
    docs: "A load balancer takes certificates, web ACLs and listeners only of its own Region and account, and CloudFormation \
           tells of its events only topics of its own Region.",
    fails: "loadBalancer: { certificate: \"arn:aws:acm:us-east-1:444455556666:certificate/7d1f\" }\n",
    mended: "loadBalancer: { certificate: \"arn:aws:acm:ap-northeast-1:444455556666:certificate/7d1f\" }\n",
    check: Check::Spec(check),
};

fn check(subject: &Subject<'_>, findings: &mut Findings) {
    for (index, topic) in subject.environment.notifications.stack_events.iter().flatten().enumerate() {
        let at = pointer(["notifications", "stackEvents", &index.to_string()]);
        let named = Named { key: "stackEvents", at, arn: topic };
        named.home(subject, "sns", &[Home::Region], findings);
    }
    let mut of_balancer = |key: &'static str, service: &str, arn: &str| {
        let named = Named { key, at: pointer(["loadBalancer", key]), arn };
        named.home(subject, service, &[Home::Region, Home::Account], findings);
    };
    match &subject.environment.load_balancer {
        LoadBalancer::Existing(existing) => {
            of_balancer("listener", "elasticloadbalancing", &existing.listener);
        }
        LoadBalancer::Created(created) => {
            if let Some(certificate) = created.certificate.as_ref().and_then(Input::value) {
                of_balancer("certificate", "acm", certificate);
            }
            if let Some(web_acl) = created.web_acl.as_ref().and_then(Input::value) {
                of_balancer("webAcl", "wafv2", web_acl);
            }
        }
    }
}

/// What must be the environment's own.
#[derive(Clone, Copy)]
enum Home {
    Region,
    Account,
}

/// An ARN where the spec names it.
struct Named<'a> {
    key: &'a str,
    at: String,
    arn: &'a str,
}

impl Named<'_> {
    fn home(&self, subject: &Subject<'_>, service: &str, homes: &[Home], findings: &mut Findings) {
        let Self { key, at, arn } = self;
        let environment = subject.environment;
        let parts: Vec<&str> = arn.splitn(6, ':').collect();
        let [_, _, its_service, region, account, _] = parts.as_slice() else { return };
        if *its_service != service {
            let message = format!("`{key}` is of `{its_service}`, it must be of `{service}`");
            findings.push(subject.error(CODE, at, message));
        }
        for home in homes {
            let (what, its, ours, ours_at) = match home {
                Home::Region => ("Region", *region, &environment.region, "/region"),
                Home::Account => ("account", *account, &environment.account, "/account"),
            };
            if its != ours {
                let message = format!("`{key}` is of {what} `{its}`, the environment of `{ours}`");
                findings.push(subject.error(CODE, at, message).secondary(subject.place(ours_at), ""));
            }
        }
    }
}
