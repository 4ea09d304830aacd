//! ASG0512: two resources of one type with one name.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::check::{Check, Rule, Subject};
use crate::diagnostics::{Code, Diagnostic, Findings, Severity};
use crate::source::{Span, pointer};
use crate::stacks::{RenderedStack, StackGraph, StackKind};

const CODE: Code = Code::new("ASG0512");

/// The property by which a type is named, where its name is unique in account and Region.
const NAMES: [(&str, &str); 16] = [
    ("AWS::Logs::LogGroup", "LogGroupName"),
    ("AWS::SSM::Parameter", "Name"),
    ("AWS::S3::Bucket", "BucketName"),
    ("AWS::IAM::Role", "RoleName"),
    ("AWS::IAM::ManagedPolicy", "ManagedPolicyName"),
    ("AWS::IAM::InstanceProfile", "InstanceProfileName"),
    ("AWS::CloudWatch::Alarm", "AlarmName"),
    ("AWS::CloudWatch::CompositeAlarm", "AlarmName"),
    ("AWS::CloudWatch::Dashboard", "DashboardName"),
    ("AWS::SNS::Topic", "TopicName"),
    ("AWS::SQS::Queue", "QueueName"),
    ("AWS::DynamoDB::Table", "TableName"),
    ("AWS::KMS::Alias", "AliasName"),
    ("AWS::ElasticLoadBalancingV2::TargetGroup", "Name"),
    ("AWS::ElasticLoadBalancingV2::LoadBalancer", "Name"),
    ("AWS::RDS::DBInstance", "DBInstanceIdentifier"),
];

pub(in crate::check) const RULE: Rule = Rule {
    code: CODE,
    title: "two resources with the same name",
    severity: &[Severity::Error],
    docs: "Names of log groups, parameters, roles, alarms and the like are unique in an account and Region. The second stack \
           that makes one fails half way through its creation. This compares names that are written out, in asagi's own \
           stacks and in those under `stacks:`.",
    fails: "stacks: { one: { template: ./named.yaml }, two: { template: ./named.yaml } }\n",
    mended: "stacks: { one: { template: ./named.yaml }, two: { template: ./own.yaml } }\n",
    check: Check::Stacks(check),
};

fn check(subject: &Subject<'_>, graph: &StackGraph, findings: &mut Findings) {
    let mut taken: BTreeMap<(&str, &str), (&RenderedStack, &str)> = BTreeMap::new();
    for stack in graph.stacks.values() {
        for (id, resource) in &stack.template.resources {
            let Some((_, property)) = NAMES.iter().find(|(kind, _)| *kind == resource.kind) else { continue };
            let Some(name) = resource.properties.get(*property).and_then(Value::as_str) else { continue };
            let key = (resource.kind.as_str(), name);
            let Some((other, other_id)) = taken.get(&key) else {
                taken.insert(key, (stack, id));
                continue;
            };
            let message =
                format!("`{}.{other_id}` and `{}.{id}` are both named `{name}`", other.key, stack.key);
            let error = Diagnostic::error(CODE, message).primary(place(subject, stack, id, property), "");
            let first = place(subject, other, other_id, property);
            findings.push(
                error
                    .secondary(first, "has the name too")
                    .with_help("leave the name out, and CloudFormation makes one"),
            );
        }
    }
}

fn place(subject: &Subject<'_>, stack: &RenderedStack, id: &str, property: &str) -> Span {
    match (&stack.kind, stack.kind.role()) {
        (StackKind::Own, _) => {
            subject.origins.in_template(&stack.key, &pointer(["Resources", id, "Properties", property]))
        }
        (_, Some(role)) => subject.place(&pointer(["roles", role])),
        (_, None) => subject.place("/project"),
    }
}
