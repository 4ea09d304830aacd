//! ASG0348: releases from nowhere.

use std::sync::Arc;

use crate::check::{Check, Rule, Subject};
use crate::diagnostics::{Code, Findings, Severity, nearest};
use crate::model::Sibling;

const CODE: Code = Code::new("ASG0348");

pub(in crate::check) const RULE: Rule = Rule {
    code: CODE,
    title: "promotion from an environment that is not there",
    severity: &[Severity::Error],
    docs: "`protection.promoteFrom` names another environment of the project in the same folder. Following it must not \
           lead back here, or no release could ever be the first.",
    fails: "protection: { promoteFrom: stage }\n",
    mended: "protection: { promoteFrom: stg }\n",
    check: Check::Spec(check),
};

fn check(subject: &Subject<'_>, findings: &mut Findings) {
    let environment = subject.environment;
    let Some(from) = environment.protection.promote_from.as_ref().map(|origin| &origin.environment) else {
        return;
    };
    let at = "/protection/promoteFrom";
    let of_project = |sibling: &&Arc<Sibling>| sibling.project == environment.project;
    let find = |name: &str| subject.siblings.iter().filter(of_project).find(|sibling| sibling.name == name);
    if find(from).is_none() && *from != environment.name {
        let error =
            subject.error(CODE, at, format!("no environment of `{}` is named `{from}`", environment.project));
        let names = subject.siblings.iter().filter(of_project).map(|sibling| sibling.name.as_str());
        findings.push(match nearest(from, names) {
            Some(near) => error.with_help(format!("did you mean `{near}`?")),
            None => error.with_help("write its file beside this one"),
        });
        return;
    }
    let mut chain = vec![environment.name.as_str(), from.as_str()];
    // One more than there are environments: a cycle among the others ends too, and is theirs to tell.
    for _ in 0..=subject.siblings.len() {
        let last = chain.last().copied().unwrap_or_default();
        if last == environment.name {
            let message = format!("promotion leads back to where it began: `{}`", chain.join("` from `"));
            findings.push(subject.error(CODE, at, message));
            return;
        }
        let Some(next) = find(last).and_then(|sibling| sibling.promote_from.as_deref()) else { return };
        chain.push(next);
    }
}
