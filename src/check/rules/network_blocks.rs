//! ASG0371: blocks of addresses that belong to others.

use crate::check::{Check, Rule, Subject};
use crate::diagnostics::{Code, Findings, Severity};
use crate::model::{Cidr, Network};

const CODE: Code = Code::new("ASG0371");

/// RFC 1918, and RFC 6598, which AWS takes for a VPC too.
const PRIVATE: [&str; 4] = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10"];
/// Docker's bridge on every instance that runs containers.
/// <https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html>
const DOCKER: &str = "172.17.0.0/16";

pub(in crate::check) const RULE: Rule = Rule {
    code: CODE,
    title: "a network of addresses that belong to others",
    severity: &[Severity::Warning],
    docs: "A VPC of public addresses hides their real owners from the instances in it. 172.17.0.0/16 is the bridge of Docker on \
           every host, and AWS's own services in a VPC use it: hosts there cannot be reached from containers.",
    fails: "network: { vpc: null, subnets: null, cidr: 172.17.0.0/16 }\n",
    mended: "network: { vpc: null, subnets: null, cidr: 10.17.0.0/16 }\n",
    check: Check::Spec(check),
};

fn check(subject: &Subject<'_>, findings: &mut Findings) {
    let Network::Created(network) = &subject.environment.network else { return };
    let Ok(block) = network.cidr.parse::<Cidr>() else { return };
    let within = |outer: &str| outer.parse::<Cidr>().is_ok_and(|outer| outer.contains(block));
    let meets = |other: &str| other.parse::<Cidr>().is_ok_and(|other| other.overlaps(block));
    if !PRIVATE.iter().any(|outer| within(outer)) {
        let message = format!("`{block}` holds public addresses, which belong to others");
        findings
            .push(subject.warning(CODE, "/network/cidr", message).with_help("choose a block of 10.0.0.0/8"));
    } else if meets(DOCKER) {
        let message = format!("`{block}` holds the addresses of Docker's bridge, {DOCKER}");
        findings
            .push(subject.warning(CODE, "/network/cidr", message).with_help("choose a block of 10.0.0.0/8"));
    }
}
