//! ASG0335: blocks of addresses that are none.

use crate::check::{Check, Rule, Subject};
use crate::diagnostics::{Code, Findings, Severity};
use crate::model::{Cidr, CidrError, CohortMatch, LoadBalancer};

const CODE: Code = Code::new("ASG0335");

pub(in crate::check) const RULE: Rule = Rule {
    code: CODE,
    title: "a block of addresses that is none",
    severity: &[Severity::Error],
    docs: "A CIDR block has four numbers up to 255 and a prefix up to 32, and no address bits beyond its prefix.",
    fails: "loadBalancer: { allowed: [10.0.0.1/8] }\n",
    mended: "loadBalancer: { allowed: [10.0.0.0/8] }\n",
    check: Check::Spec(check),
};

fn check(subject: &Subject<'_>, findings: &mut Findings) {
    if let LoadBalancer::Created(created) = &subject.environment.load_balancer {
        blocks(subject, "/loadBalancer/allowed", &created.allowed, findings);
    }
    for role in &subject.environment.roles {
        for (route, at) in subject.routes(role) {
            blocks(subject, &format!("{at}/source"), &route.source, findings);
        }
        for cohort in &role.cohorts {
            for (index, way) in cohort.matches.iter().enumerate() {
                if let CohortMatch::Source(source) = way {
                    let at = Subject::role(role, &format!("/rollout/cohorts/{}/{index}/source", cohort.name));
                    blocks(subject, &at, source, findings);
                }
            }
        }
    }
}

fn blocks(subject: &Subject<'_>, at: &str, all: &[String], findings: &mut Findings) {
    for (index, text) in all.iter().enumerate() {
        let Err(error) = text.parse::<Cidr>() else { continue };
        let finding = subject.error(CODE, &format!("{at}/{index}"), error.to_string());
        findings.push(match error {
            CidrError::HostBits(_, meant) => finding.with_help(format!("write `{meant}`")),
            CidrError::Form(_) => finding,
        });
    }
}
