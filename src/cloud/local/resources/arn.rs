//! Where a type's name stands in its ARN.

use super::Place;

/// Type, and what comes between the account and the name. Types whose physical id is the ARN itself are in `physical`.
const ARNS: [(&str, &str, &str); 14] = [
    ("AWS::AutoScaling::AutoScalingGroup", "autoscaling", "autoScalingGroup:*:autoScalingGroupName/"),
    ("AWS::CloudWatch::Alarm", "cloudwatch", "alarm:"),
    ("AWS::CloudWatch::CompositeAlarm", "cloudwatch", "alarm:"),
    ("AWS::EC2::SecurityGroup", "ec2", "security-group/"),
    ("AWS::EC2::VPC", "ec2", "vpc/"),
    ("AWS::Events::Rule", "events", "rule/"),
    ("AWS::KMS::Key", "kms", "key/"),
    ("AWS::Lambda::Function", "lambda", "function:"),
    ("AWS::Logs::LogGroup", "logs", "log-group:"),
    ("AWS::SSM::Parameter", "ssm", "parameter"),
    ("AWS::SSM::PatchBaseline", "ssm", "patchbaseline/"),
    ("AWS::SQS::Queue", "sqs", ""),
    ("AWS::DynamoDB::Table", "dynamodb", "table/"),
    ("AWS::StepFunctions::StateMachine", "states", "stateMachine:"),
];

/// The ARN of a resource by its physical id.
pub(super) fn of(kind: &str, physical_id: &str, place: &Place<'_>) -> String {
    let (region, account) = (place.region, place.account);
    if physical_id.starts_with("arn:") {
        return physical_id.to_owned();
    }
    match kind {
        "AWS::IAM::Role" => return format!("arn:aws:iam::{account}:role/{physical_id}"),
        "AWS::IAM::InstanceProfile" => {
            return format!("arn:aws:iam::{account}:instance-profile/{physical_id}");
        }
        "AWS::S3::Bucket" => return format!("arn:aws:s3:::{physical_id}"),
        "AWS::Logs::LogGroup" => return format!("arn:aws:logs:{region}:{account}:log-group:{physical_id}:*"),
        _ => {}
    }
    let known = ARNS.iter().find(|(name, ..)| *name == kind);
    let words: Vec<&str> = kind.split("::").collect();
    let guessed = words.get(1).copied().unwrap_or("cloudformation").to_ascii_lowercase();
    let resource = words.get(2).copied().unwrap_or_default().to_ascii_lowercase();
    match known {
        Some((_, service, before)) => format!("arn:aws:{service}:{region}:{account}:{before}{physical_id}"),
        None => format!("arn:aws:{guessed}:{region}:{account}:{resource}/{physical_id}"),
    }
}
