//! ASG0340: shares of traffic that do not lead to everyone.

use crate::check::{Check, Rule, Subject};
use crate::diagnostics::{Code, Findings, Severity};
use crate::model::Step;

const CODE: Code = Code::new("ASG0340");

pub(in crate::check) const RULE: Rule = Rule {
    code: CODE,
    title: "shares that do not rise to 100 %",
    severity: &[Severity::Error],
    docs: "Each `shift` sends more to the candidate than the one before, and the last sends everyone; so do the \
           checkpoints of a `refresh`.",
    fails: "roles: { web: { rollout: { steps: [provision, verify, { shift: 50, bake: 15m }, { shift: 10, bake: 15m }, { shift: 100, bake: 15m }, { hold: 1h }, retire] } } }\n",
    mended: "roles: { web: { rollout: { steps: [provision, verify, { shift: 10, bake: 15m }, { shift: 100, bake: 15m }, { hold: 1h }, retire] } } }\n",
    check: Check::Spec(check),
};

fn check(subject: &Subject<'_>, findings: &mut Findings) {
    for role in &subject.environment.roles {
        let steps = &role.rollout.strategy.steps;
        let shifts: Vec<u32> = steps
            .iter()
            .filter_map(|step| if let Step::Shift { percent, .. } = step { Some(*percent) } else { None })
            .collect();
        let refresh = steps.iter().find_map(|step| {
            if let Step::Refresh { checkpoints, .. } = step { Some(checkpoints.clone()) } else { None }
        });
        let at_all = subject.steps(role);
        for shares in
            [Some(shifts).filter(|shifts| !shifts.is_empty()), refresh.clone()].into_iter().flatten()
        {
            let mut pairs = shares.array_windows().enumerate();
            if let Some((index, [before, after])) = pairs.find(|(_, [before, after])| after <= before) {
                let moves = |step: &Step| matches!(step, Step::Shift { .. });
                let at = steps.iter().enumerate().filter(|(_, step)| moves(step)).nth(index + 1);
                let at = at.map_or_else(|| at_all.clone(), |(step, _)| subject.step(role, step));
                findings.push(subject.error(CODE, &at, format!("{after} % after {before} % is no rise")));
            }
            if shares.last() != Some(&100) {
                let last = shares.last().copied().unwrap_or_default();
                let error = subject.error(CODE, &at_all, format!("the steps end at {last} %, not at 100 %"));
                findings.push(error.with_help("end with `{ shift: 100, bake: 30m }`"));
            }
        }
        if refresh.is_none() && !steps.iter().any(|step| matches!(step, Step::Shift { .. })) {
            findings.push(
                subject
                    .error(CODE, &at_all, "no step sends anyone to the candidate")
                    .with_help("add `{ shift: 100, bake: 30m }`"),
            );
        }
    }
}
