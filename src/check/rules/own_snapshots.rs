//! ASG0522: snapshots of what has none.

use crate::check::{Check, Rule, Subject};
use crate::diagnostics::{Code, Diagnostic, Findings, Severity};

const CODE: Code = Code::new("ASG0522");

/// The types that `Snapshot` is for.
/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-deletionpolicy.html>
const TAKES: [&str; 8] = [
    "AWS::DocDB::DBCluster",
    "AWS::EC2::Volume",
    "AWS::ElastiCache::CacheCluster",
    "AWS::ElastiCache::ReplicationGroup",
    "AWS::Neptune::DBCluster",
    "AWS::RDS::DBCluster",
    "AWS::RDS::DBInstance",
    "AWS::Redshift::Cluster",
];

pub(in crate::check) const RULE: Rule = Rule {
    code: CODE,
    title: "a snapshot of what has none",
    severity: &[Severity::Error],
    docs: "`DeletionPolicy: Snapshot` and `UpdateReplacePolicy: Snapshot` are for volumes, databases, caches and clusters; of every \
           other type CloudFormation refuses the template. Write `Retain` to keep a resource that knows no snapshots. \
           <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-deletionpolicy.html>",
    fails: "stacks: { files: { template: ./snapshots.yaml } }\n",
    mended: "stacks: { files: { template: ./sealed.yaml } }\n",
    check: Check::Spec(check),
};

fn check(subject: &Subject<'_>, findings: &mut Findings) {
    for root in subject.origins.templates().values() {
        for resource in root.entry("Resources").map(|entry| entry.value.entries()).unwrap_or_default() {
            let kind = resource.value.get("/Type").and_then(|kind| kind.as_str()).unwrap_or_default();
            // An extension of one's own says for itself what it takes.
            if !kind.starts_with("AWS::") || TAKES.contains(&kind) {
                continue;
            }
            for key in ["DeletionPolicy", "UpdateReplacePolicy"] {
                let Some(policy) = resource.value.entry(key) else { continue };
                if policy.value.as_str() == Some("Snapshot") {
                    let message = format!(
                        "`{kind}` knows no snapshots, so `{key}` of `{}` cannot ask for one",
                        resource.key
                    );
                    let error = Diagnostic::error(CODE, message).primary(policy.value.span, "");
                    findings.push(error.with_help(format!("write `{key}: Retain`")));
                }
            }
        }
    }
}
