//! ASG0328: routes that can never match.

use crate::check::{Rule, Subject};
use crate::diagnostics::{Code, Findings};
use crate::model::Route;

const CODE: Code = Code::new("ASG0328");

pub(in crate::check) const RULE: Rule = Rule {
    code: CODE,
    title: "a route that can never match",
    docs: "Routes are asked by rising priority. Behind one that takes everything, or one with the same conditions, a \
           route never sees a request.",
    fails: "roles:\n  web:\n    routes:\n      - { name: all, priority: 100, paths: [/*] }\n      - { name: api, priority: 200, paths: [/api/*] }\n",
    mended: "roles:\n  web:\n    routes:\n      - { name: api, priority: 100, paths: [/api/*] }\n      - { name: all, priority: 200, paths: [/*] }\n",
    check,
};

fn check(subject: &Subject<'_>, findings: &mut Findings) {
    let roles = subject.environment.roles.iter();
    let mut all: Vec<_> = roles.flat_map(|role| subject.routes(role)).collect();
    all.sort_by_key(|(route, _)| route.priority);
    for (index, (route, at)) in all.iter().enumerate() {
        let before = all.iter().take(index).filter(|(other, _)| other.priority < route.priority);
        let Some((first, first_at)) = before.clone().find(|(other, _)| covers(other, route)) else {
            continue;
        };
        let why = if everything(first) { "takes every request first" } else { "has the same conditions" };
        let message = format!(
            "route `{}` can never match: route `{}` with priority {} {why}",
            route.name, first.name, first.priority
        );
        let warning = subject.warning(CODE, &format!("{at}/priority"), message);
        let first_place = subject.place(&format!("{first_at}/priority"));
        let help = format!("give `{}` a priority below {}", route.name, first.priority);
        findings.push(warning.secondary(first_place, "matches first").with_help(help));
    }
}

fn covers(first: &Route, later: &Route) -> bool {
    let same = |route: &Route| Route { name: String::new(), priority: 0, ..route.clone() };
    everything(first) || same(first) == same(later)
}

fn everything(route: &Route) -> bool {
    let any_path = route.paths.is_empty() || route.paths.iter().any(|path| path == "*" || path == "/*");
    let others = [&route.hosts, &route.methods, &route.query, &route.source];
    any_path && route.headers.is_empty() && others.into_iter().all(Vec::is_empty)
}
