//! ASG0515: templates that the next route no longer fits into.

use crate::cfn::template_limit;
use crate::check::{Check, Rule, Subject};
use crate::diagnostics::{Code, Findings, Severity};
use crate::source::pointer;
use crate::stacks::{StackGraph, StackKind};

const CODE: Code = Code::new("ASG0515");

/// Of the limit, in percent: seven rules are left, which are two routes with two cohorts.
const FULL: usize = 90;

pub(in crate::check) const RULE: Rule = Rule {
    code: CODE,
    title: "a template that is nearly full",
    severity: &[Severity::Warning],
    docs: "A request carries a template of 51,200 bytes, a bucket (`templateBucket`) one of a million. A role's traffic stack has a listener rule for each route and each way \
           to recognise a cohort, of about 700 bytes each. Past 90 % a route or two more do not fit, which is better known \
           before the day it is needed.",
    fails: "roles:\n  web:\n    rollout: { cohorts: { office: [{ header: X-1, values: [a] }, { header: X-2, values: [a] }, { header: X-3, values: [a] }, { header: X-4, values: [a] }, { header: X-5, values: [a] }, { header: X-6, values: [a] }, { header: X-7, values: [a] }, { header: X-8, values: [a] }] } }\n    routes: [{ priority: 110, paths: [/r0] }, { priority: 120, paths: [/r1] }, { priority: 130, paths: [/r2] }, { priority: 140, paths: [/r3] }, { priority: 150, paths: [/r4] }, { priority: 160, paths: [/r5] }]\n",
    mended: "roles:\n  web:\n    rollout: { cohorts: { office: [{ header: X-1, values: [a, b, c, d] }] } }\n    routes: [{ priority: 110, paths: [/a] }, { priority: 120, paths: [/b] }]\n",
    check: Check::Stacks(check),
};

fn check(subject: &Subject<'_>, graph: &StackGraph, findings: &mut Findings) {
    let limit = template_limit(subject.environment.template_bucket.is_some());
    for stack in graph.stacks.values() {
        let StackKind::Traffic { role } = &stack.kind else { continue };
        let bytes = stack.text.len();
        if bytes * 100 <= limit * FULL {
            continue;
        }
        let message =
            format!("stack `{}` has {bytes} of {limit} bytes: a route or two more do not fit", stack.key);
        let warning = subject.warning(CODE, &pointer(["roles", role, "routes"]), message);
        findings
            .push(warning.with_help("put paths together in one route, or recognise a cohort by fewer ways"));
    }
}
