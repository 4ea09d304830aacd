//! `network`: an existing VPC, or one to create.

use schemars::JsonSchema;
use serde::Deserialize;

use super::{Cidr, Given, SubnetId, Text, VpcId};

/// An existing VPC (`vpc`, `subnets`), or one to create (`cidr` and what follows it).
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Network {
    /// A VPC that others keep.
    pub vpc: Option<Given<VpcId>>,
    /// Its subnets, two or more of each kind in different zones.
    pub subnets: Option<Subnets>,
    /// The block of a VPC to create, /16 to /24; every zone gets a public and a private eighth of it.
    pub cidr: Option<Cidr>,
    /// Zones of the created VPC: two unless said.
    #[schemars(range(min = 2, max = 4))]
    pub zones: Option<u32>,
    /// NAT gateways of the created VPC: `per-zone` unless said.
    pub nat: Option<Nat>,
    /// Services the created VPC reaches without the internet, such as `s3`, `ssm`; `s3` unless said.
    pub endpoints: Option<Vec<Text>>,
}

/// Subnets of an existing VPC.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Subnets {
    /// For an internet-facing load balancer.
    pub public: Given<Vec<SubnetId>>,
    /// For instances.
    pub private: Given<Vec<SubnetId>>,
}

/// How many NAT gateways there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(inline)]
pub enum Nat {
    /// One in each zone: a lost zone takes nothing else with it.
    PerZone,
    /// One in all: cheaper.
    Single,
}
