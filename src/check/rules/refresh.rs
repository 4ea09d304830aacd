//! ASG0377: rolling replacements that take too many instances at once.

use crate::check::{Check, Rule, Subject};
use crate::diagnostics::{Code, Findings, Severity};
use crate::model::{Role, Step};

const CODE: Code = Code::new("ASG0377");

/// Requirement 1, section 4: at most half of the instances at once.
const BATCH: u32 = 50;

pub(in crate::check) const RULE: Rule = Rule {
    code: CODE,
    title: "a rolling replacement that takes too many instances at once",
    severity: &[Severity::Error, Severity::Warning],
    docs: "Checkpoints of `refresh` are percentages of the group that rise to 100; between two of them is one batch. A batch of \
           more than half leaves the release unproven before most instances run it, and a group of one instance has no \
           second one to serve meanwhile. Auto Scaling refuses checkpoints that do not rise to 100. \
           <https://docs.aws.amazon.com/autoscaling/ec2/userguide/asg-adding-checkpoints-instance-refresh.html>",
    fails: "policy: { ASG0358: { severity: ignore, reason: rolled by hand } }\nroles: { web: { rollout: { steps: [{ refresh: { checkpoints: [20, 90, 100], delay: 10m } }] } } }\n",
    mended: "policy: { ASG0358: { severity: ignore, reason: rolled by hand } }\nroles: { web: { rollout: { steps: [{ refresh: { checkpoints: [25, 50, 75, 100], delay: 10m } }] } } }\n",
    check: Check::Spec(check),
};

fn check(subject: &Subject<'_>, findings: &mut Findings) {
    for role in &subject.environment.roles {
        for step in &role.rollout.strategy.steps {
            let Step::Refresh { checkpoints, .. } = step else { continue };
            if let Some((message, help)) = problem(role, checkpoints) {
                findings.push(subject.error(CODE, &subject.steps(role), message).with_help(help));
            }
            if role.instances.capacity.min < 2 {
                let message =
                    format!("role `{}` may have one instance, and replacing it leaves none", role.name);
                let at = Subject::role(role, "/instances/capacity/min");
                findings.push(
                    subject
                        .warning(CODE, &at, message)
                        .with_help("write `min: 2`, or use a strategy of two slots"),
                );
            }
        }
    }
}

fn problem(role: &Role, checkpoints: &[u32]) -> Option<(String, &'static str)> {
    let rising = checkpoints.windows(2).all(|pair| matches!(pair, [low, high] if low < high));
    if checkpoints.last() != Some(&100) || !rising || checkpoints.first() == Some(&0) {
        let message = format!("the checkpoints of role `{}` do not rise to 100 %", role.name);
        return Some((message, "write `checkpoints: [25, 50, 75, 100]`"));
    }
    let before = std::iter::once(&0).chain(checkpoints);
    let largest = checkpoints.iter().zip(before).map(|(to, from)| to.saturating_sub(*from)).max()?;
    (largest > BATCH).then(|| {
        let message = format!(
            "role `{}` replaces {largest} % of its instances at once, more than {BATCH} %",
            role.name
        );
        (message, "write more checkpoints, `[25, 50, 75, 100]`")
    })
}
