//! ASG0375: criteria of a bake that cannot be judged.

use crate::check::{Check, Rule, Subject};
use crate::diagnostics::{Code, Findings, Severity};
use crate::model::{Criterion, Images, Metric, Role, Step};

const CODE: Code = Code::new("ASG0375");

/// The share at which both slots get the same.
const EQUAL: u32 = 50;

pub(in crate::check) const RULE: Rule = Rule {
    code: CODE,
    title: "a criterion that cannot be judged",
    severity: &[Severity::Error],
    docs: "CPU and memory are compared with the live slot, which says something only at equal shares: at 10 % of the traffic \
           the candidate's CPU is always lower. Memory is measured by the CloudWatch agent, so an image without it has \
           nothing to compare.",
    fails: "roles: { web: { rollout: { steps: [provision, verify, { shift: 10, bake: { time: 15m, criteria: [cpu] } }, { shift: 100, bake: 15m }, { hold: 24h }, retire] } } }\n",
    mended: "roles: { web: { rollout: { steps: [provision, verify, { shift: 50, bake: { time: 15m, criteria: [cpu] } }, { shift: 100, bake: 15m }, { hold: 24h }, retire] } } }\n",
    check: Check::Spec(check),
};

fn check(subject: &Subject<'_>, findings: &mut Findings) {
    for role in &subject.environment.roles {
        let mut share = 0;
        for step in &role.rollout.strategy.steps {
            match step {
                Step::Shift { percent, .. } => share = *percent,
                Step::Bake(bake) => {
                    for criterion in &bake.criteria {
                        if let Some((problem, help)) = problem(role, *criterion, share) {
                            findings.push(subject.error(CODE, &subject.steps(role), problem).with_help(help));
                        }
                    }
                }
                _ => {}
            }
        }
    }
}

fn problem(role: &Role, criterion: Criterion, share: u32) -> Option<(String, &'static str)> {
    let what = match criterion {
        Criterion::Cpu => "CPU",
        Criterion::Memory => "memory",
        Criterion::ErrorRate | Criterion::ResponseTime => return None,
    };
    if share != EQUAL {
        let message = format!("{what} of the slots of role `{}` cannot be compared at {share} %", role.name);
        return Some((message, "compare them at `shift: 50`"));
    }
    let told = role.alarms.iter().any(|alarm| matches!(alarm.metric, Metric::Memory | Metric::Disk));
    // alarms on memory without the agent are told by the rule about them
    let without = criterion == Criterion::Memory
        && !told
        && role.images.as_ref().is_some_and(|images| !has_agent(images));
    without.then(|| {
        let message = format!(
            "memory of role `{}` is compared, and no layer installs the agent that measures it",
            role.name
        );
        (message, "add `cloudwatch-agent` to the middleware's components")
    })
}

fn has_agent(images: &Images) -> bool {
    let mut components = images.layers().into_iter().flat_map(|layer| &layer.components);
    components.any(|component| component.name.contains("cloudwatch"))
}
