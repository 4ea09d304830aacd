//! ASG0324: priorities of routes, and of the cohort rules below them.

use crate::check::{Check, Rule, Subject};
use crate::diagnostics::{Code, Findings, Severity};
use crate::model::Route;

const CODE: Code = Code::new("ASG0324");

pub(in crate::check) const RULE: Rule = Rule {
    code: CODE,
    title: "priorities of routes that clash",
    severity: &[Severity::Error],
    docs: "A listener takes each priority once, over all roles. A cohort's rules stand below their route, so the \
           nine numbers below a route are kept for them, and the smallest priority of a route is 10.",
    fails: "roles:\n  web:\n    routes:\n      - { name: api, priority: 95, paths: [/api/*] }\n      - { name: all, priority: 100, paths: [/*] }\n",
    mended: "roles:\n  web:\n    routes:\n      - { name: api, priority: 90, paths: [/api/*] }\n      - { name: all, priority: 100, paths: [/*] }\n",
    check: Check::Spec(check),
};

const WINDOW: u32 = Route::COHORT_WINDOW;

fn check(subject: &Subject<'_>, findings: &mut Findings) {
    let mut all: Vec<(u32, String, String)> = Vec::new();
    for role in &subject.environment.roles {
        for (route, at) in subject.routes(role) {
            let at = format!("{at}/priority");
            if route.priority <= WINDOW {
                let message = format!("priority {} leaves no room for cohort rules below it", route.priority);
                findings
                    .push(subject.error(CODE, &at, message).with_help(format!("use {} or more", WINDOW + 1)));
            }
            all.push((route.priority, format!("{}.{}", role.name, route.name), at));
        }
    }
    all.sort_by_key(|(priority, ..)| *priority);
    for pair in all.windows(2) {
        let [(low, lower, low_at), (high, higher, high_at)] = pair else { continue };
        let (message, label) = match high - low {
            0 => (format!("routes `{lower}` and `{higher}` have the same priority {high}"), "has it too"),
            1..=WINDOW => {
                let message = format!(
                    "priority {low} of route `{lower}` is kept for cohort rules of `{higher}`, which has {high}"
                );
                (message, "keeps the nine below")
            }
            _ => continue,
        };
        let error = subject.error(CODE, low_at, message).secondary(subject.place(high_at), label);
        findings.push(error.with_help(format!(
            "write another number for one of them, at least {} away: the nine below a route are for its cohorts",
            WINDOW + 1
        )));
    }
}
