//! ASG0509: data of a team's own stacks that goes with its resource.

use crate::cfn::{DeletionPolicy, Resource, holds_data};
use crate::check::{Check, Rule, Subject};
use crate::diagnostics::{Code, Findings, Severity};
use crate::model::Retention;
use crate::source::pointer;

const CODE: Code = Code::new("ASG0509");

pub(in crate::check) const RULE: Rule = Rule {
    code: CODE,
    title: "data that goes with its resource",
    severity: &[Severity::Warning],
    docs: "A resource that leaves a stack is deleted, and one whose change replaces it is deleted too: an edit of a database's \
           identifier is enough. `DeletionPolicy` says what happens in the first case, `UpdateReplacePolicy` in the second; \
           without them the data is gone. A member of a cluster holds none of its own. Told where data is retained \
           (`retention: retain`). <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-attribute-updatereplacepolicy.html>",
    fails: "stacks: { data: { template: ./data.yaml } }\n",
    mended: "stacks: { data: { template: ./kept.yaml } }\n",
    check: Check::Spec(check),
};

fn check(subject: &Subject<'_>, findings: &mut Findings) {
    if subject.environment.retention == Retention::Delete {
        return;
    }
    for stack in &subject.environment.stacks {
        for (id, resource) in &stack.parsed.resources {
            let missing = missing(resource);
            if missing.is_empty() {
                continue;
            }
            let message = format!("`{id}` holds data, and has no {}", missing.join(" and no "));
            let place = subject.origins.in_template(&stack.name, &pointer(["Resources", id]));
            let warning =
                crate::diagnostics::Diagnostic::warning(CODE, message).primary(place, resource.kind.clone());
            let named = subject.place(&pointer(["stacks", &stack.name, "template"]));
            let wanted = if snapshots(&resource.kind) { "Snapshot" } else { "Retain" };
            let help =
                missing.iter().map(|key| format!("`{key}: {wanted}`")).collect::<Vec<_>>().join(" and ");
            findings.push(warning.secondary(named, "in this stack").with_help(format!("write {help}")));
        }
    }
}

fn missing(resource: &Resource) -> Vec<&'static str> {
    let member =
        resource.kind == "AWS::RDS::DBInstance" && resource.properties.contains_key("DBClusterIdentifier");
    if !holds_data(&resource.kind) || member {
        return Vec::new();
    }
    let keeps = |policy: &Option<DeletionPolicy>| {
        policy.as_ref().is_some_and(|policy| *policy != DeletionPolicy::Delete)
    };
    let policies = [
        ("DeletionPolicy", &resource.deletion_policy),
        ("UpdateReplacePolicy", &resource.update_replace_policy),
    ];
    policies.into_iter().filter(|(_, policy)| !keeps(policy)).map(|(key, _)| key).collect()
}

/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-attribute-deletionpolicy.html>
fn snapshots(kind: &str) -> bool {
    [
        "AWS::RDS::",
        "AWS::ElastiCache::",
        "AWS::Redshift::",
        "AWS::Neptune::",
        "AWS::DocDB::",
        "AWS::EC2::Volume",
    ]
    .iter()
    .any(|prefix| kind.starts_with(prefix))
}
