//! ASG0389: connections that end before their answers.

use crate::check::{Check, Rule, Subject};
use crate::diagnostics::{Code, Findings, Severity};
use crate::model::{AlarmLevel, Metric};

const CODE: Code = Code::new("ASG0389");

pub(in crate::check) const RULE: Rule = Rule {
    code: CODE,
    title: "requests that are cut off when an instance leaves",
    severity: &[Severity::Warning],
    docs: "When the group removes an instance, by scaling in or at the end of a rollout, requests on their way have \
           `deregistrationDelay` seconds to be answered; what is left then is cut off, and the client sees a 5xx. A delay \
           shorter than the response time that the role's own critical alarm still lets pass cuts off requests that are \
           slow and right. \
           <https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-target-group-attributes.html>",
    fails: "roles: { web: { targetGroup: { deregistrationDelay: 0 } } }\n",
    mended: "roles: { web: { targetGroup: { deregistrationDelay: 30 } } }\n",
    check: Check::Spec(check),
};

fn check(subject: &Subject<'_>, findings: &mut Findings) {
    for role in &subject.environment.roles {
        let delay = role.target_group.deregistration_delay;
        let slow = role
            .alarms
            .iter()
            .find(|alarm| alarm.metric == Metric::ResponseTime && alarm.level == AlarmLevel::Critical);
        let Some(slow) = slow.filter(|slow| f64::from(delay) < slow.threshold) else { continue };
        let message = format!(
            "requests have {delay} s to be answered when an instance leaves, and may take {} s before anyone is called",
            slow.threshold
        );
        let at = Subject::role(role, "/targetGroup/deregistrationDelay");
        let warning = subject.warning(CODE, &at, message);
        findings.push(warning.with_help("write the time of the slowest request that matters, 30 or more"));
    }
}
