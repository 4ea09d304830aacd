//! ASG0365: fewer instances than zones where releases are approved.

use crate::check::{Check, Rule, Subject};
use crate::diagnostics::{Code, Findings, Severity};
use crate::model::{Approval, Network};

const CODE: Code = Code::new("ASG0365");

pub(in crate::check) const RULE: Rule = Rule {
    code: CODE,
    title: "fewer instances than zones",
    severity: &[Severity::Warning],
    docs: "With fewer instances than zones a lost zone can take all of them, and with `min: 0` a quiet night takes them: the \
           policy scales on the CPU of instances, and no instance means no CPU, so the group stays empty. Told where a \
           person must approve releases; the empty group everywhere.",
    fails: "protection: { approval: manual }\nroles: { web: { instances: { capacity: { min: 1, max: 4 } } } }\n",
    mended: "protection: { approval: manual }\nroles: { web: { instances: { capacity: { min: 2, max: 4 } } } }\n",
    check: Check::Spec(check),
};

fn check(subject: &Subject<'_>, findings: &mut Findings) {
    let zones = match &subject.environment.network {
        // what another stack makes is not known yet, but two there must be
        Network::Existing(network) => network.private.value().map_or(2, Vec::len),
        Network::Created(network) => network.subnets.len(),
    };
    let approved = subject.environment.protection.approval == Approval::Manual;
    for role in &subject.environment.roles {
        let (min, at) = (role.instances.capacity.min, Subject::role(role, "/instances/capacity/min"));
        if min == 0 {
            let message =
                format!("the group of role `{}` may become empty, and nothing fills it again", role.name);
            findings.push(subject.warning(CODE, &at, message).with_help("write `min: 1` or more"));
        } else if approved && (min as usize) < zones {
            let message =
                format!("role `{}` has {min} instance in {zones} zones: losing one can take all", role.name);
            findings.push(subject.warning(CODE, &at, message).with_help(format!("write `min: {zones}`")));
        }
    }
}
