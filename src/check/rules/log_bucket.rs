//! ASG0387: buckets that access logs cannot be written to.

use serde_json::Value;

use crate::cfn::Resource;
use crate::check::{Check, Rule, Subject};
use crate::diagnostics::{Code, Diagnostic, Findings, Severity};
use crate::model::{AccessLogs, LoadBalancer};
use crate::source::pointer;

const CODE: Code = Code::new("ASG0387");

pub(in crate::check) const RULE: Rule = Rule {
    code: CODE,
    title: "a log bucket that the load balancer cannot write to",
    severity: &[Severity::Error],
    docs: "Elastic Load Balancing writes access logs to buckets that S3 encrypts with its own keys, and to no others: with a KMS \
           key as the default the load-balancer stack fails with `Access Denied for bucket`. This sees the bucket where a \
           template under `stacks:` makes it under the name that `accessLogs.bucket` says. \
           <https://docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-access-logging.html>",
    fails: "loadBalancer: { accessLogs: { bucket: poc-logs } }\nstacks: { logs: { template: ./kms-bucket.yaml } }\n",
    mended: "loadBalancer: { accessLogs: { bucket: poc-logs } }\nstacks: { logs: { template: ./s3-bucket.yaml } }\n",
    check: Check::Spec(check),
};

fn check(subject: &Subject<'_>, findings: &mut Findings) {
    let LoadBalancer::Created(created) = &subject.environment.load_balancer else { return };
    let AccessLogs::Bucket(bucket) = &created.access_logs else { return };
    for stack in &subject.environment.stacks {
        let buckets = stack.parsed.resources.iter().filter(|(_, resource)| is_bucket(resource, bucket));
        for (id, _) in buckets.filter(|(_, resource)| has_key(resource)) {
            let at = pointer(["Resources", id, "Properties", "BucketEncryption"]);
            let message =
                format!("`{id}` is encrypted with a KMS key, and access logs cannot be written to it");
            let error =
                Diagnostic::error(CODE, message).primary(subject.origins.in_template(&stack.name, &at), "");
            let error =
                error.secondary(subject.place("/loadBalancer/accessLogs/bucket"), "logs are to go there");
            findings.push(error.with_help("write `SSEAlgorithm: AES256`"));
        }
    }
}

fn is_bucket(resource: &Resource, name: &str) -> bool {
    resource.kind == "AWS::S3::Bucket"
        && resource.properties.get("BucketName").and_then(Value::as_str) == Some(name)
}

fn has_key(resource: &Resource) -> bool {
    let rules = resource
        .properties
        .get("BucketEncryption")
        .and_then(|it| it.get("ServerSideEncryptionConfiguration"));
    let algorithm = |rule: &Value| {
        let algorithm = rule.pointer("/ServerSideEncryptionByDefault/SSEAlgorithm");
        algorithm.and_then(Value::as_str).is_some_and(|name| name.starts_with("aws:kms"))
    };
    rules.and_then(Value::as_array).is_some_and(|rules| rules.iter().any(algorithm))
}
