//! ASG0366: subnets with too few addresses for two slots.

use crate::check::{Check, Rule, Subject};
use crate::diagnostics::{Code, Findings, Severity};
use crate::model::{Cidr, LoadBalancer, Network, Scheme};

const CODE: Code = Code::new("ASG0366");

/// What AWS keeps of every subnet. <https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html>
const KEPT: u64 = 5;
/// What a load balancer wants free in each of its subnets.
/// <https://docs.aws.amazon.com/elasticloadbalancing/latest/application/application-load-balancers.html>
const LOAD_BALANCER: u64 = 8;
/// Gateway endpoints, which take no address.
const GATEWAYS: [&str; 2] = ["s3", "dynamodb"];

pub(in crate::check) const RULE: Rule = Rule {
    code: CODE,
    title: "too few addresses for two slots",
    severity: &[Severity::Error],
    docs: "During a rollout both slots of a role run at up to `max` instances, and roles share the private subnets. Each subnet \
           of a created network is an eighth of its block, less five addresses that AWS keeps, eight that an internal load \
           balancer may take, and one for each interface endpoint. When addresses run out the candidate cannot be filled, \
           in the middle of a rollout.",
    fails: "network: { vpc: null, subnets: null, cidr: 10.0.0.0/24 }\nroles: { web: { instances: { capacity: { min: 8, max: 20 } } } }\n",
    mended: "network: { vpc: null, subnets: null, cidr: 10.0.0.0/22 }\nroles: { web: { instances: { capacity: { min: 8, max: 20 } } } }\n",
    check: Check::Spec(check),
};

fn check(subject: &Subject<'_>, findings: &mut Findings) {
    let Network::Created(network) = &subject.environment.network else { return };
    let internal = matches!(&subject.environment.load_balancer, LoadBalancer::Created(one) if one.scheme == Scheme::Internal);
    let interfaces =
        network.endpoints.iter().filter(|name| !GATEWAYS.contains(&name.as_str())).count() as u64;
    let taken = KEPT + interfaces + if internal { LOAD_BALANCER } else { 0 };
    let blocks = network.subnets.iter().filter_map(|pair| pair.private.parse::<Cidr>().ok());
    let free: u64 = blocks.map(|block| block.size().saturating_sub(taken)).sum();
    let roles = &subject.environment.roles;
    let needed: u64 = roles.iter().map(|role| 2 * u64::from(role.instances.capacity.max)).sum();
    if needed <= free {
        return;
    }
    let message =
        format!("both slots of all roles need up to {needed} addresses, and the private subnets have {free}");
    let mut error = subject.error(CODE, "/network/cidr", message);
    for role in roles {
        let most = subject.place(&Subject::role(role, "/instances/capacity/max"));
        error = error.secondary(most, format!("two slots of {}", role.instances.capacity.max));
    }
    findings.push(error.with_help("choose a larger block, /16 where there is room, or lower `max`"));
}
