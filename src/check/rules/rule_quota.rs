//! ASG0339: more listener rules than a load balancer has room for.

use crate::check::{Check, Rule, Subject};
use crate::diagnostics::{Code, Findings, Severity};
use crate::model::Role;

const CODE: Code = Code::new("ASG0339");

pub(in crate::check) const RULE: Rule = Rule {
    code: CODE,
    title: "more listener rules than a load balancer has room for",
    severity: &[Severity::Warning],
    docs: "A route is one listener rule and one more for each way to recognise a cohort. A load balancer has 100 rules \
           unless `quotas.listenerRules` says that its quota was raised, and the rule that is one too many stops the \
           traffic stack half-way. <https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-limits.html>",
    fails: "roles:\n  web:\n    rollout: { cohorts: &all { office: [{ header: X-1, values: [a] }, { header: X-2, values: [a] }, { header: X-3, values: [a] }, { header: X-4, values: [a] }, { header: X-5, values: [a] }, { header: X-6, values: [a] }, { header: X-7, values: [a] }, { header: X-8, values: [a] }] } }\n    routes: [{ priority: 110, paths: [/web0] }, { priority: 120, paths: [/web1] }, { priority: 130, paths: [/web2] }, { priority: 140, paths: [/web3] }]\n  admin:\n    instances: { type: m7i.large, capacity: { min: 2, max: 4 } }\n    targetGroup: { port: 8080, healthCheck: { path: /health } }\n    rollout: { cohorts: *all }\n    routes: [{ priority: 210, paths: [/admin0] }, { priority: 220, paths: [/admin1] }, { priority: 230, paths: [/admin2] }, { priority: 240, paths: [/admin3] }]\n  api:\n    instances: { type: m7i.large, capacity: { min: 2, max: 4 } }\n    targetGroup: { port: 8080, healthCheck: { path: /health } }\n    rollout: { cohorts: *all }\n    routes: [{ priority: 310, paths: [/api0] }, { priority: 320, paths: [/api1] }, { priority: 330, paths: [/api2] }, { priority: 340, paths: [/api3] }]\n",
    mended: "roles:\n  web:\n    rollout:\n      cohorts: { office: [{ header: X-1, values: [a] }] }\n    routes: [{ priority: 10, paths: [/a, /b, /c, /d] }, { priority: 20, paths: [/e, /f, /g, /h] }]\n",
    check: Check::Spec(check),
};

fn check(subject: &Subject<'_>, findings: &mut Findings) {
    let quota = subject.environment.quotas.listener_rules as usize;
    let total: usize = subject.environment.roles.iter().map(rules).sum();
    let most = subject.environment.roles.iter().max_by_key(|role| rules(role));
    let Some(most) = most.filter(|_| total > quota) else { return };
    let message =
        format!("{total} listener rules, of which a load balancer has {quota} unless its quota was raised");
    let warning = subject.warning(CODE, &Subject::role(most, "/routes"), message);
    findings.push(
        warning
            .with_note(format!("{} of them are of role `{}`", rules(most), most.name))
            .with_help("put paths together in one route, or cohorts in one header; or raise the quota and write `quotas: { listenerRules: … }`"),
    );
}

fn rules(role: &Role) -> usize {
    let ways: usize = role.cohorts.iter().map(|cohort| cohort.matches.len()).sum();
    role.routes.len() * (1 + ways)
}
