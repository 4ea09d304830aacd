//! ASG0364: groups that are scaled to where an alarm fires.

use crate::check::{Check, Rule, Subject};
use crate::diagnostics::{Code, Findings, Severity};
use crate::model::Metric;

const CODE: Code = Code::new("ASG0364");

pub(in crate::check) const RULE: Rule = Rule {
    code: CODE,
    title: "a group that is scaled to where an alarm fires",
    severity: &[Severity::Error],
    docs: "The scaling policy holds the average CPU at its target, removing instances until it is there. With the target at or \
           above an alarm's threshold that alarm is on whenever the policy works, and a critical one takes every bake back.",
    fails: "roles: { web: { instances: { scaling: { cpu: 85 } } } }\n",
    mended: "roles: { web: { instances: { scaling: { cpu: 60 } } } }\n",
    check: Check::Spec(check),
};

fn check(subject: &Subject<'_>, findings: &mut Findings) {
    for role in &subject.environment.roles {
        let target = role.instances.scaling.cpu;
        let mut alarms = role.alarms.iter().filter(|alarm| alarm.metric == Metric::Cpu);
        let Some(alarm) = alarms.find(|alarm| alarm.threshold <= target) else { continue };
        // a group of fixed size is not scaled
        if role.instances.capacity.min == role.instances.capacity.max {
            continue;
        }
        let message = format!(
            "role `{}` is scaled to {target} % CPU, and alarm `{}` fires above {} %",
            role.name,
            alarm.name(),
            alarm.threshold
        );
        let error = subject.error(CODE, &Subject::role(role, "/instances/scaling/cpu"), message);
        let help = format!("aim for {:.0} or less", (alarm.threshold - 10.0).max(1.0));
        findings.push(
            error.secondary(subject.place(&subject.alarm(role, Metric::Cpu)), "the alarm").with_help(help),
        );
    }
}
