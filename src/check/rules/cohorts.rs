//! ASG0327: cohorts that strategies name and rules recognise.

use crate::check::{Check, Rule, Subject};
use crate::diagnostics::{Code, Findings, Severity, nearest};
use crate::model::{Route, Step};

const CODE: Code = Code::new("ASG0327");

pub(in crate::check) const RULE: Rule = Rule {
    code: CODE,
    title: "a cohort that nobody can be in",
    severity: &[Severity::Error],
    docs: "A `route` step names one of the role's cohorts. Each way to recognise a cohort is a listener rule of its own, \
           and the nine priorities below a route hold those of all cohorts.",
    fails: "roles:\n  web:\n    rollout:\n      steps: [provision, verify, { route: pilots, bake: 1h }, { shift: 100, bake: 15m }, { hold: 1h }, retire]\n",
    mended: "roles:\n  web:\n    rollout:\n      steps: [provision, verify, { route: pilot, bake: 1h }, { shift: 100, bake: 15m }, { hold: 1h }, retire]\n",
    check: Check::Spec(check),
};

fn check(subject: &Subject<'_>, findings: &mut Findings) {
    for role in &subject.environment.roles {
        let known: Vec<&str> = role.cohorts.iter().map(|cohort| cohort.name.as_str()).collect();
        for step in &role.rollout.strategy.steps {
            let Step::Route { cohort } = step else { continue };
            if !known.contains(&cohort.as_str()) {
                let error =
                    subject.error(CODE, &subject.steps(role), format!("there is no cohort `{cohort}`"));
                findings.push(match nearest(cohort, known.iter().copied()) {
                    Some(near) => error.with_help(format!("did you mean `{near}`?")),
                    None => error.with_help(format!("say who it is under `rollout.cohorts.{cohort}`")),
                });
            }
        }
        let at = Subject::role(role, "/rollout/cohorts");
        for cohort in role.cohorts.iter().filter(|cohort| cohort.matches.is_empty()) {
            let message = format!("nothing says who is in cohort `{}`", cohort.name);
            findings.push(subject.error(CODE, &format!("{at}/{}", cohort.name), message));
        }
        let ways: usize = role.cohorts.iter().map(|cohort| cohort.matches.len()).sum();
        if ways > Route::COHORT_WINDOW as usize {
            let message = format!(
                "the cohorts have {ways} ways to recognise them, at most {} fit",
                Route::COHORT_WINDOW
            );
            findings.push(subject.error(CODE, &at, message));
        }
    }
}
