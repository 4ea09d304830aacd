//! ASG0516: names that AWS refuses for their length or their form.

use crate::cfn::BadName;
use crate::check::{Check, Rule, Subject};
use crate::diagnostics::{Code, Diagnostic, Findings, Severity};
use crate::stacks::{StackGraph, StackKind};

use super::same_name::{Named, named};

const CODE: Code = Code::new("ASG0516");

pub(in crate::check) const RULE: Rule = Rule {
    code: CODE,
    title: "a resource with a name that AWS refuses",
    severity: &[Severity::Error],
    docs: "A template takes any name, and the service refuses it when the resource is made, half way through the stack: an IAM \
           role has at most 64 characters, a bucket 63, a load balancer and a target group 32 without a hyphen at either \
           end, and a load balancer does not begin with `internal-`. Names of buckets have no capitals. asagi's own names \
           grow with project, environment and role. This looks at names that are written out, or put together from what the \
           spec says. \
           <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html>",
    fails: "stacks: { own: { template: ./long-name.yaml } }\n",
    mended: "stacks: { own: { template: ./own.yaml } }\n",
    check: Check::Stacks(check),
};

fn check(subject: &Subject<'_>, graph: &StackGraph, findings: &mut Findings) {
    for one in named(subject.environment, graph) {
        let Some(problem) = problem(&one) else { continue };
        let message = format!("the name of `{}.{}` {problem}", one.stack.key, one.id);
        let error = Diagnostic::error(CODE, message)
            .primary(one.place(subject), "")
            .with_note(format!("`{}`", one.name));
        findings.push(error.with_help(match one.stack.kind {
            StackKind::Own => "leave the name out, and CloudFormation makes one",
            _ => "shorten `project` or `environment`, of which it is made",
        }));
    }
}

fn problem(one: &Named<'_>) -> Option<String> {
    Some(match one.naming.problem(&one.name)? {
        BadName::Long => {
            format!("has {} characters, at most {} fit", one.name.chars().count(), one.naming.most)
        }
        BadName::Has(c) => format!("has a `{c}`, which AWS refuses in it"),
        BadName::Hyphen => "begins or ends with a hyphen".to_owned(),
        BadName::Reserved(begins) => format!("begins with `{begins}`, which is AWS's own"),
    })
}
