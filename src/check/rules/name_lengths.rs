//! ASG0516: names that AWS refuses for their length or their form.

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
           end, and a load balancer does not begin with `internal-`. asagi's own names grow with project, environment and \
           role. This looks at names that are written out. \
           <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html>",
    fails: "stacks: { own: { template: ./long-name.yaml } }\n",
    mended: "stacks: { own: { template: ./own.yaml } }\n",
    check: Check::Stacks(check),
};

fn check(subject: &Subject<'_>, graph: &StackGraph, findings: &mut Findings) {
    for one in named(graph) {
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
    let length = one.name.chars().count();
    if length > one.most {
        return Some(format!("has {length} characters, at most {} fit", one.most));
    }
    let balanced = one.kind.starts_with("AWS::ElasticLoadBalancingV2::");
    if balanced && (one.name.starts_with('-') || one.name.ends_with('-')) {
        return Some("begins or ends with a hyphen".to_owned());
    }
    let internal =
        one.kind == "AWS::ElasticLoadBalancingV2::LoadBalancer" && one.name.starts_with("internal-");
    internal.then(|| "begins with `internal-`, which is AWS's own".to_owned())
}
