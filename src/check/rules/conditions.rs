//! ASG0325: conditions a listener rule cannot hold.

use crate::check::{Check, Rule, Subject};
use crate::diagnostics::{Code, Findings, Severity};
use crate::model::{CohortMatch, Role, Route};

const CODE: Code = Code::new("ASG0325");

/// Values and wildcards of one rule.
/// <https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-limits.html>
const LIMIT: usize = 5;

pub(in crate::check) const RULE: Rule = Rule {
    code: CODE,
    title: "more conditions than a listener rule can hold",
    severity: &[Severity::Error],
    docs: "A listener rule has at most five condition values and five wildcards, and one condition on the source. A \
           cohort's rules carry the route's own conditions and the cohort's, so both count.",
    fails: "roles:\n  web:\n    routes:\n      - { name: all, priority: 100, paths: [/a, /b, /c, /d, /e] }\n",
    mended: "roles:\n  web:\n    routes:\n      - { name: few, priority: 100, paths: [/a, /b, /c] }\n      - { name: more, priority: 110, paths: [/d, /e] }\n",
    check: Check::Spec(check),
};

fn check(subject: &Subject<'_>, findings: &mut Findings) {
    for role in &subject.environment.roles {
        for (route, at) in subject.routes(role) {
            let worst = worst(role);
            for (what, own, added) in [
                ("condition values", values(route).len(), worst.0),
                ("wildcards", wildcards(&values(route)), worst.1),
            ] {
                if own + added > LIMIT {
                    let message = format!(
                        "route `{}` needs {} {what} in one listener rule, at most {LIMIT} fit",
                        route.name,
                        own + added
                    );
                    let error = subject.error(CODE, &at, message);
                    findings.push(
                        error
                            .with_note(format!("{own} of its own and up to {added} of a cohort"))
                            .with_help("split it into several routes"),
                    );
                }
            }
            if !route.source.is_empty()
                && role.cohorts.iter().flat_map(|cohort| &cohort.matches).any(is_source)
            {
                let message =
                    format!("route `{}` and a cohort both ask for the source, a rule can once", route.name);
                findings.push(
                    subject
                        .error(CODE, &format!("{at}/source"), message)
                        .with_help("recognise the cohort by a header"),
                );
            }
        }
    }
}

/// The most values and wildcards a cohort adds.
fn worst(role: &Role) -> (usize, usize) {
    let ways = || role.cohorts.iter().flat_map(|cohort| &cohort.matches);
    let count = |way: &CohortMatch| match way {
        CohortMatch::Header { values, .. } | CohortMatch::Source(values) => values.len(),
        CohortMatch::Cookie { .. } => 1,
    };
    let stars = |way: &CohortMatch| match way {
        CohortMatch::Header { values, .. } => {
            wildcards(&values.iter().map(String::as_str).collect::<Vec<_>>())
        }
        // The cookie is looked for anywhere in the header.
        CohortMatch::Cookie { name, value } => 2 + wildcards(&[name, value]),
        CohortMatch::Source(_) => 0,
    };
    (ways().map(count).max().unwrap_or(0), ways().map(stars).max().unwrap_or(0))
}

fn is_source(way: &CohortMatch) -> bool {
    matches!(way, CohortMatch::Source(_))
}

/// A route without conditions asks for every path, which is one.
fn values(route: &Route) -> Vec<&str> {
    let lists = [&route.paths, &route.hosts, &route.methods, &route.query, &route.source];
    let all: Vec<&str> =
        lists.into_iter().chain(route.headers.values()).flatten().map(String::as_str).collect();
    if all.is_empty() { vec!["/*"] } else { all }
}

fn wildcards(values: &[&str]) -> usize {
    values.iter().map(|value| value.matches(['*', '?']).count()).sum()
}
