//! ASG0383: routes that take the requests of a listener's other users.

use crate::check::{Check, Rule, Subject};
use crate::diagnostics::{Code, Findings, Severity};
use crate::model::{LoadBalancer, Route};

const CODE: Code = Code::new("ASG0383");

pub(in crate::check) const RULE: Rule = Rule {
    code: CODE,
    title: "a route that takes everything on a listener of others",
    severity: &[Severity::Warning],
    docs: "An existing listener has rules of others, and rules are asked by rising priority. A route that takes every request, \
           of whatever host, takes those of every rule behind it too: the applications of others go dark, and nothing of \
           theirs was changed. Give such a route a host. \
           <https://docs.aws.amazon.com/elasticloadbalancing/latest/application/listener-rules.html>",
    fails: "loadBalancer: { certificate: null, securityGroup: sg-0a1b2c3d, listener: \"arn:aws:elasticloadbalancing:ap-northeast-1:444455556666:listener/app/a/b/c\" }\nroles: { web: { routes: [{ priority: 100, paths: [\"/*\"] }] } }\n",
    mended: "loadBalancer: { certificate: null, securityGroup: sg-0a1b2c3d, listener: \"arn:aws:elasticloadbalancing:ap-northeast-1:444455556666:listener/app/a/b/c\" }\nroles: { web: { routes: [{ priority: 100, hosts: [poc.example.co.jp], paths: [\"/*\"] }] } }\n",
    check: Check::Spec(check),
};

fn check(subject: &Subject<'_>, findings: &mut Findings) {
    if !matches!(subject.environment.load_balancer, LoadBalancer::Existing(_)) {
        return;
    }
    for (_, route, at) in subject.routes_by_priority() {
        if takes_all(route) {
            let message = format!(
                "route `{}` takes every request of the listener, also those of the rules of others after {}",
                route.name, route.priority
            );
            let warning = subject.warning(CODE, &format!("{at}/priority"), message);
            let help = "write the application's own name, such as `hosts: [shop.example.co.jp]`";
            findings.push(
                warning.secondary(subject.place("/loadBalancer/listener"), "of others").with_help(help),
            );
        }
    }
}

fn takes_all(route: &Route) -> bool {
    let any = |patterns: &[String], all: &[&str]| {
        patterns.is_empty() || patterns.iter().any(|pattern| all.contains(&pattern.as_str()))
    };
    any(&route.paths, &["/*", "*"])
        && any(&route.hosts, &["*"])
        && route.headers.is_empty()
        && route.methods.is_empty()
        && route.query.is_empty()
        && any(&route.source, &["0.0.0.0/0"])
}
