//! ASG0328: routes that can never match.

use crate::check::requests::Requests;
use crate::check::{Check, Rule, Subject};
use crate::diagnostics::{Code, Findings, Severity};

const CODE: Code = Code::new("ASG0328");

pub(in crate::check) const RULE: Rule = Rule {
    code: CODE,
    title: "a route that can never match",
    severity: &[Severity::Warning],
    docs: "Routes are asked by rising priority, and the first whose conditions all hold takes the request. This looks at \
           what the conditions mean (wildcards of paths, hosts, headers and query strings, methods, blocks of addresses) \
           and tells a route of which every request is taken before it is asked, by one route or by several together.",
    fails: "roles:\n  web:\n    routes:\n      - { name: all, priority: 100, paths: [/*] }\n      - { name: api, priority: 200, paths: [/api/*] }\n",
    mended: "roles:\n  web:\n    routes:\n      - { name: api, priority: 100, paths: [/api/*] }\n      - { name: all, priority: 200, paths: [/*] }\n",
    check: Check::Spec(check),
};

fn check(subject: &Subject<'_>, findings: &mut Findings) {
    let all = subject.routes_by_priority();
    let requests: Vec<Requests> = all.iter().map(|(_, route, _)| Requests::of(route)).collect();
    for (index, ((_, route, at), own)) in all.iter().zip(&requests).enumerate() {
        let before = all.iter().zip(&requests).take(index);
        let before: Vec<_> = before.filter(|((_, other, _), _)| other.priority < route.priority).collect();
        let one = before.iter().find(|(_, other)| own.are_taken_by(&[other]));
        let (first, together) = match one {
            Some((first, _)) => (first, false),
            None if own.are_taken_by(&before.iter().map(|(_, other)| *other).collect::<Vec<_>>()) => {
                // there is a first one when there are any that take something
                let Some((first, _)) = before.first() else { continue };
                (first, true)
            }
            None => continue,
        };
        let (_, first, first_at) = first;
        let message = if together {
            format!(
                "route `{}` can never match: the routes before it together take every request of it",
                route.name
            )
        } else {
            format!(
                "route `{}` can never match: route `{}` with priority {} takes every request of it first",
                route.name, first.name, first.priority
            )
        };
        let warning = subject.warning(CODE, &format!("{at}/priority"), message);
        let first_place = subject.place(&format!("{first_at}/priority"));
        let help = format!("give `{}` a priority below {}", route.name, first.priority);
        findings.push(warning.secondary(first_place, "asked first").with_help(help));
    }
}
