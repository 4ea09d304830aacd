//! What a template sees of the place it is deployed to.

/// The pseudo parameters, and what `Fn::GetAZs` gives.
/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/pseudo-parameter-reference.html>
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Surroundings {
    /// `AWS::AccountId`, twelve digits; empty is unknown, here as below.
    pub account: String,
    /// `AWS::Region`.
    pub region: String,
    /// `AWS::StackName`.
    pub stack_name: String,
    /// `AWS::StackId`, an ARN.
    pub stack_id: String,
    /// Availability zones of the region.
    pub zones: Vec<String>,
    /// `AWS::NotificationARNs`.
    pub notification_arns: Vec<String>,
}

impl Surroundings {
    /// `AWS::Partition`.
    pub fn partition(&self) -> &'static str {
        if self.region.starts_with("cn-") {
            "aws-cn"
        } else if self.region.starts_with("us-gov-") {
            "aws-us-gov"
        } else {
            "aws"
        }
    }

    /// `AWS::URLSuffix`.
    pub fn url_suffix(&self) -> &'static str {
        if self.region.starts_with("cn-") { "amazonaws.com.cn" } else { "amazonaws.com" }
    }
}
