//! ASG0343: bakes longer than CloudFormation watches.

use crate::check::{Check, Rule, Subject};
use crate::diagnostics::{Code, Diagnostic, Findings, Severity};
use crate::model::{Period, Step};

const CODE: Code = Code::new("ASG0343");

/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_RollbackConfiguration.html>
const WATCHED: Period = Period::minutes(180);

pub(in crate::check) const RULE: Rule = Rule {
    code: CODE,
    title: "a bake that CloudFormation does not watch to its end",
    severity: &[Severity::Note],
    docs: "CloudFormation watches a step for at most 180 minutes and takes it back by itself. In a longer bake alarms \
           notify people, and the next phase is refused unless they stayed quiet; nothing reverts by itself.",
    fails: "roles: { web: { rollout: { steps: [provision, verify, { shift: 100, bake: 24h }, { hold: 1h }, retire] } } }\n",
    mended: "roles: { web: { rollout: { steps: [provision, verify, { shift: 100, bake: 3h }, { hold: 1h }, retire] } } }\n",
    check: Check::Spec(check),
};

fn check(subject: &Subject<'_>, findings: &mut Findings) {
    for role in &subject.environment.roles {
        let bakes = role.rollout.strategy.steps.iter();
        let times = bakes.filter_map(|step| if let Step::Bake(bake) = step { Some(bake.time) } else { None });
        let long: Vec<String> = times.filter(|time| *time > WATCHED).map(|time| time.to_string()).collect();
        if long.is_empty() {
            continue;
        }
        let message = format!(
            "role `{}` bakes for {}: after 180 minutes nothing reverts by itself",
            role.name,
            long.join(", ")
        );
        let note = Diagnostic::note(CODE, message).primary(subject.place(&subject.steps(role)), "");
        findings.push(
            note.with_help("somebody must answer the alarms of such a bake; `asagi rollback` takes it back"),
        );
    }
}
