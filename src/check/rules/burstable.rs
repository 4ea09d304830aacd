//! ASG0374: burstable instances where releases are approved.

use crate::check::{Check, Rule, Subject};
use crate::diagnostics::{Code, Findings, Severity};
use crate::model::Approval;

const CODE: Code = Code::new("ASG0374");

/// <https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/burstable-performance-instances.html>
const FAMILIES: [&str; 4] = ["t2", "t3", "t3a", "t4g"];
/// A target at or below what the smallest types earn credits for.
const BASELINE: f64 = 20.0;

pub(in crate::check) const RULE: Rule = Rule {
    code: CODE,
    title: "burstable instances where a person must approve",
    severity: &[Severity::Warning],
    docs: "A burstable type earns credits below a baseline of 5 to 40 % CPU and spends them above. Scaled to 60 % it spends \
           for ever: a T2 is then slowed down, later types are billed for it. And a fresh candidate starts with other \
           credits than the live slot, so that comparing the two compares credits. Told where a person must approve \
           releases and the scaling target is above 20 %.",
    fails: "protection: { approval: manual }\nroles: { web: { instances: { type: t3.large } } }\n",
    mended: "protection: { approval: manual }\nroles: { web: { instances: { type: m7i.large } } }\n",
    check: Check::Spec(check),
};

fn check(subject: &Subject<'_>, findings: &mut Findings) {
    if subject.environment.protection.approval != Approval::Manual {
        return;
    }
    for role in &subject.environment.roles {
        let kind = &role.instances.instance_type;
        let family = kind.split('.').next().unwrap_or_default();
        if FAMILIES.contains(&family) && role.instances.scaling.cpu > BASELINE {
            let message = format!(
                "`{kind}` of role `{}` lives on credits, and is scaled to {} % CPU",
                role.name, role.instances.scaling.cpu
            );
            let warning = subject.warning(CODE, &Subject::role(role, "/instances/type"), message);
            findings.push(warning.with_help("choose a type without credits, such as `m7i-flex.large`"));
        }
    }
}
