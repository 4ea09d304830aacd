//! ASG0333: fewer subnets than a load balancer or a group needs.

use crate::check::{Check, Rule, Subject};
use crate::diagnostics::{Code, Findings, Severity};
use crate::model::{LoadBalancer, Network, Scheme};

const CODE: Code = Code::new("ASG0333");

pub(in crate::check) const RULE: Rule = Rule {
    code: CODE,
    title: "fewer than two subnets",
    severity: &[Severity::Error],
    docs: "A load balancer stands in at least two zones, and so do instances, or one zone takes all of them with it. An \
           internet-facing load balancer stands in the public subnets, an internal one in the private ones.",
    fails: "network: { subnets: { private: [subnet-0f1e2d3c4b5a697a2, subnet-0f1e2d3c4b5a697a2] } }\n",
    mended: "network: { subnets: { private: [subnet-0f1e2d3c4b5a697a2, subnet-0f1e2d3c4b5a697c2] } }\n",
    check: Check::Spec(check),
};

fn check(subject: &Subject<'_>, findings: &mut Findings) {
    let Network::Existing(network) = &subject.environment.network else { return };
    let public_needed = matches!(
        &subject.environment.load_balancer,
        LoadBalancer::Created(created) if created.scheme == Scheme::InternetFacing
    );
    let lists = [("private", &network.private, true), ("public", &network.public, public_needed)];
    let needed = lists.into_iter().filter(|(.., needed)| *needed);
    // What another stack makes is not known yet.
    for (key, subnets) in needed.filter_map(|(key, subnets, _)| Some((key, subnets.value()?))) {
        let mut distinct = subnets.clone();
        distinct.sort();
        distinct.dedup();
        if distinct.len() < 2 {
            let message = format!(
                "`{key}` names too few different subnets: {}, at least two are needed",
                distinct.len()
            );
            let error = subject.error(CODE, &format!("/network/subnets/{key}"), message);
            findings.push(error.with_help(format!("write `{key}: [subnet-…, subnet-…]`")));
        }
    }
    let (Some(private), Some(public)) = (network.private.value(), network.public.value()) else { return };
    for subnet in private.iter().filter(|subnet| public.contains(subnet)) {
        let error = subject.error(
            CODE,
            "/network/subnets/private",
            format!("`{subnet}` is public and private at once"),
        );
        findings.push(error.secondary(subject.place("/network/subnets/public"), "public"));
    }
}
