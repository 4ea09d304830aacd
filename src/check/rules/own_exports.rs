//! ASG0514: outputs that others can hold on to.

use crate::check::{Check, Rule, Subject};
use crate::diagnostics::{Code, Diagnostic, Findings, Severity};
use crate::model::OwnStack;
use crate::source::{Node, pointer};

const CODE: Code = Code::new("ASG0514");

pub(in crate::check) const RULE: Rule = Rule {
    code: CODE,
    title: "an output that others can hold on to",
    severity: &[Severity::Error, Severity::Warning],
    docs: "While any stack of the account imports an exported output its value cannot change and its stack cannot be deleted, \
           and that shows in the middle of an update. asagi passes values between stacks as parameters: write \
           `{ output: stack.Output }` where the value is wanted. And an account has each name once in a Region: two \
           environments there cannot both export it. \
           <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-stack-exports.html>",
    fails: "stacks: { exporting: { template: ./exporting.yaml } }\n",
    mended: "stacks: { topic: { template: ./topic.yaml, parameters: { Name: orders } } }\n",
    check: Check::Spec(check),
};

fn check(subject: &Subject<'_>, findings: &mut Findings) {
    for stack in &subject.environment.stacks {
        for (id, _) in stack.parsed.outputs.iter().filter(|(_, output)| output.export.is_some()) {
            let place = subject.origins.in_template(&stack.name, &pointer(["Outputs", id, "Export"]));
            if let Some((name, other)) = exported_twice(subject, stack, id) {
                let message = format!("`{other}` exports `{name}` too, in the same account and Region");
                let error = Diagnostic::error(CODE, message).primary(place, "");
                let help = format!("put the environment into it: `Name: !Sub \"${{AWS::StackName}}-{id}\"`");
                findings.push(error.with_help(help));
                continue;
            }
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

/// The name of an export that says nothing of its stack, and another environment in this account and Region that makes a
/// stack of the same template.
fn exported_twice<'a>(subject: &Subject<'a>, stack: &OwnStack, output: &str) -> Option<(String, &'a str)> {
    let environment = subject.environment;
    let name = stack.parsed.outputs.get(output)?.export.as_ref()?.as_str()?;
    let written =
        subject.origins.root().get(&pointer(["stacks", &stack.name, "template"])).and_then(Node::as_str)?;
    let there = subject.siblings.iter().find(|other| {
        let same = other.account == environment.account && other.region.as_ref() == Some(&environment.region);
        same && other.templates.iter().any(|(_, template)| template == written)
    })?;
    Some((name.to_owned(), &there.path))
}
