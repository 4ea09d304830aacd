//! What is at stake in a resource: data that is in no repository, or requests that pass through it.

/// Types that hold data which is in no repository.
const HOLDERS: [&str; 19] = [
    "AWS::Cognito::UserPool",
    "AWS::DocDB::DBCluster",
    "AWS::DynamoDB::GlobalTable",
    "AWS::DynamoDB::Table",
    "AWS::EC2::Volume",
    "AWS::EFS::FileSystem",
    "AWS::ElastiCache::CacheCluster",
    "AWS::ElastiCache::ReplicationGroup",
    "AWS::FSx::FileSystem",
    "AWS::KMS::Key",
    "AWS::Kinesis::Stream",
    "AWS::MemoryDB::Cluster",
    "AWS::Neptune::DBCluster",
    "AWS::OpenSearchService::Domain",
    "AWS::RDS::DBCluster",
    "AWS::RDS::DBInstance",
    "AWS::Redshift::Cluster",
    "AWS::S3::Bucket",
    "AWS::SecretsManager::Secret",
];

/// Types that hold what was written down once, such as logs: an edit seldom ends them, the end of their stack does.
const RECORDS: [&str; 8] = [
    "AWS::AmazonMQ::Broker",
    "AWS::Backup::BackupVault",
    "AWS::Cassandra::Table",
    "AWS::ECR::Repository",
    "AWS::Logs::LogGroup",
    "AWS::MSK::Cluster",
    "AWS::S3Express::DirectoryBucket",
    "AWS::Timestream::Table",
];

/// Types that users' requests pass through, so that another one in its place cuts requests off, or has another address.
const CARRIERS: [&str; 18] = [
    "AWS::ApiGateway::RestApi",
    "AWS::ApiGatewayV2::Api",
    "AWS::AutoScaling::AutoScalingGroup",
    "AWS::CloudFront::Distribution",
    "AWS::EC2::EIP",
    "AWS::EC2::InternetGateway",
    "AWS::EC2::NatGateway",
    "AWS::EC2::Subnet",
    "AWS::EC2::VPC",
    "AWS::EC2::VPNGateway",
    "AWS::ECS::Cluster",
    "AWS::ECS::Service",
    "AWS::ElasticLoadBalancingV2::Listener",
    "AWS::ElasticLoadBalancingV2::LoadBalancer",
    "AWS::GlobalAccelerator::Accelerator",
    "AWS::Lambda::Function",
    "AWS::Route53::HostedZone",
    "AWS::Route53::RecordSet",
];

/// Whether a resource of that type holds data which is in no repository.
pub fn holds_data(resource_type: &str) -> bool {
    HOLDERS.contains(&resource_type)
}

/// Whether something is gone for good with a resource of that type when its stack is removed.
pub fn holds_records(resource_type: &str) -> bool {
    holds_data(resource_type) || RECORDS.contains(&resource_type)
}

/// Whether users' requests pass through a resource of that type.
pub fn carries_requests(resource_type: &str) -> bool {
    CARRIERS.contains(&resource_type)
}
