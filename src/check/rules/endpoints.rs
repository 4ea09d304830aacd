//! ASG0393: services that have no endpoint of that name.

use crate::check::{Check, Rule, Subject};
use crate::diagnostics::{Code, Findings, Severity, nearest};
use crate::model::Network;
use crate::source::pointer;

const CODE: Code = Code::new("ASG0393");

/// The services that instances most often call, as they stand behind `com.amazonaws.<region>.`.
/// <https://docs.aws.amazon.com/vpc/latest/privatelink/aws-services-privatelink-support.html>
const KNOWN: [&str; 62] = [
    "s3",
    "dynamodb",
    "ssm",
    "ssmmessages",
    "ec2messages",
    "ec2",
    "logs",
    "monitoring",
    "events",
    "sns",
    "sqs",
    "kms",
    "secretsmanager",
    "sts",
    "ecr.api",
    "ecr.dkr",
    "ecs",
    "ecs-agent",
    "ecs-telemetry",
    "lambda",
    "execute-api",
    "elasticloadbalancing",
    "autoscaling",
    "application-autoscaling",
    "cloudformation",
    "cloudtrail",
    "config",
    "codebuild",
    "codecommit",
    "git-codecommit",
    "codedeploy",
    "codedeploy-commands-secure",
    "codepipeline",
    "codeartifact.api",
    "codeartifact.repositories",
    "elasticfilesystem",
    "elasticache",
    "rds",
    "rds-data",
    "athena",
    "glue",
    "kinesis-streams",
    "kinesis-firehose",
    "states",
    "sync-states",
    "xray",
    "imagebuilder",
    "inspector2",
    "guardduty-data",
    "securityhub",
    "backup",
    "backup-gateway",
    "email-smtp",
    "transfer",
    "synthetics",
    "servicediscovery",
    "servicecatalog",
    "appmesh-envoy-management",
    "acm-pca",
    "rekognition",
    "textract",
    "bedrock-runtime",
];

pub(in crate::check) const RULE: Rule = Rule {
    code: CODE,
    title: "an endpoint of a service that does not exist",
    severity: &[Severity::Error],
    docs: "An endpoint is named as its service is: `ec2messages`, `ecr.api`, `logs`, `monitoring`. A name that is written almost \
           like one of them is a slip, and fails with `InvalidServiceName` when the network is made; any other name is taken \
           as it stands. `aws ec2 describe-vpc-endpoint-services` lists them. \
           <https://docs.aws.amazon.com/vpc/latest/privatelink/aws-services-privatelink-support.html>",
    fails: "network: { vpc: null, subnets: null, cidr: 10.0.0.0/16, endpoints: [ec2-messages] }\n",
    mended: "network: { vpc: null, subnets: null, cidr: 10.0.0.0/16, endpoints: [ec2messages] }\n",
    check: Check::Spec(check),
};

fn check(subject: &Subject<'_>, findings: &mut Findings) {
    let Network::Created(created) = &subject.environment.network else { return };
    for (index, service) in created.endpoints.iter().enumerate() {
        let Some(meant) = meant(service) else { continue };
        let at = pointer(["network", "endpoints", &index.to_string()]);
        let error = subject.error(CODE, &at, format!("there is no service `{service}`"));
        findings.push(error.with_help(format!("write `{meant}`")));
    }
}

/// The service that a slip means: a name of one's own is not one.
fn meant(service: &str) -> Option<String> {
    if KNOWN.contains(&service) {
        return None;
    }
    let plain = |name: &str| {
        name.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase()
    };
    let behind =
        service.strip_prefix("com.amazonaws.").and_then(|rest| rest.split_once('.')).map(|(_, name)| name);
    let alike = |known: &&&str| plain(known) == plain(behind.unwrap_or(service));
    let other = |name: &str| {
        let of = [
            ("cloudwatch", "monitoring"),
            ("cloudwatch-logs", "logs"),
            ("ecr", "ecr.api"),
            ("ses", "email-smtp"),
            ("efs", "elasticfilesystem"),
            ("elb", "elasticloadbalancing"),
            ("eventbridge", "events"),
            ("firehose", "kinesis-firehose"),
            ("kinesis", "kinesis-streams"),
            ("stepfunctions", "states"),
            ("cloudwatchlogs", "logs"),
            ("secrets-manager", "secretsmanager"),
        ];
        of.into_iter().find(|(called, _)| *called == name).map(|(_, service)| service)
    };
    let found = other(service).or_else(|| KNOWN.iter().find(alike).copied());
    found.or_else(|| nearest(service, KNOWN).filter(|_| service.len() > 4)).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_slips_are_told() {
        for (service, expected) in [
            ("s3", None),
            ("bedrock-agent", None),
            ("sms-voice", None),
            ("aps", None),
            ("ec2-messages", Some("ec2messages")),
            ("ssm-messages", Some("ssmmessages")),
            ("SSM", Some("ssm")),
            ("secretmanager", Some("secretsmanager")),
            ("ecr-api", Some("ecr.api")),
            ("ecr", Some("ecr.api")),
            ("cloudwatch", Some("monitoring")),
            ("com.amazonaws.ap-northeast-1.logs", Some("logs")),
        ] {
            assert_eq!(meant(service).as_deref(), expected, "{service}");
        }
    }
}
