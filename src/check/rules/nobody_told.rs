//! ASG0373: alarms that nobody hears.

use crate::check::{Check, Rule, Subject};
use crate::diagnostics::{Code, Findings, Severity};

const CODE: Code = Code::new("ASG0373");

pub(in crate::check) const RULE: Rule = Rule {
    code: CODE,
    title: "nobody is told",
    severity: &[Severity::Warning],
    docs: "Alarms, failed builds, phases and approvals are published to a topic. Without a subscriber nobody hears of them: a \
           long bake, which CloudFormation does not watch, would go on over every alarm.",
    fails: "notifications: { email: null }\n",
    mended: "notifications: { email: null, slack: { workspace: T01EXAMPLE9, channel: C01EXAMPLE9 } }\n",
    check: Check::Spec(check),
};

fn check(subject: &Subject<'_>, findings: &mut Findings) {
    let told = &subject.environment.notifications;
    if told.email.is_empty() && told.slack.is_none() && told.pagerduty_secret.is_none() {
        let warning = subject.warning(CODE, "/notifications", "nobody is told of alarms, builds and phases");
        findings.push(
            warning.with_help(
                "write `notifications: { email: [ops@example.co.jp] }`, or `slack`, or `pagerduty`",
            ),
        );
    }
}
