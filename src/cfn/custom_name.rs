//! Which property names a resource. A resource that the template names cannot be replaced while it keeps the name, since
//! the new one is made first.
//! <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-name.html>

use super::registry;

/// Type and the property that names it.
const NAMED_BY: [(&str, &str); 28] = [
    ("AWS::AutoScaling::AutoScalingGroup", "AutoScalingGroupName"),
    ("AWS::Chatbot::SlackChannelConfiguration", "ConfigurationName"),
    ("AWS::CloudWatch::Alarm", "AlarmName"),
    ("AWS::CloudWatch::CompositeAlarm", "AlarmName"),
    ("AWS::CloudWatch::Dashboard", "DashboardName"),
    ("AWS::DynamoDB::Table", "TableName"),
    ("AWS::Events::Rule", "Name"),
    ("AWS::ElasticLoadBalancingV2::LoadBalancer", "Name"),
    ("AWS::ElasticLoadBalancingV2::TargetGroup", "Name"),
    ("AWS::IAM::InstanceProfile", "InstanceProfileName"),
    ("AWS::IAM::ManagedPolicy", "ManagedPolicyName"),
    ("AWS::IAM::Role", "RoleName"),
    ("AWS::ImageBuilder::Component", "Name"),
    ("AWS::ImageBuilder::ContainerRecipe", "Name"),
    ("AWS::ImageBuilder::DistributionConfiguration", "Name"),
    ("AWS::ImageBuilder::ImagePipeline", "Name"),
    ("AWS::ImageBuilder::ImageRecipe", "Name"),
    ("AWS::ImageBuilder::InfrastructureConfiguration", "Name"),
    ("AWS::ImageBuilder::LifecyclePolicy", "Name"),
    ("AWS::ImageBuilder::Workflow", "Name"),
    ("AWS::KMS::Alias", "AliasName"),
    ("AWS::Lambda::Function", "FunctionName"),
    ("AWS::Logs::LogGroup", "LogGroupName"),
    ("AWS::S3::Bucket", "BucketName"),
    ("AWS::SNS::Topic", "TopicName"),
    ("AWS::SQS::Queue", "QueueName"),
    ("AWS::SSM::Parameter", "Name"),
    ("AWS::SecretsManager::Secret", "Name"),
];

/// The property that names a resource of that type: the one that people know it by, or the only one that the public
/// registry identifies it by, where the template may write it.
pub fn name_property(resource_type: &str) -> Option<&'static str> {
    let known = NAMED_BY.iter().find(|(name, _)| *name == resource_type).map(|(_, property)| *property);
    known.or_else(|| match identified_by(resource_type)?.as_slice() {
        [only] => Some(*only),
        _ => None,
    })
}

/// The properties that identify a resource of that type in the account, where a template may write all of them.
pub(super) fn identified_by(resource_type: &str) -> Option<Vec<&'static str>> {
    let known = registry::resource_type(resource_type)?;
    let (parts, results) = (registry::primary_identifier(resource_type), known.paths("readOnlyProperties"));
    let is_written = |part: &&str| !part.contains('/') && !results.contains(part);
    (!parts.is_empty() && parts.iter().all(is_written)).then_some(parts)
}

/// People know it by a name although the account identifies it otherwise, or by that alone.
pub(super) fn is_known_by_name(resource_type: &str) -> bool {
    NAMED_BY.iter().any(|(name, _)| *name == resource_type)
}
