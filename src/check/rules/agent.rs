//! ASG0346: alarms without data.

use crate::check::{Check, Rule, Subject};
use crate::diagnostics::{Code, Findings, Severity};
use crate::model::Metric;

const CODE: Code = Code::new("ASG0346");

const AGENT: &str = "cloudwatch-agent";

pub(in crate::check) const RULE: Rule = Rule {
    code: CODE,
    title: "alarms on memory or disk without the agent that measures them",
    severity: &[Severity::Error],
    docs: "EC2 itself measures neither memory nor disk: the CloudWatch agent does, from inside the instance. Without it \
           those alarms never get data. A component of your own whose name holds `cloudwatch` counts as the agent.",
    fails: "roles: { web: { images: { base: { version: \"1.0\", components: [os-patches] }, middleware: { version: \"1.0\" }, application: { version: \"1.0\", artifact: \"s3://poc/web.tar.gz\" } } } }\n",
    mended: "roles: { web: { images: { base: { version: \"1.0\", components: [os-patches] }, middleware: { version: \"1.0\", components: [cloudwatch-agent] }, application: { version: \"1.0\", artifact: \"s3://poc/web.tar.gz\" } } } }\n",
    check: Check::Spec(check),
};

fn check(subject: &Subject<'_>, findings: &mut Findings) {
    for role in &subject.environment.roles {
        // What is in an AMI built elsewhere is not known.
        let Some(images) = &role.images else { continue };
        let needs = role.alarms.iter().any(|alarm| matches!(alarm.metric, Metric::Memory | Metric::Disk));
        let mut components = images.layers().into_iter().flat_map(|layer| &layer.components);
        if needs && !components.any(|component| component.name.contains("cloudwatch")) {
            let message = format!(
                "alarms of role `{}` watch memory or disk, and no layer installs the agent that measures them",
                role.name
            );
            let error = subject.error(CODE, &Subject::role(role, "/images/middleware/components"), message);
            findings.push(error.with_help(format!("add `{AGENT}` to the middleware's components")));
        }
    }
}
