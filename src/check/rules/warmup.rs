//! ASG0376: warm-ups that outlast what waits for them.

use crate::check::{Check, Rule, Subject};
use crate::diagnostics::{Code, Findings, Severity};

const CODE: Code = Code::new("ASG0376");

/// How long a rollout waits for targets to become healthy.
const PATIENCE: u32 = 15 * 60;

pub(in crate::check) const RULE: Rule = Rule {
    code: CODE,
    title: "a warm-up that outlasts the rollout's patience",
    severity: &[Severity::Error],
    docs: "`verify` waits a quarter of an hour for every target to be healthy, and gives the release up after that. Instances \
           that need as long to start never get there. During the warm-up the group also neither counts an instance for \
           scaling nor replaces it, so a long one makes it slow to answer load.",
    fails: "roles: { web: { instances: { warmup: 20m } } }\n",
    mended: "roles: { web: { instances: { warmup: 5m } } }\n",
    check: Check::Spec(check),
};

fn check(subject: &Subject<'_>, findings: &mut Findings) {
    for role in &subject.environment.roles {
        let warmup = role.instances.warmup;
        if warmup >= PATIENCE {
            let message = format!(
                "instances of role `{}` may take {} min to start, and a rollout waits {} min for them",
                role.name,
                warmup / 60,
                PATIENCE / 60
            );
            let error = subject.error(CODE, &Subject::role(role, "/instances/warmup"), message);
            findings.push(error.with_help("bake what takes long into the image, and shorten `warmup`"));
        }
    }
}
