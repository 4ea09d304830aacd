//! ASG0503: values for parameters that a team's own template does not have.

use crate::check::{Check, Rule, Subject};
use crate::diagnostics::{Code, Findings, Severity, nearest};
use crate::source::pointer;

const CODE: Code = crate::check::stack_error::ARGUMENT;

pub(in crate::check) const RULE: Rule = Rule {
    code: CODE,
    title: "a value for a parameter that the template does not declare",
    severity: &[Severity::Error],
    docs: "CloudFormation refuses a stack that is given a parameter its template does not declare. \
           <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/parameters-section-structure.html>",
    fails: "stacks: { topic: { template: ./topic.yaml, parameters: { Name: x, DisplayNmae: Orders } } }\n",
    mended: "stacks: { topic: { template: ./topic.yaml, parameters: { Name: x, DisplayName: Orders } } }\n",
    check: Check::Spec(check),
};

fn check(subject: &Subject<'_>, findings: &mut Findings) {
    for stack in &subject.environment.stacks {
        let declared = &stack.parsed.parameters;
        for name in stack.parameters.keys().filter(|name| !declared.contains_key(*name)) {
            let at = pointer(["stacks", &stack.name, "parameters", name]);
            let message = format!("`{}` declares no parameter `{name}`", stack.path);
            let place = subject.origins.key(&at).unwrap_or_else(|| subject.place(&at));
            let error = crate::diagnostics::Diagnostic::error(CODE, message).primary(place, "");
            let known = subject.origins.in_template(&stack.name, "/Parameters");
            let error = error.secondary(known, "what it declares");
            findings.push(match nearest(name, declared.keys().map(String::as_str)) {
                Some(near) => error.with_help(format!("did you mean `{near}`?")),
                None => error.with_help("remove it, or declare it in the template"),
            });
        }
    }
}
