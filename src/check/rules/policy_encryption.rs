//! ASG0410: resources of a team's own stacks that are set up as no audit lets pass.

use serde_json::Value;

use crate::check::effective::{OwnResource, own_resources};
use crate::check::{Check, Rule, Subject};
use crate::diagnostics::{Code, Diagnostic, Findings, Severity};
use crate::source::pointer;

const CODE: Code = Code::new("ASG0410");

pub(in crate::check) const RULE: Rule = Rule {
    code: CODE,
    title: "data at rest or on its way without encryption, or open to the public",
    severity: &[Severity::Error],
    docs: "Encryption of a database, a volume or a file system can be chosen only when it is created: mending it later means \
           moving the data. A database that is publicly accessible has an address that the internet can try. Security Hub \
           RDS.2, RDS.3, EFS.1, EC2.3, ElastiCache.4 and ElastiCache.5.",
    fails: "stacks: { data: { template: ./bare.yaml } }\n",
    mended: "stacks: { data: { template: ./sealed.yaml } }\n",
    check: Check::Spec(check),
};

/// Type, property, the value it must have.
const WANTED: [(&str, &str, bool); 11] = [
    ("AWS::RDS::DBInstance", "StorageEncrypted", true),
    ("AWS::RDS::DBCluster", "StorageEncrypted", true),
    ("AWS::DocDB::DBCluster", "StorageEncrypted", true),
    ("AWS::Neptune::DBCluster", "StorageEncrypted", true),
    ("AWS::EFS::FileSystem", "Encrypted", true),
    ("AWS::EC2::Volume", "Encrypted", true),
    ("AWS::Redshift::Cluster", "Encrypted", true),
    ("AWS::ElastiCache::ReplicationGroup", "AtRestEncryptionEnabled", true),
    ("AWS::ElastiCache::ReplicationGroup", "TransitEncryptionEnabled", true),
    ("AWS::RDS::DBInstance", "PubliclyAccessible", false),
    ("AWS::Redshift::Cluster", "PubliclyAccessible", false),
];

fn check(subject: &Subject<'_>, findings: &mut Findings) {
    let looks_at = |resource_type: &str| WANTED.iter().any(|(kind, ..)| *kind == resource_type);
    for resource in own_resources(subject.environment, looks_at) {
        let id = &resource.id;
        for (_, property, wanted) in WANTED.iter().filter(|(kind, ..)| *kind == resource.kind) {
            if !offends(&resource, property, *wanted) {
                continue;
            }
            let message = if *wanted {
                format!("`{id}` is not encrypted: `{property}` is not true")
            } else {
                format!("`{id}` can be reached from the internet: `{property}` is true")
            };
            let at = pointer(["Resources", id, "Properties", property]);
            let place = subject.origins.in_template(&resource.stack.name, &at);
            let error = Diagnostic::error(CODE, message).primary(place, resource.kind.clone());
            findings.push(error.with_help(format!("write `{property}: {wanted}`")));
        }
    }
}

/// A value that is not known, or of a member of a cluster, is not judged.
fn offends(resource: &OwnResource<'_>, property: &str, wanted: bool) -> bool {
    let member = resource.properties.contains_key("DBClusterIdentifier")
        || resource.properties.contains_key("SnapshotIdentifier")
        || resource.properties.contains_key("SourceDBInstanceIdentifier");
    let is = match resource.properties.get(property) {
        None => Some(false),
        Some(Value::Bool(is)) => Some(*is),
        Some(Value::String(text)) => text.parse().ok(),
        Some(_) => None,
    };
    is.is_some_and(|is| is != wanted) && !(member && property == "StorageEncrypted")
}
