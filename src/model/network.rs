//! Where instances and the load balancer stand.

use super::Input;

/// Existing or created.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Network {
    /// A VPC that others keep.
    Existing(ExistingNetwork),
    /// A VPC that the network stack creates.
    Created(CreatedNetwork),
}

/// A VPC that others keep.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExistingNetwork {
    /// `vpc-…`
    pub vpc: Input,
    /// Two or more `subnet-…` in different zones, for an internet-facing load balancer.
    pub public: Input<Vec<String>>,
    /// Two or more `subnet-…` in different zones, for instances.
    pub private: Input<Vec<String>>,
}

/// A VPC that the network stack creates: per zone one public and one private subnet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CreatedNetwork {
    /// Such as `10.0.0.0/16`.
    pub cidr: String,
    /// One per zone, at least two.
    pub subnets: Vec<SubnetPair>,
    /// One NAT gateway per zone, or one in all.
    pub nat_per_zone: bool,
    /// Services reached without the internet, such as `s3`, `ssm`.
    pub endpoints: Vec<String>,
}

/// The subnets of one zone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SubnetPair {
    /// Index into the region's zones, for `Fn::GetAZs`.
    pub zone: usize,
    /// CIDR of the public one.
    pub public: String,
    /// CIDR of the private one.
    pub private: String,
}
