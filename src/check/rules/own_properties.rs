//! ASG0525: resources in a team's own template whose type or properties CloudFormation does not have.

use crate::cfn::registry::{Wrong, is_resource_type, resource_types};
use crate::check::judged::{Judged, judge, name, push, push_at};
use crate::check::written::Written;
use crate::check::{Check, Rule, Subject};
use crate::diagnostics::{Code, Diagnostic, Findings, Severity, nearest};
use crate::model::OwnStack;
use crate::source::{Span, pointer};
use crate::words::brief;

const CODE: Code = Code::new("ASG0525");

/// What the transform of SAM makes resources of.
const SERVERLESS: &str = "AWS::Serverless::";

/// So many names are told where none is near.
const NAMED: usize = 8;

pub(in crate::check) const RULE: Rule = Rule {
    code: CODE,
    title: "a type or a property that CloudFormation does not have, or one that it needs",
    severity: &[Severity::Error, Severity::Warning],
    docs: "Each resource is evaluated with the values that the spec gives and held against the schema of its type in \
           CloudFormation's registry, which is part of asagi: types, names of properties, those that must stand there, \
           those that only the service gives, and whether a list, a mapping, text or a number is meant. Text stands for \
           numbers and booleans, as CloudFormation takes it. That none of several keys stands there, or no form fits, is a warning: \
           services take more than the schemas' lists of forms say. What is known only later passes, and so do custom resources, \
           modules and types outside `AWS::`. <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-template-resource-type-ref.html>",
    fails: "stacks: { needy: { template: ./needy.yaml } }\n",
    mended: "stacks: { whole: { template: ./own.yaml } }\n",
    check: Check::Spec(check),
};

fn check(subject: &Subject<'_>, findings: &mut Findings) {
    for stack in subject.environment.stacks.iter().filter(|stack| !stack.parsed.rewritten) {
        types(subject, stack, findings);
        judge(subject, stack, |written, judged| {
            if let Some(told) = told(written, &judged) {
                push_at(findings, CODE, written, told);
            }
        });
    }
}

/// Types of AWS that there are none of.
fn types(subject: &Subject<'_>, stack: &OwnStack, findings: &mut Findings) {
    for (id, resource) in &stack.parsed.resources {
        let kind = resource.kind.as_str();
        // those that only a transform makes resources of are in the registry's list too
        let is_known = is_resource_type(kind) && !kind.starts_with(SERVERLESS);
        if !kind.starts_with("AWS::") || is_known || kind.ends_with("::MODULE") {
            continue;
        }
        // those of the same service first: there are more than are compared
        let service = |name: &&str| name.split("::").nth(1) == kind.split("::").nth(1);
        let near = nearest(kind, resource_types().filter(service)).or_else(|| nearest_service(kind));
        let help = match near {
            _ if kind.starts_with(SERVERLESS) => {
                "write `Transform: AWS::Serverless-2016-10-31`, which makes resources of it".to_owned()
            }
            Some(near) => format!("did you mean `{near}`?"),
            None => "write a type that CloudFormation has, or one of your own outside `AWS::`".to_owned(),
        };
        let place = subject.origins.in_template(&stack.name, &pointer(["Resources", id, "Type"]));
        let message = format!("CloudFormation has no type `{}`", brief(kind));
        push(findings, CODE, Diagnostic::error(CODE, message).primary(place, "").with_help(help));
    }
}

/// The type whose service is written otherwise: `AWS::Ec2::VPC`.
fn nearest_service(kind: &str) -> Option<&'static str> {
    let ending = kind.rsplit("::").next()?;
    nearest(kind, resource_types().filter(|name| name.rsplit("::").next() == Some(ending)))
}

fn told(written: &Written<'_>, Judged { id, kind, fault }: &Judged<'_>) -> Option<(String, Diagnostic)> {
    let at = written.property(id, &fault.path);
    let (here, kind) = (name(&fault.path), kind.name);
    let container = || if here.is_empty() { format!("`{kind}`") } else { format!("`{here}` of `{kind}`") };
    let (place, message, help) = match &fault.wrong {
        Wrong::Unknown(known) => {
            let (key, before) = fault.path.split_last()?;
            let inside = name(before);
            let whole =
                if inside.is_empty() { format!("`{kind}`") } else { format!("`{inside}` of `{kind}`") };
            (written.key(&at), format!("{whole} has no property `{}`", brief(key)), among(key, known))
        }
        Wrong::ReadOnly => {
            let attribute = fault.path.join(".");
            let message = format!("`{here}` of `{kind}` cannot be written: the service gives it");
            (written.key(&at), message, format!("remove it; `!GetAtt {id}.{attribute}` reads it"))
        }
        Wrong::Missing(key) => {
            let message = format!("{} needs the property `{key}`", container());
            (whole(written, id, &at, here.is_empty()), message, format!("write `{key}:` there"))
        }
        Wrong::MissingOne(keys) => {
            let message = format!("{} needs one of {}", container(), listed(keys));
            (whole(written, id, &at, here.is_empty()), message, "write one of them there".to_owned())
        }
        Wrong::Both(first, second) => {
            let at = written.property(id, &with(&fault.path, second));
            let message = format!("{} takes `{first}` or `{second}`, not both", container());
            (written.key(&at), message, "remove one of them".to_owned())
        }
        Wrong::Needs(key, other) => {
            let at = written.property(id, &with(&fault.path, key));
            let message = format!("`{key}` of `{kind}` needs `{other}` beside it");
            (written.key(&at), message, format!("write `{other}:` too, or remove `{key}`"))
        }
        Wrong::Type(expected, found) => {
            let message = format!("`{here}` of `{kind}` takes {expected}, not {found}");
            (written.place(&at), message, form(expected, fault.path.last().map_or("", String::as_str)))
        }
        Wrong::NoChoice => {
            let message = format!("{} is none of the forms that it may have", container());
            (whole(written, id, &at, here.is_empty()), message, documentation(kind))
        }
        Wrong::ManyChoices => {
            let message = format!("{} has keys of several forms of which it takes one", container());
            (whole(written, id, &at, here.is_empty()), message, documentation(kind))
        }
        Wrong::Enum(_) | Wrong::Pattern(_) | Wrong::Range(_) | Wrong::Twice => return None,
    };
    let of_forms = matches!(fault.wrong, Wrong::MissingOne(_) | Wrong::NoChoice | Wrong::ManyChoices);
    let told = if of_forms { Diagnostic::warning(CODE, message) } else { Diagnostic::error(CODE, message) };
    Some((at, told.primary(place, "").with_help(help)))
}

fn with(path: &[String], key: &str) -> Vec<String> {
    path.iter().cloned().chain([key.to_owned()]).collect()
}

/// The key of the mapping; of a resource without properties its type.
fn whole(written: &Written<'_>, id: &str, at: &str, is_resource: bool) -> Span {
    let resource = written.stack.parsed.resources.get(id);
    let is_bare = is_resource && resource.is_some_and(|resource| resource.properties.is_empty());
    if is_bare { written.place(&pointer(["Resources", id, "Type"])) } else { written.key(at) }
}

fn among(key: &str, known: &[String]) -> String {
    match nearest(key, known.iter().map(String::as_str)) {
        Some(near) => format!("did you mean `{near}`?"),
        None if known.is_empty() => "its keys have another form: longer, or with other characters".to_owned(),
        None => format!("it has {}", listed(known)),
    }
}

fn listed(names: &[String]) -> String {
    let more = if names.len() > NAMED { ", …" } else { "" };
    let names: Vec<String> = names.iter().take(NAMED).map(|name| format!("`{name}`")).collect();
    names.join(", ") + more
}

fn form(expected: &str, key: &str) -> String {
    match expected {
        "a list" => format!("write a list, `{key}: [ … ]`"),
        "a mapping" => format!("write a mapping, `{key}: {{ … }}`"),
        other => format!("write {other}"),
    }
}

fn documentation(kind: &str) -> String {
    let page = kind.split("::").skip(1).collect::<Vec<_>>().join("-").to_lowercase();
    format!(
        "see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-{page}.html"
    )
}

#[cfg(test)]
mod tests {
    use super::CODE;
    use crate::check::tests::checked;
    use crate::resolve::resolve;
    use crate::resolve::testing::{SMALL, brief};
    use crate::source::MemoryFiles;

    #[test]
    fn what_a_type_does_not_have_is_told_where_it_is_written() {
        let own = "Conditions: { Always: !Equals [a, a] }\n\
Resources:\n\
\x20 A:\n\
\x20   Type: AWS::SNS::Topik\n\
\x20 B:\n\
\x20   Type: AWS::EC2::SecurityGroup\n\
\x20   Properties:\n\
\x20     GroupDescription: Door\n\
\x20     SecurityGroupIngress:\n\
\x20       - !Ref AWS::NoValue\n\
\x20       - !If\n\
\x20         - Always\n\
\x20         - { IpProtocol: tcp, FromPort: 22, ToPort: 22, CidrIpp: 10.0.0.0/8 }\n\
\x20         - !Ref AWS::NoValue\n\
\x20 C: { Type: AWS::EC2::Subnet, Properties: { CidrBlock: 10.0.0.0/24 } }\n\
\x20 D: { Type: AWS::SQS::Queue, Properties: { Tags: { Key: a } } }\n\
\x20 E: { Type: Custom::Thing, Properties: { Anything: [1] } }\n\
";
        let files = MemoryFiles::new()
            .with("environments/poc.yaml", format!("{SMALL}stacks: {{ own: {{ template: ./own.yaml }} }}\n"))
            .with("environments/own.yaml", own);
        let resolution = resolve(&files, "environments/poc.yaml");
        let lines = brief(&checked(&resolution), &resolution.sources).into_iter();
        let found: Vec<String> = lines.filter(|line| line.contains(CODE.as_str())).collect();
        insta::assert_snapshot!(found.join("\n"), @"
        environments/own.yaml:4:11 ASG0525 CloudFormation has no type `AWS::SNS::Topik` (did you mean `AWS::SNS::Topic`?)
        environments/own.yaml:13:58 ASG0525 `SecurityGroupIngress[0]` of `AWS::EC2::SecurityGroup` has no property `CidrIpp` (did you mean `CidrIp`?)
        environments/own.yaml:15:32 ASG0525 `AWS::EC2::Subnet` needs the property `VpcId` (write `VpcId:` there)
        environments/own.yaml:16:45 ASG0525 `Tags` of `AWS::SQS::Queue` takes a list, not a mapping (write a list, `Tags: [ … ]`)
        ");
    }
}
