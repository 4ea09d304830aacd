//! ASG0341: steps in an order in which they cannot work.

use crate::check::{Check, Rule, Subject};
use crate::diagnostics::{Code, Findings, Severity};
use crate::model::Step;

const CODE: Code = Code::new("ASG0341");

pub(in crate::check) const RULE: Rule = Rule {
    code: CODE,
    title: "steps in an order in which they cannot work",
    severity: &[Severity::Error],
    docs: "Traffic goes only to a candidate that was provisioned and verified, the old slot is held and retired only \
           after everyone has left it, and `refresh` stands alone: it has no second slot.",
    fails: "roles: { web: { rollout: { steps: [provision, { shift: 100, bake: 15m }, { hold: 1h }, retire] } } }\n",
    mended: "roles: { web: { rollout: { steps: [provision, verify, { shift: 100, bake: 15m }, { hold: 1h }, retire] } } }\n",
    check: Check::Spec(check),
};

fn check(subject: &Subject<'_>, findings: &mut Findings) {
    for role in &subject.environment.roles {
        if let Some(problem) = problem(&role.rollout.strategy.steps) {
            findings.push(subject.error(CODE, &subject.steps(role), problem));
        }
    }
}

fn problem(steps: &[Step]) -> Option<&'static str> {
    let at = |wanted: fn(&Step) -> bool| steps.iter().position(wanted);
    let provision = at(|step| *step == Step::Provision);
    let verify = at(|step| *step == Step::Verify);
    let traffic = at(|step| matches!(step, Step::Shift { .. } | Step::Route { .. }));
    let everyone = at(|step| matches!(step, Step::Shift { percent: 100, .. }));
    let leaving = at(|step| matches!(step, Step::Hold(_) | Step::Retire));
    let retire = at(|step| *step == Step::Retire);
    if at(|step| matches!(step, Step::Refresh { .. })).is_some() {
        let two_slots = provision.or(traffic).or(leaving);
        return two_slots
            .map(|_| "`refresh` replaces the live slot in place, so no step can be about a second slot");
    }
    let traffic = traffic?;
    if provision.is_none_or(|provision| provision > traffic) {
        return Some("traffic is sent to a candidate that was not provisioned before");
    }
    if verify.is_none_or(|verify| verify > traffic || Some(verify) < provision) {
        return Some("traffic is sent to a candidate that was not verified before");
    }
    if leaving.is_some() && (everyone.is_none() || leaving < everyone) {
        return Some("the old slot is held or retired before everyone has left it");
    }
    match retire {
        None => Some("the old slot is never retired, so it would run forever"),
        Some(retire) if retire + 1 < steps.len() => Some("nothing can follow `retire`"),
        Some(_) => None,
    }
}
