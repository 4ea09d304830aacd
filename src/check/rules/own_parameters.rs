//! ASG0504: parameters of a team's own template that get no value.

use crate::check::{Check, Rule, Subject};
use crate::diagnostics::{Code, Findings, Severity};
use crate::model::{Input, Source};
use crate::source::pointer;

const CODE: Code = crate::check::stack_error::PARAMETER;

pub(in crate::check) const RULE: Rule = Rule {
    code: CODE,
    title: "a parameter without a value",
    severity: &[Severity::Error],
    docs: "A parameter that has no default needs a value under `parameters`, or CloudFormation refuses the stack. One that keeps its value with `previous` needs a `first` for \
           the day when the stack is created. \
           <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/parameters-section-structure.html>",
    fails: "stacks: { topic: { template: ./topic.yaml } }\n",
    mended: "stacks: { topic: { template: ./topic.yaml, parameters: { Name: orders } } }\n",
    check: Check::Spec(check),
};

fn check(subject: &Subject<'_>, findings: &mut Findings) {
    for stack in &subject.environment.stacks {
        let missing = stack.parsed.parameters.iter();
        let missing = missing
            .filter(|(name, declared)| declared.default.is_none() && !stack.parameters.contains_key(*name));
        for (name, _) in missing {
            let at = pointer(["stacks", &stack.name, "parameters"]);
            let message =
                format!("parameter `{name}` of `{}` has no default and is given no value", stack.path);
            let declared = subject.origins.in_template(&stack.name, &pointer(["Parameters", name]));
            let error = subject.error(CODE, &at, message).secondary(declared, "declared here");
            findings.push(error.with_help(format!("write `parameters: {{ {name}: … }}`")));
        }
        let kept = stack
            .parameters
            .iter()
            .filter(|(_, value)| matches!(value, Input::Read(Source::Previous { first: None })));
        for (name, _) in kept {
            if stack.parsed.parameters.get(name).is_none_or(|declared| declared.default.is_some()) {
                continue;
            }
            let at = pointer(["stacks", &stack.name, "parameters", name]);
            let message = format!(
                "parameter `{name}` of `{}` keeps its value, and nothing says with which the stack is created",
                stack.path
            );
            let declared = subject.origins.in_template(&stack.name, &pointer(["Parameters", name]));
            let error = subject.error(CODE, &at, message).secondary(declared, "declared here");
            findings.push(error.with_help(format!("write `{name}: {{ previous: true, first: … }}`")));
        }
    }
}
