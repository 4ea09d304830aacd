//! ASG0413: logs of a team's own stacks that are kept for ever.

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
    for stack in &subject.environment.stacks {
        let groups =
            stack.parsed.resources.iter().filter(|(_, resource)| resource.kind == "AWS::Logs::LogGroup");
        for (id, _) in groups.filter(|(_, group)| !group.properties.contains_key("RetentionInDays")) {
            let place = subject.origins.in_template(&stack.name, &pointer(["Resources", id]));
            let warning =
                Diagnostic::warning(CODE, format!("`{id}` keeps its logs for ever")).primary(place, "");
            findings.push(warning.with_help("write `RetentionInDays: 365`"));
        }
    }
}
