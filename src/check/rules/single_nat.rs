//! ASG0372: one way out for all zones where releases are approved.

use crate::check::{Check, Rule, Subject};
use crate::diagnostics::{Code, Findings, Severity};
use crate::model::{Approval, Network};

const CODE: Code = Code::new("ASG0372");

pub(in crate::check) const RULE: Rule = Rule {
    code: CODE,
    title: "one NAT gateway for all zones where a person must approve",
    severity: &[Severity::Warning],
    docs: "A NAT gateway stands in one zone. When that zone is lost, instances of the others cannot reach parameters, secrets \
           or the agent's endpoints either, so the group can launch nothing, exactly when it has to. Told where a person \
           must approve releases; elsewhere it is a fair saving.",
    fails: "protection: { approval: manual }\nnetwork: { vpc: null, subnets: null, cidr: 10.0.0.0/16, nat: single }\n",
    mended: "protection: { approval: manual }\nnetwork: { vpc: null, subnets: null, cidr: 10.0.0.0/16, nat: per-zone }\n",
    check: Check::Spec(check),
};

fn check(subject: &Subject<'_>, findings: &mut Findings) {
    let Network::Created(network) = &subject.environment.network else { return };
    if network.nat_per_zone || subject.environment.protection.approval != Approval::Manual {
        return;
    }
    let message = format!("{} zones go out through one of them", network.subnets.len());
    findings.push(subject.warning(CODE, "/network/nat", message).with_help("write `nat: per-zone`"));
}
