//! ASG0326: header names and values a listener rule does not take.

use crate::check::{Check, Rule, Subject};
use crate::diagnostics::{Code, Findings, Severity};
use crate::model::CohortMatch;

const CODE: Code = Code::new("ASG0326");

/// <https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_HttpHeaderConditionConfig.html>
const NAME: usize = 40;
const VALUE: usize = 128;

pub(in crate::check) const RULE: Rule = Rule {
    code: CODE,
    title: "a condition that Elastic Load Balancing refuses",
    severity: &[Severity::Error],
    docs: "A header's name has at most 40 characters of RFC 7230 and is not `Host` (hosts have a condition of their own); \
           values of headers, paths, hosts and query strings have at most 128 characters.",
    fails: "roles:\n  web:\n    routes:\n      - { name: all, priority: 100, headers: { Host: [example.com] } }\n",
    mended: "roles:\n  web:\n    routes:\n      - { name: all, priority: 100, hosts: [example.com] }\n",
    check: Check::Spec(check),
};

fn check(subject: &Subject<'_>, findings: &mut Findings) {
    for role in &subject.environment.roles {
        for (route, at) in subject.routes(role) {
            for (name, values) in &route.headers {
                header(subject, &format!("{at}/headers"), name, values, findings);
            }
            for (key, values) in [("paths", &route.paths), ("hosts", &route.hosts), ("query", &route.query)] {
                lengths(subject, &format!("{at}/{key}"), values, findings);
            }
        }
        for cohort in &role.cohorts {
            let at = Subject::role(role, &format!("/rollout/cohorts/{}", cohort.name));
            for (index, way) in cohort.matches.iter().enumerate() {
                if let CohortMatch::Header { name, values } = way {
                    header(subject, &format!("{at}/{index}"), name, values, findings);
                }
            }
        }
    }
}

fn header(subject: &Subject<'_>, at: &str, name: &str, values: &[String], findings: &mut Findings) {
    let token = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c);
    if name.eq_ignore_ascii_case("host") {
        let error = subject.error(CODE, at, "a header condition cannot be on `Host`");
        findings.push(error.with_help("write `hosts: [...]`"));
    } else if name.is_empty() || name.len() > NAME || !name.chars().all(token) {
        let message = format!("`{name}` is no header name of at most {NAME} letters, digits and hyphens");
        findings.push(subject.error(CODE, at, message));
    }
    if values.is_empty() {
        findings.push(subject.error(CODE, at, format!("header `{name}` has no values to match")));
    }
    lengths(subject, at, values, findings);
}

fn lengths(subject: &Subject<'_>, at: &str, values: &[String], findings: &mut Findings) {
    for value in values.iter().filter(|value| value.chars().count() > VALUE) {
        let start: String = value.chars().take(20).collect();
        findings.push(subject.error(CODE, at, format!("`{start}…` has more than {VALUE} characters")));
    }
}
