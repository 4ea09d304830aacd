//! ASG0523: attributes in a team's own template that the resource type does not have.

use serde_json::Value;

use crate::cfn::{Resource, names_in, registry};
use crate::check::judged::push;
use crate::check::{Check, Rule, Subject};
use crate::diagnostics::{Code, Diagnostic, Findings, Severity, nearest};
use crate::model::OwnStack;
use crate::source::pointer;
use crate::words::brief;

const CODE: Code = Code::new("ASG0523");

/// So many attributes are told where none is near.
const NAMED: usize = 8;

pub(in crate::check) const RULE: Rule = Rule {
    code: CODE,
    title: "an attribute that the resource type does not have",
    severity: &[Severity::Error],
    docs: "`Fn::GetAtt`, and `${Resource.Attribute}` in `Fn::Sub`, ask for return values that the resource's type has in \
           CloudFormation's registry. CloudFormation refuses the template otherwise, whatever conditions leave out. A custom \
           resource gives what its handler gives, a nested stack its outputs.",
    fails: "stacks: { asking: { template: ./asking.yaml } }\n",
    mended: "stacks: { found: { template: ./own.yaml } }\n",
    check: Check::Spec(check),
};

fn check(subject: &Subject<'_>, findings: &mut Findings) {
    for stack in subject.environment.stacks.iter().filter(|stack| !stack.parsed.rewritten) {
        let mut asked = Vec::new();
        let template = &stack.parsed;
        let resources = template.resources.iter().filter(|(_, it)| it.kind != Resource::FOR_EACH);
        for (id, resource) in resources {
            let at = pointer(["Resources", id, "Properties"]);
            for (key, value) in &resource.properties {
                gather(&format!("{at}{}", pointer([key])), value, &mut asked);
            }
            gather(&pointer(["Resources", id, "Metadata"]), &resource.metadata, &mut asked);
        }
        for (name, output) in &template.outputs {
            gather(&pointer(["Outputs", name, "Value"]), &output.value, &mut asked);
        }
        for (at, id, attribute) in asked {
            if let Some(told) = told(subject, stack, &at, &id, &attribute) {
                push(findings, CODE, told);
            }
        }
    }
}

fn told(subject: &Subject<'_>, stack: &OwnStack, at: &str, id: &str, attribute: &str) -> Option<Diagnostic> {
    let kind = registry::resource_type(&stack.parsed.resources.get(id)?.kind)?;
    let is_open = kind.name == "AWS::CloudFormation::CustomResource";
    if is_open || kind.attribute(attribute).is_some() {
        return None;
    }
    let message = format!("`{}` has no attribute `{}`", kind.name, brief(attribute));
    let known = kind.attributes();
    // what is below or above the name that is written is meant rather than a name that is alike
    let first = attribute.split('.').next().unwrap_or_default();
    let mut same = known.iter().filter(|name| name.split('.').next() == Some(first)).copied().peekable();
    let help = match (same.peek().is_some(), nearest(attribute, known.iter().copied())) {
        (true, _) => format!("it has {}", listed(same)),
        (false, Some(near)) => format!("did you mean `{near}`?"),
        (false, None) if known.is_empty() => format!("it has none; `!Ref {id}` gives what it is called by"),
        (false, None) => format!("it has {}", listed(known.iter().copied())),
    };
    let place = subject.origins.in_template(&stack.name, at);
    Some(Diagnostic::error(CODE, message).primary(place, "").with_help(help))
}

fn listed<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let names: Vec<String> = names.map(|name| format!("`{name}`")).collect();
    let more = if names.len() > NAMED { ", …" } else { "" };
    let names: Vec<&str> = names.iter().take(NAMED).map(String::as_str).collect();
    names.join(", ") + more
}

/// Every attribute that is asked for: where, of which resource, which.
fn gather(at: &str, value: &Value, asked: &mut Vec<(String, String, String)>) {
    match value {
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                gather(&format!("{at}/{index}"), item, asked);
            }
        }
        Value::Object(map) => {
            for (key, inner) in map {
                match (key.as_str(), inner) {
                    ("Fn::GetAtt", Value::String(path)) => {
                        let parts = path.split_once('.');
                        asked.extend(parts.map(|(id, name)| (at.to_owned(), id.to_owned(), name.to_owned())));
                    }
                    ("Fn::GetAtt", Value::Array(path)) => {
                        if let [Value::String(id), Value::String(name)] = path.as_slice() {
                            asked.push((at.to_owned(), id.clone(), name.clone()));
                        }
                    }
                    ("Fn::Sub", Value::String(text)) => sub(at, text, None, asked),
                    ("Fn::Sub", Value::Array(parts)) => {
                        let [Value::String(text), own] = parts.as_slice() else { continue };
                        sub(at, text, Some(own), asked);
                        gather(at, own, asked);
                    }
                    _ => gather(&format!("{at}{}", pointer([key])), inner, asked),
                }
            }
        }
        _ => {}
    }
}

fn sub(at: &str, text: &str, own: Option<&Value>, asked: &mut Vec<(String, String, String)>) {
    for name in names_in(text).filter(|name| own.is_none_or(|own| own.get(*name).is_none())) {
        let parts = name.split_once('.');
        asked.extend(parts.map(|(id, name)| (at.to_owned(), id.to_owned(), name.to_owned())));
    }
}
