//! ASG0328: routes that can never match.

use crate::check::requests::{Requests, Steps};
use crate::check::{Check, Rule, Subject};
use crate::diagnostics::{Code, Diagnostic, Findings, Severity};

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
    let steps = Steps::default();
    for (index, ((_, route, at), own)) in all.iter().zip(&requests).enumerate() {
        if steps.are_spent() {
            return findings.push(not_compared(subject, at, &route.name));
        }
        let before = all.iter().zip(&requests).take(index);
        let before: Vec<_> = before.filter(|((_, other, _), _)| other.priority < route.priority).collect();
        let one = before.iter().find(|(_, other)| own.are_taken_by(&[other], &steps) == Some(true));
        let (first, together) = match one {
            Some((first, _)) => (first, false),
            None if own.are_taken_by(&before.iter().map(|(_, it)| *it).collect::<Vec<_>>(), &steps)
                == Some(true) =>
            {
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

/// There are more routes, or stranger ones, than can be compared; the others were.
fn not_compared(subject: &Subject<'_>, at: &str, name: &str) -> Diagnostic {
    let message = format!("route `{name}` and those after it are not compared with the routes before them");
    let warning = subject.warning(CODE, &format!("{at}/priority"), message);
    warning.with_note("comparing all routes takes too many steps").with_help("use fewer routes or wildcards")
}
