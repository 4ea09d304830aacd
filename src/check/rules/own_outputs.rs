//! ASG0507: outputs that a stack does not have.

use crate::check::stack_error::outputs as outputs_instead;
use crate::check::{Check, Rule, Subject};
use crate::diagnostics::{Code, Findings, Severity};
use crate::model::Input;
use crate::source::pointer;

const CODE: Code = crate::check::stack_error::OUTPUT;

pub(in crate::check) const RULE: Rule = Rule {
    code: CODE,
    title: "an output that the other stack does not have",
    severity: &[Severity::Error],
    docs: "A parameter fed with `stack.Output` needs that output in the other stack's template. `asagi explain \
           stacks` lists what asagi's own stacks have, `asagi explain stacks ENV` those of an environment.",
    fails: "stacks:\n  one: { template: ./topic.yaml, parameters: { Name: { output: two.Nmae } } }\n  two: { template: ./topic.yaml, parameters: { Name: orders } }\n",
    mended: "stacks:\n  one: { template: ./topic.yaml, parameters: { Name: { output: two.Name } } }\n  two: { template: ./topic.yaml, parameters: { Name: orders } }\n",
    check: Check::Spec(check),
};

fn check(subject: &Subject<'_>, findings: &mut Findings) {
    let stacks = &subject.environment.stacks;
    for stack in stacks {
        for (name, value) in &stack.parameters {
            let Input::Output { stack: from, output } = value else { continue };
            let Some(other) = stacks.iter().find(|other| other.name == *from) else { continue };
            let outputs = &other.parsed.outputs;
            if outputs.contains_key(output) {
                continue;
            }
            let at = pointer(["stacks", &stack.name, "parameters", name]);
            let error = subject.error(CODE, &at, format!("`{}` has no output `{output}`", other.path));
            let place = subject.origins.in_template(from, "/Outputs");
            let error = error.secondary(place, "what it has");
            let known: Vec<String> = outputs.keys().cloned().collect();
            findings.push(error.with_help(match known.is_empty() {
                true => "add it to that template".to_owned(),
                false => outputs_instead(output, &known),
            }));
        }
    }
}
