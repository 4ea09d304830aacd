//! ASG0329: text that CloudFormation would replace.

use crate::check::{Rule, Subject};
use crate::diagnostics::{Code, Diagnostic, Findings};
use crate::source::{Node, Span};

const CODE: Code = Code::new("ASG0329");
const REFERENCE: &str = "{{resolve:";

pub(in crate::check) const RULE: Rule = Rule {
    code: CODE,
    title: "text that CloudFormation would replace with a parameter or a secret",
    docs: "`{{resolve:…}}` is a dynamic reference wherever it stands in a template, comments of scripts included: the \
           value would be looked up when the stack is updated. An instance reads what differs between environments \
           at boot, with its own permissions. In `stacks` it is yours to use.",
    fails: "roles: { web: { targetGroup: { healthCheck: { path: \"/{{resolve:ssm:/poc/path}}\" } } } }\n",
    mended: "roles: { web: { targetGroup: { healthCheck: { path: /health } } } }\n",
    check,
};

fn check(subject: &Subject<'_>, findings: &mut Findings) {
    let root = subject.origins.root();
    let mut found: Vec<Span> = Vec::new();
    for part in ["/roles", "/loadBalancer", "/notifications"] {
        root.get(part).into_iter().for_each(|node| look(node, &mut found));
    }
    for role in &subject.environment.roles {
        let at = Subject::role(role, "/instances/userData");
        let inline = root.get(&at).and_then(Node::as_str).is_some_and(|text| text.contains(REFERENCE));
        if role.instances.user_data.contains(REFERENCE) && !inline {
            found.push(subject.place(&at));
        }
    }
    for place in found {
        let error = Diagnostic::error(CODE, "CloudFormation would replace `{{resolve:…}}` here");
        let help = "read the parameter or secret at boot, and list it in the role's `instances.permissions`";
        findings.push(error.primary(place, "").with_help(help));
    }
}

fn look(node: &Node, found: &mut Vec<Span>) {
    if node.as_str().is_some_and(|text| text.contains(REFERENCE)) {
        found.push(node.span);
    }
    node.entries().iter().for_each(|entry| look(&entry.value, found));
    node.items().iter().for_each(|item| look(item, found));
}
