//! ASG0351: routes of two roles that share requests.

use crate::check::requests::{Requests, Steps};
use crate::check::{Check, Rule, Subject};
use crate::diagnostics::{Code, Diagnostic, Findings, Severity};

const CODE: Code = Code::new("ASG0351");

pub(in crate::check) const RULE: Rule = Rule {
    code: CODE,
    title: "a request that fits the routes of two roles",
    severity: &[Severity::Note],
    docs: "Where neither of two routes takes all that the other does, some requests fit both, and the lower priority \
           decides which role answers. This says which one wins. Routes of one role lead to the same place, and a \
           special route before a general one is what priorities are for: neither is told.",
    fails: "roles:\n  web:\n    routes: [{ name: api, priority: 100, paths: [/api/*] }]\n  admin:\n    instances: { type: m7i.large, capacity: { min: 2, max: 4 } }\n    targetGroup: { port: 8080, healthCheck: { path: /health } }\n    routes: [{ name: host, priority: 200, hosts: [admin.example.co.jp] }]\n",
    mended: "roles:\n  web:\n    routes: [{ name: api, priority: 100, paths: [/api/*], hosts: [www.example.co.jp] }]\n  admin:\n    instances: { type: m7i.large, capacity: { min: 2, max: 4 } }\n    targetGroup: { port: 8080, healthCheck: { path: /health } }\n    routes: [{ name: host, priority: 200, hosts: [admin.example.co.jp] }]\n",
    check: Check::Spec(check),
};

fn check(subject: &Subject<'_>, findings: &mut Findings) {
    let all = subject.routes_by_priority();
    let requests: Vec<Requests> = all.iter().map(|(_, route, _)| Requests::of(route)).collect();
    let steps = Steps::default();
    for (index, ((role, route, at), own)) in all.iter().zip(&requests).enumerate() {
        for ((first_role, first, first_at), before) in all.iter().zip(&requests).take(index) {
            let same = role == first_role || first.priority == route.priority;
            let partly = |one: &Requests, other| one.are_taken_by(&[other], &steps) == Some(false);
            if same || own.meet(before) != Some(true) || !partly(own, before) || !partly(before, own) {
                continue;
            }
            let message = format!(
                "requests that fit both `{first_role}.{}` and `{role}.{}` go to role `{first_role}`, whose priority {} is \
                 lower",
                first.name, route.name, first.priority
            );
            let place = subject.place(&format!("{at}/priority"));
            let note = Diagnostic::note(CODE, message).primary(place, "asked second");
            let note = note.secondary(subject.place(&format!("{first_at}/priority")), "asked first");
            findings.push(
                note.with_help("if that is not meant, swap the priorities or give one of the two a host"),
            );
        }
    }
}
