//! `network`: an existing VPC, or the subnets of one to create.

use crate::model::{Cidr, CidrError, CreatedNetwork, ExistingNetwork, Network, SubnetPair};
use crate::spec;

use super::context::Context;
use super::{codes, defaults, stacks};

/// Longest prefix of a created VPC: its eighths are /27, the smallest subnet a load balancer takes.
const LONGEST: u32 = 24;
/// Shortest prefix a VPC can have.
const SHORTEST: u32 = 16;

pub(super) fn network(context: &mut Context<'_>, spec: &spec::Network) -> Option<Network> {
    match (&spec.vpc, &spec.cidr) {
        (Some(_), Some(_)) => {
            let error = context.error(
                codes::TOGETHER,
                "/network/cidr",
                "`vpc` names an existing network, `cidr` creates one",
            );
            let vpc = context.root.place("/network/vpc");
            context.push(error.secondary(vpc, "exists").with_help("keep one of the two"));
            None
        }
        (None, None) => {
            let error =
                context.error(codes::TOGETHER, "/network", "the network says neither `vpc` nor `cidr`");
            context.push(
                error.with_help("write `vpc` and `subnets` of an existing one, or a `cidr` to create one"),
            );
            None
        }
        (Some(vpc), None) => existing(context, spec, vpc),
        (None, Some(cidr)) => created(context, spec, cidr),
    }
}

fn existing(
    context: &mut Context<'_>,
    spec: &spec::Network,
    vpc: &spec::Given<spec::VpcId>,
) -> Option<Network> {
    refuse(
        context,
        &[
            ("zones", spec.zones.is_some()),
            ("nat", spec.nat.is_some()),
            ("endpoints", spec.endpoints.is_some()),
        ],
        "belongs to a created network, and `vpc` names an existing one",
    );
    let Some(subnets) = &spec.subnets else {
        let error = context.error(codes::TOGETHER, "/network/vpc", "`vpc` needs the `subnets` to use in it");
        context.push(
            error.with_help(
                "write `subnets: { public: [subnet-…, subnet-…], private: [subnet-…, subnet-…] }`",
            ),
        );
        return None;
    };
    let ids = |all: &spec::Given<Vec<spec::SubnetId>>| {
        stacks::given(all).map(|all| all.iter().map(ToString::to_string).collect())
    };
    let (public, private) = (ids(&subnets.public), ids(&subnets.private));
    let vpc = stacks::given(vpc).map(|vpc| vpc.to_string());
    Some(Network::Existing(ExistingNetwork { vpc, public, private }))
}

fn created(context: &mut Context<'_>, spec: &spec::Network, text: &spec::Cidr) -> Option<Network> {
    refuse(
        context,
        &[("subnets", spec.subnets.is_some())],
        "belongs to an existing network, and `cidr` creates one",
    );
    let cidr = match text.as_str().parse::<Cidr>() {
        Ok(cidr) => cidr,
        Err(error) => {
            let finding = context.error(codes::CIDR, "/network/cidr", error.to_string());
            context.push(match error {
                CidrError::HostBits(_, meant) => finding.with_help(format!("write `{meant}`")),
                CidrError::Form(_) => finding,
            });
            return None;
        }
    };
    if !(SHORTEST..=LONGEST).contains(&cidr.prefix()) {
        let message = format!("a created network is /{SHORTEST} to /{LONGEST}, `{cidr}` is not");
        let error = context.error(codes::CIDR, "/network/cidr", message);
        context.push(error.with_note(
            "each zone gets two eighths of it, and a load balancer needs subnets of /27 or larger",
        ));
        return None;
    }
    let endpoints = spec.endpoints.as_ref().map_or_else(
        || defaults::ENDPOINTS.map(str::to_owned).to_vec(),
        |all| all.iter().map(ToString::to_string).collect(),
    );
    Some(Network::Created(CreatedNetwork {
        cidr: cidr.to_string(),
        subnets: subnets(cidr, spec.zones.unwrap_or(defaults::ZONES)),
        nat_per_zone: spec.nat != Some(spec::Nat::Single),
        endpoints,
    }))
}

/// Private subnets in the first four eighths, public ones in the last four.
fn subnets(cidr: Cidr, zones: u32) -> Vec<SubnetPair> {
    let part = |index| cidr.part(defaults::SUBNET_BITS, index).map(|part| part.to_string());
    let pair =
        |zone: u32| Some(SubnetPair { zone: zone as usize, private: part(zone)?, public: part(zone + 4)? });
    (0..zones).filter_map(pair).collect()
}

fn refuse(context: &mut Context<'_>, keys: &[(&str, bool)], why: &str) {
    for (key, _) in keys.iter().filter(|(_, written)| *written) {
        let error = context.error(codes::TOGETHER, &format!("/network/{key}"), format!("`{key}` {why}"));
        context.push(error.with_help("remove it"));
    }
}
