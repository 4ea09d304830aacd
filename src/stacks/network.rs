//! The network stack: a VPC with a public and a private subnet in each zone. Absent where a VPC of others is named.

use serde::Serialize;

use super::draft::Draft;
use super::graph::StackKind;
use super::kept::Kept;
use crate::model::{CreatedNetwork, Environment, Input, Network};

/// Key of the stack.
const KEY: &str = "network";

/// Services that are reached through a gateway in the route tables, at no cost; all others through an interface.
const GATEWAY_SERVICES: [&str; 2] = ["s3", "dynamodb"];

#[derive(Serialize)]
struct Context<'a> {
    name: String,
    cidr: &'a str,
    zones: Vec<Zone<'a>>,
    gateways: Vec<Endpoint<'a>>,
    interfaces: Vec<Endpoint<'a>>,
    kept: Kept,
}

/// The subnets of one zone; `number` counts from 1 and is part of logical ids.
#[derive(Serialize)]
struct Zone<'a> {
    number: usize,
    index: usize,
    public: &'a str,
    private: &'a str,
    nat: usize,
}

#[derive(Serialize)]
struct Endpoint<'a> {
    id: String,
    service: &'a str,
}

/// The stack, where the environment makes its own VPC.
pub(super) fn draft(environment: &Environment) -> Option<Draft> {
    let Network::Created(network) = &environment.network else { return None };
    Some(Draft::new(KEY, StackKind::Network, "network", context(environment, network)))
}

/// Feeds `VpcId`.
pub(super) fn vpc(draft: Draft, environment: &Environment) -> Draft {
    match &environment.network {
        Network::Existing(network) => draft.input("VpcId", &network.vpc),
        Network::Created(_) => draft.output("VpcId", KEY, "VpcId"),
    }
}

fn subnets(draft: Draft, ids: &Input<Vec<String>>) -> Draft {
    draft.input("SubnetIds", &ids.clone().map(|ids| ids.join(",")))
}

/// Feeds `SubnetIds` with the subnets where instances stand.
pub(super) fn private_subnets(draft: Draft, environment: &Environment) -> Draft {
    match &environment.network {
        Network::Existing(network) => subnets(draft, &network.private),
        Network::Created(_) => draft.output("SubnetIds", KEY, "PrivateSubnetIds"),
    }
}

/// Feeds `SubnetIds` with the subnets that the internet reaches.
pub(super) fn public_subnets(draft: Draft, environment: &Environment) -> Draft {
    match &environment.network {
        Network::Existing(network) => subnets(draft, &network.public),
        Network::Created(_) => draft.output("SubnetIds", KEY, "PublicSubnetIds"),
    }
}

fn context<'a>(environment: &Environment, network: &'a CreatedNetwork) -> Context<'a> {
    let zones = network.subnets.iter().zip(1..).map(|(pair, number)| Zone {
        number,
        index: pair.zone,
        public: &pair.public,
        private: &pair.private,
        nat: if network.nat_per_zone { number } else { 1 },
    });
    let endpoints = |gateway: bool| {
        let services =
            network.endpoints.iter().filter(move |name| GATEWAY_SERVICES.contains(&name.as_str()) == gateway);
        services.map(|name| Endpoint { id: super::names::logical(name), service: name }).collect()
    };
    Context {
        name: format!("{}-{}", environment.project, environment.name),
        cidr: &network.cidr,
        zones: zones.collect(),
        gateways: endpoints(true),
        interfaces: endpoints(false),
        kept: environment.retention.into(),
    }
}
