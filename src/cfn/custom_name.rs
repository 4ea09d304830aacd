//! Which property names a resource. A resource that the template names cannot be replaced while it keeps the name, since
//! the new one is made first.
//! <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-name.html>

/// Type and the property that names it.
const NAMED_BY: [(&str, &str); 26] = [
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
    ("AWS::ImageBuilder::DistributionConfiguration", "Name"),
    ("AWS::ImageBuilder::ImagePipeline", "Name"),
    ("AWS::ImageBuilder::ImageRecipe", "Name"),
    ("AWS::ImageBuilder::InfrastructureConfiguration", "Name"),
    ("AWS::ImageBuilder::LifecyclePolicy", "Name"),
    ("AWS::KMS::Alias", "AliasName"),
    ("AWS::Lambda::Function", "FunctionName"),
    ("AWS::Logs::LogGroup", "LogGroupName"),
    ("AWS::S3::Bucket", "BucketName"),
    ("AWS::SNS::Topic", "TopicName"),
    ("AWS::SQS::Queue", "QueueName"),
    ("AWS::SSM::Parameter", "Name"),
    ("AWS::SecretsManager::Secret", "Name"),
];

/// The property that names a resource of that type, where it has one; none of the others is known here.
pub fn name_property(resource_type: &str) -> Option<&'static str> {
    NAMED_BY.iter().find(|(name, _)| *name == resource_type).map(|(_, property)| *property)
}
