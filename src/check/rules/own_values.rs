//! ASG0505: values that a parameter of a team's own template does not take.

use crate::cfn::ParameterDeclaration;
use crate::check::{Check, Rule, Subject};
use crate::diagnostics::{Code, Findings, Severity, nearest};
use crate::model::Input;
use crate::source::pointer;
use crate::words::brief;

const CODE: Code = Code::new("ASG0505");

/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html>
const BYTES: usize = 4_096;

pub(in crate::check) const RULE: Rule = Rule {
    code: CODE,
    title: "a value that a parameter does not take",
    severity: &[Severity::Error],
    docs: "A parameter's type, its allowed values and its limits are checked by CloudFormation when the change set is made; \
           here they are before. A value that is an output of another stack is not known yet and is left to it. \
           <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/parameters-section-structure.html>",
    fails: "stacks: { topic: { template: ./topic.yaml, parameters: { Name: orders, Days: many, Kind: slwo } } }\n",
    mended: "stacks: { topic: { template: ./topic.yaml, parameters: { Name: orders, Days: 7, Kind: slow } } }\n",
    check: Check::Spec(check),
};

fn check(subject: &Subject<'_>, findings: &mut Findings) {
    for stack in &subject.environment.stacks {
        for (name, value) in &stack.parameters {
            let (Some(declared), Input::Value(text)) = (stack.parsed.parameters.get(name), value) else {
                continue;
            };
            let Some((problem, help)) = problem(declared, text) else { continue };
            let at = pointer(["stacks", &stack.name, "parameters", name]);
            let shown = if declared.no_echo { "its value" } else { text };
            let message = format!("parameter `{name}` of `{}` {problem}, not `{}`", stack.path, brief(shown));
            let place = subject.origins.in_template(&stack.name, &pointer(["Parameters", name]));
            let error = subject.error(CODE, &at, message).secondary(place, "declared here");
            findings.push(crate::diagnostics::Diagnostic { help, ..error });
        }
    }
}

fn problem(declared: &ParameterDeclaration, text: &str) -> Option<(String, Option<String>)> {
    let allowed = &declared.allowed_values;
    if !allowed.is_empty() && !allowed.iter().any(|value| value == text) {
        let help = match nearest(text, allowed.iter().map(String::as_str)) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("write one of {}", allowed.join(", ")),
        };
        return Some(("takes one of its allowed values".to_owned(), Some(help)));
    }
    if text.len() > BYTES {
        return Some((format!("takes at most {BYTES} bytes"), None));
    }
    let items = || text.split(',').map(str::trim);
    let kind = declared.kind.as_str();
    let wrong = match kind {
        "Number" if text.trim().parse::<f64>().is_err() => Some("is a number".to_owned()),
        "List<Number>" if items().any(|item| item.parse::<f64>().is_err()) => {
            Some("is a list of numbers".to_owned())
        }
        _ => identifier(kind).and_then(|prefix| {
            let list = kind.starts_with("List<");
            let mut items = if list { items().collect() } else { vec![text.trim()] }.into_iter();
            let lacks = items.any(|item| !item.starts_with(prefix));
            lacks.then(|| format!("is {} `{prefix}…`", if list { "a list of ids," } else { "an id," }))
        }),
    };
    let wrong = wrong.or_else(|| outside(declared, text));
    wrong.map(|words| (words, declared.constraint_description.clone()))
}

/// How ids of an AWS-specific parameter type begin.
fn identifier(kind: &str) -> Option<&'static str> {
    let inner = kind.strip_prefix("List<").and_then(|rest| rest.strip_suffix('>')).unwrap_or(kind);
    match inner {
        "AWS::EC2::VPC::Id" => Some("vpc-"),
        "AWS::EC2::Subnet::Id" => Some("subnet-"),
        "AWS::EC2::SecurityGroup::Id" => Some("sg-"),
        "AWS::EC2::Image::Id" => Some("ami-"),
        "AWS::EC2::Volume::Id" => Some("vol-"),
        "AWS::Route53::HostedZone::Id" => Some("Z"),
        _ => None,
    }
}

/// Its length or its size is outside what is declared.
fn outside(declared: &ParameterDeclaration, text: &str) -> Option<String> {
    let length = text.chars().count() as u64;
    let (shortest, longest) = declared.length;
    let (least, most) = declared.range;
    let number = text.trim().parse::<f64>().ok().filter(|_| declared.kind == "Number");
    if let Some(shortest) = shortest.filter(|shortest| length < *shortest) {
        return Some(format!("has at least {shortest} characters"));
    }
    if let Some(longest) = longest.filter(|longest| length > *longest) {
        return Some(format!("has at most {longest} characters"));
    }
    if let Some(least) = least.filter(|least| number.is_some_and(|number| number < *least)) {
        return Some(format!("is at least {least}"));
    }
    most.filter(|most| number.is_some_and(|number| number > *most)).map(|most| format!("is at most {most}"))
}
