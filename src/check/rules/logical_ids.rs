//! ASG0322: names that become the same logical id.

use crate::check::{Check, Rule, Subject};
use crate::diagnostics::{Code, Findings, Severity};
use crate::model::Role;

const CODE: Code = Code::new("ASG0322");

pub(in crate::check) const RULE: Rule = Rule {
    code: CODE,
    title: "two names become the same logical id",
    severity: &[Severity::Error],
    docs: "Logical ids have letters and digits only: `web-1` and `web1` both become `Web1`, two routes of one name \
           become one listener rule, and so do two components of one layer.",
    fails: "roles:\n  web:\n    routes:\n      - { name: all, priority: 100, paths: [/a] }\n      - { name: all, priority: 200, paths: [/b] }\n",
    mended: "roles:\n  web:\n    routes:\n      - { name: a, priority: 100, paths: [/a] }\n      - { name: b, priority: 200, paths: [/b] }\n",
    check: Check::Spec(check),
};

fn check(subject: &Subject<'_>, findings: &mut Findings) {
    let roles = &subject.environment.roles;
    twice(subject, findings, "roles", roles.iter().map(|role| (role.name.clone(), Subject::role(role, ""))));
    for role in roles {
        let routes =
            subject.routes(role).into_iter().map(|(route, at)| (route.name.clone(), format!("{at}/name")));
        twice(subject, findings, "routes", routes);
        let cohorts = role.cohorts.iter();
        let cohorts = cohorts.map(|cohort| {
            (cohort.name.clone(), Subject::role(role, &format!("/rollout/cohorts/{}", cohort.name)))
        });
        twice(subject, findings, "cohorts", cohorts);
        components(subject, role, findings);
    }
}

fn components(subject: &Subject<'_>, role: &Role, findings: &mut Findings) {
    for layer in role.images.iter().flat_map(|images| images.layers()) {
        let at = Subject::role(role, &format!("/images/{}/components", layer.kind.as_str()));
        let named = layer.components.iter().enumerate();
        twice(
            subject,
            findings,
            "components",
            named.map(|(index, one)| (one.name.clone(), format!("{at}/{index}"))),
        );
    }
}

fn twice(
    subject: &Subject<'_>,
    findings: &mut Findings,
    what: &str,
    names: impl Iterator<Item = (String, String)>,
) {
    let mut seen: Vec<(String, String, String)> = Vec::new();
    for (name, at) in names {
        let id = logical(&name);
        if let Some((_, other, first)) = seen.iter().find(|(known, ..)| *known == id) {
            let message = format!("the {what} `{other}` and `{name}` both become `{id}` in logical ids");
            let error = subject.error(CODE, &at, message).secondary(subject.place(first), "the other");
            findings.push(error.with_help("rename one of the two"));
        } else {
            seen.push((id, name, at));
        }
    }
}

/// As stacks make logical ids: every word with a capital, nothing but letters and digits.
fn logical(name: &str) -> String {
    let words = name.split(|c: char| !c.is_ascii_alphanumeric());
    let capital = |word: &str| {
        let mut letters = word.chars();
        letters
            .next()
            .map_or_else(String::new, |first| first.to_ascii_uppercase().to_string() + letters.as_str())
    };
    words.map(capital).collect()
}
