//! How long CloudFormation takes for a resource. Plausible numbers for planning and rehearsal, not AWS's own.

/// What is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Work {
    /// Created, or created in place of another.
    Create,
    /// Updated in place, or put back.
    Update,
    /// Deleted.
    Delete,
}

/// Type, seconds to create, to update, to delete.
const TABLE: [(&str, [u64; 3]); 12] = [
    ("AWS::AutoScaling::AutoScalingGroup", [20, 20, 60]),
    ("AWS::EC2::NatGateway", [110, 5, 60]),
    ("AWS::EC2::EIP", [15, 5, 15]),
    ("AWS::EC2::InternetGateway", [15, 5, 15]),
    ("AWS::EC2::VPC", [12, 5, 5]),
    ("AWS::EC2::VPCEndpoint", [60, 15, 30]),
    ("AWS::ElasticLoadBalancingV2::LoadBalancer", [150, 10, 15]),
    ("AWS::IAM::InstanceProfile", [120, 5, 5]),
    ("AWS::IAM::Role", [15, 10, 5]),
    ("AWS::KMS::Key", [20, 5, 5]),
    ("AWS::S3::Bucket", [20, 10, 5]),
    ("AWS::SNS::Topic", [10, 5, 5]),
];

/// Every other type.
const OTHERWISE: u64 = 5;

/// Seconds for that work on that type.
pub(crate) fn seconds(kind: &str, work: Work) -> u64 {
    let row = TABLE.iter().find(|(name, _)| *name == kind).map(|(_, [create, update, delete])| match work {
        Work::Create => *create,
        Work::Update => *update,
        Work::Delete => *delete,
    });
    row.unwrap_or(OTHERWISE)
}
