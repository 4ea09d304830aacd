//! ASG0353: cohorts that anyone on the internet can join.

use crate::check::{Check, Rule, Subject};
use crate::diagnostics::{Code, Findings, Severity};
use crate::model::{CohortMatch, LoadBalancer, Scheme, Step};

const CODE: Code = Code::new("ASG0353");

/// Shorter values are guessed or read in documentation: 16 random letters and digits are about 80 bits.
const SECRET: usize = 16;

pub(in crate::check) const RULE: Rule = Rule {
    code: CODE,
    title: "a cohort that anyone on the internet can join",
    severity: &[Severity::Warning],
    docs: "A header or cookie is whatever the client sends. Where everyone can reach the load balancer, a short value such \
           as `pilot` lets anyone choose the unproven release, and show others its faults. Recognise the cohort by \
           address, or by a value of 16 letters or more that is told to testers only and changed for each release.",
    fails: "loadBalancer: { scheme: internet-facing, webAcl: \"arn:aws:wafv2:ap-northeast-1:444455556666:regional/webacl/a/b\" }\nroles:\n  web:\n    rollout:\n      steps: [provision, verify, { route: verification, bake: 1h }, { shift: 100, bake: 15m }, { hold: 24h }, retire]\n",
    mended: "loadBalancer: { scheme: internet-facing, webAcl: \"arn:aws:wafv2:ap-northeast-1:444455556666:regional/webacl/a/b\" }\nroles:\n  web:\n    rollout:\n      cohorts: { verification: [{ source: [192.0.2.0/24] }] }\n      steps: [provision, verify, { route: verification, bake: 1h }, { shift: 100, bake: 15m }, { hold: 24h }, retire]\n",
    check: Check::Spec(check),
};

fn check(subject: &Subject<'_>, findings: &mut Findings) {
    let LoadBalancer::Created(created) = &subject.environment.load_balancer else { return };
    if created.scheme == Scheme::Internal {
        return;
    }
    for role in &subject.environment.roles {
        let routed = |name: &str| {
            let mut steps = role.rollout.strategy.steps.iter();
            steps.any(|step| matches!(step, Step::Route { cohort } if cohort == name))
        };
        for cohort in role.cohorts.iter().filter(|cohort| routed(&cohort.name)) {
            let Some(way) = cohort.matches.iter().find_map(guessable) else { continue };
            let at = Subject::role(role, &format!("/rollout/cohorts/{}", cohort.name));
            let place = if subject.origins.written(&at) { at } else { subject.steps(role) };
            let message =
                format!("anyone can join cohort `{}` of role `{}` by {way}", cohort.name, role.name);
            let warning = subject.warning(CODE, &place, message);
            findings.push(
                warning.secondary(subject.place("/loadBalancer/scheme"), "everyone can reach it").with_help(
                    format!("recognise it by `source`, or by a value of {SECRET} letters or more"),
                ),
            );
        }
    }
}

fn guessable(way: &CohortMatch) -> Option<String> {
    let short = |value: &String| value.chars().filter(|c| !"*?".contains(*c)).count() < SECRET;
    match way {
        CohortMatch::Header { name, values } if values.iter().any(short) => Some(format!("header `{name}`")),
        CohortMatch::Cookie { name, value } if short(value) => Some(format!("cookie `{name}`")),
        _ => None,
    }
}
