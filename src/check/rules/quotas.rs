//! ASG0379: rollouts that the account has no room for.

use crate::check::{Check, Rule, Subject};
use crate::diagnostics::{Code, Diagnostic, Findings, Severity};
use crate::model::{Role, Step};

const CODE: Code = Code::new("ASG0379");

/// Families that count against the quota of Standard instances, by their first letter.
/// <https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-on-demand-instances.html>
const STANDARD: [char; 9] = ['a', 'c', 'd', 'h', 'i', 'm', 'r', 't', 'z'];

pub(in crate::check) const RULE: Rule = Rule {
    code: CODE,
    title: "a rollout that the account has no room for",
    severity: &[Severity::Error, Severity::Warning],
    docs: "During a rollout both slots of a role run at up to `max` instances; the other roles go on, and keep their own \
           old slot while they hold it. `quotas.vcpus` says how many vCPUs of On-Demand Standard instances there are for \
           this environment (L-1216C47A of Service Quotas, less what others use): an error where one role cannot roll \
           even alone, since its candidate would be filled half way, and a warning where two cannot be held at once. A \
           load balancer takes 1,000 targets over all its target groups unless `quotas.targets` says more. \
           <https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-limits.html>",
    fails: "quotas: { vcpus: 32 }\nroles: { web: { instances: { type: m7i.xlarge, capacity: { min: 4, max: 6 } } } }\n",
    mended: "quotas: { vcpus: 48 }\nroles: { web: { instances: { type: m7i.xlarge, capacity: { min: 4, max: 6 } } } }\n",
    check: Check::Spec(check),
};

fn check(subject: &Subject<'_>, findings: &mut Findings) {
    let environment = subject.environment;
    let quotas = environment.quotas;
    let shares = |of: fn(&Role) -> u64| environment.roles.iter().map(move |role| (role, of(role)));
    if let Some(quota) = quotas.vcpus {
        findings.extend(too_much(subject, shares(vcpus).collect(), quota, "vCPUs", "vcpus"));
    }
    let targets = |role: &Role| u64::from(role.instances.capacity.max);
    findings.extend(too_much(subject, shares(targets).collect(), quotas.targets, "targets", "targets"));
}

/// What one slot of each role takes at most, against what there is.
fn too_much(
    subject: &Subject<'_>,
    shares: Vec<(&Role, u64)>,
    quota: u32,
    unit: &str,
    key: &str,
) -> Option<Diagnostic> {
    let quota = u64::from(quota);
    let live: u64 = shares.iter().map(|(_, share)| share).sum();
    let second = |(role, share): &(&Role, u64)| if has_second_slot(role) { *share } else { 0 };
    let largest = shares.iter().max_by_key(|share| second(share))?;
    let (alone, together) = (live + second(largest), live + shares.iter().map(second).sum::<u64>());
    let role = largest.0;
    let at = subject.place(&Subject::role(role, "/instances/capacity/max"));
    let quota_at = format!("/quotas/{key}");
    let said = subject.origins.written(&quota_at);
    let (found, needed) = if alone > quota {
        let message =
            format!("a rollout of `{}` needs up to {alone} {unit}, and there are {quota}", role.name);
        // A quota that nobody wrote down may have been raised.
        let found = if said { Diagnostic::error(CODE, message) } else { Diagnostic::warning(CODE, message) };
        (found, alone)
    } else if together > quota {
        let message = format!("rollouts of all roles need up to {together} {unit}, and there are {quota}");
        let note = "one role after the other fits, once the old slot of the one before is retired";
        (Diagnostic::warning(CODE, message).with_note(note), together)
    } else {
        return None;
    };
    let mut found = found.primary(at, "both slots run at this");
    if said {
        found = found.secondary(subject.place(&quota_at), "what there is");
    }
    let help = format!("lower `max`, or have the quota raised and write `quotas: {{ {key}: {needed} }}`");
    Some(found.with_help(help))
}

/// Instances are replaced in place by `refresh`, with no second slot beside them.
fn has_second_slot(role: &Role) -> bool {
    !role.rollout.strategy.steps.iter().any(|step| matches!(step, Step::Refresh { .. }))
}

/// The vCPUs of a slot at its most; none for what counts against another quota or is not known.
fn vcpus(role: &Role) -> u64 {
    let instances = &role.instances;
    let standard = instances.instance_type.starts_with(STANDARD);
    let each = instances.vcpus().filter(|_| standard).unwrap_or_default();
    u64::from(each) * u64::from(instances.capacity.max)
}
