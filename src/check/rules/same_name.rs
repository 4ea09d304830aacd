//! ASG0512: two resources of one type with one name.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::check::{Check, Rule, Subject};
use crate::diagnostics::{Code, Diagnostic, Findings, Severity};
use crate::source::{Span, pointer};
use crate::stacks::{RenderedStack, StackGraph, StackKind};

const CODE: Code = Code::new("ASG0512");

/// The property by which a type is named, where its name is unique in account and Region, and how many characters it
/// takes: the type's page in <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/introduction.html>.
pub(super) const NAMES: [(&str, &str, usize); 16] = [
    ("AWS::Logs::LogGroup", "LogGroupName", 512),
    ("AWS::SSM::Parameter", "Name", 1011),
    ("AWS::S3::Bucket", "BucketName", 63),
    ("AWS::IAM::Role", "RoleName", 64),
    ("AWS::IAM::ManagedPolicy", "ManagedPolicyName", 128),
    ("AWS::IAM::InstanceProfile", "InstanceProfileName", 128),
    ("AWS::CloudWatch::Alarm", "AlarmName", 255),
    ("AWS::CloudWatch::CompositeAlarm", "AlarmName", 255),
    ("AWS::CloudWatch::Dashboard", "DashboardName", 255),
    ("AWS::SNS::Topic", "TopicName", 256),
    ("AWS::SQS::Queue", "QueueName", 80),
    ("AWS::DynamoDB::Table", "TableName", 255),
    ("AWS::KMS::Alias", "AliasName", 256),
    ("AWS::ElasticLoadBalancingV2::TargetGroup", "Name", 32),
    ("AWS::ElasticLoadBalancingV2::LoadBalancer", "Name", 32),
    ("AWS::RDS::DBInstance", "DBInstanceIdentifier", 63),
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
    let mut taken: BTreeMap<(&str, &str), Named<'_>> = BTreeMap::new();
    for one in named(graph) {
        let Some(other) = taken.get(&(one.kind, one.name)) else {
            taken.insert((one.kind, one.name), one);
            continue;
        };
        let (ours, theirs) = (&one.stack.key, &other.stack.key);
        let message =
            format!("`{theirs}.{}` and `{ours}.{}` are both named `{}`", other.id, one.id, one.name);
        let error = Diagnostic::error(CODE, message).primary(one.place(subject), "");
        findings.push(
            error
                .secondary(other.place(subject), "has the name too")
                .with_help("leave the name out, and CloudFormation makes one"),
        );
    }
}

/// A resource whose name is written out.
pub(super) struct Named<'a> {
    pub(super) stack: &'a RenderedStack,
    pub(super) id: &'a str,
    pub(super) kind: &'a str,
    property: &'static str,
    pub(super) name: &'a str,
    /// How many characters it may have.
    pub(super) most: usize,
}

/// Every resource whose name is written out, stack by stack.
pub(super) fn named(graph: &StackGraph) -> impl Iterator<Item = Named<'_>> {
    graph.stacks.values().flat_map(|stack| {
        stack.template.resources.iter().filter_map(move |(id, resource)| {
            let (_, property, most) = NAMES.iter().find(|(kind, ..)| *kind == resource.kind)?;
            let name = resource.properties.get(*property).and_then(Value::as_str)?;
            Some(Named { stack, id, kind: &resource.kind, property, name, most: *most })
        })
    })
}

impl Named<'_> {
    /// Where the name is written, or what it is made from.
    pub(super) fn place(&self, subject: &Subject<'_>) -> Span {
        match (&self.stack.kind, self.stack.kind.role()) {
            (StackKind::Own, _) => {
                let at = pointer(["Resources", self.id, "Properties", self.property]);
                subject.origins.in_template(&self.stack.key, &at)
            }
            (_, Some(role)) => subject.place(&pointer(["roles", role])),
            (_, None) => subject.place("/project"),
        }
    }
}
