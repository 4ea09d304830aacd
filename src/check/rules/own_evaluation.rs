//! ASG0520: what a team's own template says that comes to nothing with the values it is given.

use crate::cfn::{Evaluator, NothingKnown, Problem};
use crate::check::{Check, Rule, Subject};
use crate::diagnostics::{Code, Diagnostic, Findings, Severity};

use crate::stacks::{given, surroundings};

const CODE: Code = Code::new("ASG0520");

pub(in crate::check) const RULE: Rule = Rule {
    code: CODE,
    title: "a template that comes to nothing with the values it is given",
    severity: &[Severity::Error],
    docs: "Every condition, resource and output of a template is evaluated with the values that the spec gives. A key that a \
           mapping does not have, an index beyond a list, a function with another number of arguments, a circle of \
           conditions: CloudFormation refuses them too, some of them when other stacks have changed already.",
    fails: "stacks: { empty: { template: ./empty.yaml } }\n",
    mended: "stacks: { found: { template: ./own.yaml } }\n",
    check: Check::Spec(check),
};

fn check(subject: &Subject<'_>, findings: &mut Findings) {
    for stack in subject.environment.stacks.iter().filter(|stack| !stack.parsed.rewritten) {
        let (given, surroundings) = (given(stack), surroundings(subject.environment, stack));
        let loops = Evaluator::new(&stack.parsed, &given, &surroundings, &NothingKnown);
        let unrolled = loops.unrolled();
        let evaluator = Evaluator::new(&unrolled, &given, &surroundings, &NothingKnown);
        let evaluation = evaluator.evaluate();
        // What parameters lack, rules of their own tell.
        let problems = evaluation.problems.into_iter().filter(|it| !it.pointer.starts_with("/Parameters/"));
        for Problem { pointer, message } in problems {
            let place = subject.origins.in_template(&stack.name, &pointer);
            // What another rule has told there with its mend is not told twice.
            let known = |it: &Diagnostic| it.severity == Severity::Error && it.span() == Some(place);
            if findings.iter().any(known) {
                continue;
            }
            findings.push(Diagnostic::error(CODE, message).primary(place, ""));
        }
    }
}
