//! ASG0514: outputs that others can hold on to.

use crate::check::{Check, Rule, Subject};
use crate::diagnostics::{Code, Diagnostic, Findings, Severity};
use crate::source::pointer;

const CODE: Code = Code::new("ASG0514");

pub(in crate::check) const RULE: Rule = Rule {
    code: CODE,
    title: "an output that others can hold on to",
    severity: &[Severity::Warning],
    docs: "While any stack of the account imports an exported output its value cannot change and its stack cannot be deleted, \
           and that shows in the middle of an update. asagi passes values between stacks as parameters: write \
           `{ output: stack.Output }` where the value is wanted. \
           <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-stack-exports.html>",
    fails: "stacks: { exporting: { template: ./exporting.yaml } }\n",
    mended: "stacks: { topic: { template: ./topic.yaml, parameters: { Name: orders } } }\n",
    check: Check::Spec(check),
};

fn check(subject: &Subject<'_>, findings: &mut Findings) {
    for stack in &subject.environment.stacks {
        for (id, _) in stack.parsed.outputs.iter().filter(|(_, output)| output.export.is_some()) {
            let place = subject.origins.in_template(&stack.name, &pointer(["Outputs", id, "Export"]));
            let message =
                format!("output `{id}` of `{}` cannot change while another stack imports it", stack.path);
            let warning = Diagnostic::warning(CODE, message).primary(place, "");
            findings.push(warning.with_help(format!(
                "remove `Export`, and name `{{ output: {}.{id} }}` where it is wanted",
                stack.name
            )));
        }
    }
}
