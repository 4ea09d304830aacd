//! ASG0413: logs of a team's own stacks that are kept for ever.

use crate::check::effective::own_resources;
use crate::check::{Check, Rule, Subject};
use crate::diagnostics::{Code, Diagnostic, Findings, Severity};
use crate::source::pointer;

const CODE: Code = Code::new("ASG0413");

pub(in crate::check) const RULE: Rule = Rule {
    code: CODE,
    title: "a log group that keeps everything for ever",
    severity: &[Severity::Warning],
    docs: "Without `RetentionInDays` a log group never forgets, and costs more each month than the month before. Security Hub \
           CloudWatch.16 asks for a year at least.",
    fails: "stacks: { logs: { template: ./logs.yaml } }\n",
    mended: "stacks: { logs: { template: ./named.yaml } }\n",
    check: Check::Spec(check),
};

fn check(subject: &Subject<'_>, findings: &mut Findings) {
    for group in own_resources(subject.environment, |kind| kind == "AWS::Logs::LogGroup") {
        if group.properties.contains_key("RetentionInDays") {
            continue;
        }
        let place = subject.origins.in_template(&group.stack.name, &pointer(["Resources", &group.id]));
        let message = format!("`{}` keeps its logs for ever", group.id);
        findings.push(
            Diagnostic::warning(CODE, message).primary(place, "").with_help("write `RetentionInDays: 365`"),
        );
    }
}
