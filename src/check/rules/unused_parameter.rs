//! ASG0511: parameters of a team's own template that nothing uses.

use crate::cfn::Resource;
use crate::cfn::names_in;
use crate::check::{Check, Rule, Subject};
use crate::diagnostics::{Code, Diagnostic, Findings, Severity};
use crate::source::{Kind, Node, pointer};

const CODE: Code = Code::new("ASG0511");

pub(in crate::check) const RULE: Rule = Rule {
    code: CODE,
    title: "a parameter that nothing uses",
    severity: &[Severity::Warning],
    docs: "A value for a parameter that no resource, condition or output of the template names changes nothing: most often the \
           name in the template is another one, and what was to be configured keeps its default.",
    fails: "stacks: { unused: { template: ./unused.yaml, parameters: { Nmae: orders } } }\n",
    mended: "stacks: { topic: { template: ./topic.yaml, parameters: { Name: orders } } }\n",
    check: Check::Spec(check),
};

fn check(subject: &Subject<'_>, findings: &mut Findings) {
    for stack in subject.environment.stacks.iter().filter(|stack| stack.parsed.transform.is_none()) {
        if stack.parsed.resources.values().any(|resource| resource.kind == Resource::FOR_EACH) {
            continue;
        }
        let Some(document) = subject.origins.templates().get(&stack.name) else { continue };
        let mut unused: Vec<&str> = stack.parsed.parameters.keys().map(String::as_str).collect();
        for entry in
            document.entries().iter().filter(|entry| entry.key != "Parameters" && entry.key != "Metadata")
        {
            strike(&entry.value, &mut unused);
        }
        for name in unused {
            let place = subject.origins.in_template(&stack.name, &pointer(["Parameters", name]));
            let warning =
                Diagnostic::warning(CODE, format!("nothing in `{}` uses parameter `{name}`", stack.path));
            findings.push(warning.primary(place, "").with_help("remove it, or use it with `!Ref`"));
        }
    }
}

/// Takes out what is named: any text that is a name, or has one in `${…}`.
fn strike(node: &Node, unused: &mut Vec<&str>) {
    match &node.kind {
        Kind::Scalar { value, .. } => {
            unused.retain(|name| value != name && !names_in(value).any(|named| named == *name));
        }
        Kind::Sequence(items) => items.iter().for_each(|item| strike(item, unused)),
        Kind::Mapping(entries) => entries.iter().for_each(|entry| strike(&entry.value, unused)),
    }
}
