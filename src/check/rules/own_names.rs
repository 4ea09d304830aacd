//! ASG0518: names and types in a team's own template that CloudFormation refuses.

use crate::cfn::{Effective, Evaluator, NothingKnown, Resource, Template};
use crate::check::{Check, Rule, Subject};
use crate::diagnostics::{Code, Diagnostic, Findings, Severity, nearest};
use crate::model::OwnStack;
use crate::source::{Span, pointer};
use crate::stacks::{given, surroundings};
use crate::words::brief;

const CODE: Code = Code::new("ASG0518");

/// Characters of a logical id, of a parameter, an output, a mapping or a condition, and of an export.
/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html>
const NAME: usize = 255;
/// Characters of the type of a custom resource.
/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudformation-customresource.html>
const CUSTOM: usize = 60;
/// Types of parameters that are no list and that AWS looks up.
/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-supplied-parameter-types.html>
const LOOKED_UP: [&str; 10] = [
    "AWS::EC2::AvailabilityZone::Name",
    "AWS::EC2::Image::Id",
    "AWS::EC2::Instance::Id",
    "AWS::EC2::KeyPair::KeyName",
    "AWS::EC2::SecurityGroup::GroupName",
    "AWS::EC2::SecurityGroup::Id",
    "AWS::EC2::Subnet::Id",
    "AWS::EC2::Volume::Id",
    "AWS::EC2::VPC::Id",
    "AWS::Route53::HostedZone::Id",
];
const PLAIN: [&str; 5] =
    ["String", "Number", "CommaDelimitedList", "List<Number>", "AWS::SSM::Parameter::Name"];

pub(in crate::check) const RULE: Rule = Rule {
    code: CODE,
    title: "a name or a type that CloudFormation refuses",
    severity: &[Severity::Error],
    docs: "Logical ids, and names of parameters, outputs and mappings, have letters and digits only, at most 255; an export's \
           has colons and hyphens too. A resource's type is `AWS::Service::Resource`, `Custom::Name`, or one registered by \
           others with three parts. CloudFormation tells one of them at a time, when the change set is made; what loops make \
           and exports come to is looked at as far as it is known. A template with a transform may be made into anything and is \
           left alone. <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/resources-section-structure.html>",
    fails: "stacks: { odd: { template: ./odd.yaml } }\n",
    mended: "stacks: { even: { template: ./own.yaml } }\n",
    check: Check::Spec(check),
};

fn check(subject: &Subject<'_>, findings: &mut Findings) {
    for stack in subject.environment.stacks.iter().filter(|stack| !stack.parsed.rewritten) {
        let mut look = Look { subject, stack, findings };
        look.sections();
        look.types();
        look.comes_to();
    }
}

struct Look<'a, 'b> {
    subject: &'a Subject<'a>,
    stack: &'a OwnStack,
    findings: &'b mut Findings,
}

impl Look<'_, '_> {
    fn sections(&mut self) {
        let template = &self.stack.parsed;
        for id in template.resources.iter().filter(|(_, it)| !is_unread(it)).map(|(id, _)| id) {
            self.name("Resources", id, "the logical id", is_plain);
        }
        for id in template.outputs.keys().filter(|id| !is_loop(id)) {
            self.name("Outputs", id, "the name of an output", is_plain);
        }
        for name in template.parameters.keys() {
            self.name("Parameters", name, "the name of a parameter", is_plain);
            if template.resources.contains_key(name) {
                let message = format!("`{}` is a parameter and a resource", brief(name));
                let help = "give one of them another name, here and where it is named";
                self.tell(self.key(&pointer(["Resources", name])), message, help.to_owned());
            }
        }
        for name in template.mappings.keys().filter(|name| *name != "Fn::Transform") {
            self.name("Mappings", name, "the name of a mapping", is_plain);
        }
        for name in template.conditions.keys().filter(|name| !is_loop(name)) {
            self.name("Conditions", name, "the name of a condition", |c| is_plain(c) || "._-&".contains(c));
        }
    }

    fn name(&mut self, section: &str, name: &str, what: &str, takes: fn(char) -> bool) {
        let Some(problem) = problem(name, takes) else { return };
        let place = self.key(&pointer([section, name]));
        let mended: String = name.chars().filter(|c| takes(*c)).take(NAME).collect();
        let help = match mended.as_str() {
            "" => "write letters and digits".to_owned(),
            mended => format!("write `{mended}`, here and where it is named"),
        };
        self.tell(place, format!("{what} `{}` {problem}", brief(name)), help);
    }

    fn types(&mut self) {
        let template = &self.stack.parsed;
        for (id, resource) in template.resources.iter().filter(|(_, it)| !is_unread(it)) {
            if !is_resource_type(&resource.kind) {
                let place = self.place(&pointer(["Resources", id, "Type"]));
                let message = format!("`{}` is no type of a resource", brief(&resource.kind));
                let help = "write `AWS::Service::Resource`, or `Custom::Name` with at most 60 characters";
                self.tell(place, message, help.to_owned());
            }
        }
        for (name, declared) in &template.parameters {
            if !is_parameter_type(&declared.kind) {
                let place = self.place(&pointer(["Parameters", name, "Type"]));
                let message = format!("`{}` is no type of a parameter", brief(&declared.kind));
                let known = PLAIN.into_iter().chain(LOOKED_UP);
                self.tell(
                    place,
                    message,
                    match nearest(&declared.kind, known) {
                        Some(near) => format!("did you mean `{near}`?"),
                        None => "write `String`, `Number`, `CommaDelimitedList`, or a type that AWS looks up"
                            .to_owned(),
                    },
                );
            }
        }
    }

    /// What loops make, and what exports are called.
    fn comes_to(&mut self) {
        let template = &self.stack.parsed;
        let has_exports = template.outputs.values().any(|output| output.export.is_some());
        if !has_exports && !template.has_loops() {
            return;
        }
        let (given, surroundings) = (given(self.stack), surroundings(self.subject.environment, self.stack));
        let loops = Evaluator::new(template, &given, &surroundings, &NothingKnown);
        let unrolled = loops.unrolled();
        self.made(&unrolled);
        let evaluator = Evaluator::new(&unrolled, &given, &surroundings, &NothingKnown);
        for (id, export) in unrolled.outputs.iter().filter_map(|(id, it)| Some((id, it.export.as_ref()?))) {
            let Effective::String(name) = evaluator.value(export) else { continue };
            let Some(problem) = problem(&name, |c| is_plain(c) || c == ':' || c == '-') else { continue };
            let place = self.place(&pointer(["Outputs", id, "Export", "Name"]));
            let message = format!("the name `{}` of an export {problem}", brief(&name));
            self.tell(place, message, "write letters, digits, `:` and `-`".to_owned());
        }
    }

    fn made(&mut self, unrolled: &Template) {
        let written = &self.stack.parsed;
        let resources = unrolled
            .resources
            .iter()
            .filter(|(id, it)| !written.resources.contains_key(*id) && !is_unread(it));
        let outputs = unrolled.outputs.keys().filter(|id| !written.outputs.contains_key(*id) && !is_loop(id));
        let resources = resources.map(|(id, it)| ("Resources", id, Some(it.kind.as_str())));
        for (section, id, kind) in resources.chain(outputs.map(|id| ("Outputs", id, None))) {
            let place = self.place(&pointer([section]));
            if let Some(problem) = problem(id, is_plain) {
                let message = format!("a loop makes `{}`, which {problem}", brief(id));
                self.tell(
                    place,
                    message,
                    "write `&{Name}` for `${Name}`: it is the item's letters and digits".to_owned(),
                );
            } else if let Some(kind) = kind.filter(|kind| !is_resource_type(kind)) {
                let message = format!(
                    "a loop makes `{}` of `{}`, which is no type of a resource",
                    brief(id),
                    brief(kind)
                );
                self.tell(place, message, "write `AWS::Service::Resource`, or `Custom::Name`".to_owned());
            }
        }
    }

    fn key(&self, at: &str) -> Span {
        let document = self.subject.origins.templates().get(&self.stack.name);
        document.and_then(|root| root.key_span(at)).unwrap_or_else(|| self.place(at))
    }

    fn place(&self, at: &str) -> Span {
        self.subject.origins.in_template(&self.stack.name, at)
    }

    fn tell(&mut self, place: Span, message: String, help: String) {
        self.findings.push(Diagnostic::error(CODE, message).primary(place, "").with_help(help));
    }
}

/// What a loop or a macro makes resources of.
fn is_unread(resource: &Resource) -> bool {
    [Resource::FOR_EACH, Resource::MACRO].contains(&resource.kind.as_str())
}

fn is_loop(name: &str) -> bool {
    name.strip_prefix(Resource::FOR_EACH).is_some_and(|rest| rest.starts_with("::"))
}

fn is_plain(c: char) -> bool {
    c.is_ascii_alphanumeric()
}

fn problem(name: &str, takes: impl Fn(char) -> bool) -> Option<String> {
    let length = name.chars().count();
    match name.chars().find(|c| !takes(*c)) {
        _ if name.is_empty() => Some("is empty".to_owned()),
        Some(c) => Some(format!("has a `{c}`, which CloudFormation refuses in it")),
        None if length > NAME => Some(format!("has {length} characters, at most {NAME} fit")),
        None => None,
    }
}

/// Three parts, the last of a module a fourth. <https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_RegisterType.html>
fn is_resource_type(kind: &str) -> bool {
    if let Some(name) = kind.strip_prefix("Custom::") {
        let takes = |c: char| is_plain(c) || "_@-".contains(c);
        return !name.is_empty() && kind.len() <= CUSTOM && name.chars().all(takes);
    }
    let kind = kind.strip_suffix("::MODULE").unwrap_or(kind);
    let part = |part: &str| (2..=64).contains(&part.len()) && part.chars().all(is_plain);
    kind.split("::").count() == 3 && kind.split("::").all(part)
}

fn is_parameter_type(kind: &str) -> bool {
    let stored = kind.strip_prefix("AWS::SSM::Parameter::Value<").and_then(|rest| rest.strip_suffix('>'));
    let (kind, is_stored) = stored.map_or((kind, false), |kind| (kind, true));
    let item = kind.strip_prefix("List<").and_then(|rest| rest.strip_suffix('>'));
    match item {
        Some(item) => LOOKED_UP.contains(&item) || ["String", "Number"].contains(&item),
        None if is_stored => LOOKED_UP.contains(&kind) || ["String", "CommaDelimitedList"].contains(&kind),
        None => LOOKED_UP.contains(&kind) || PLAIN.contains(&kind),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::tests::checked;
    use crate::resolve::resolve;
    use crate::resolve::testing::{SMALL, brief};
    use crate::source::MemoryFiles;

    fn found(template: &str) -> Vec<String> {
        let files = MemoryFiles::new()
            .with("environments/poc.yaml", format!("{SMALL}stacks: {{ own: {{ template: ./own.yaml }} }}\n"))
            .with("environments/own.yaml", template);
        let resolution = resolve(&files, "environments/poc.yaml");
        let lines = brief(&checked(&resolution), &resolution.sources).into_iter();
        lines.filter(|line| line.contains(CODE.as_str())).collect()
    }

    const TOPIC: &str = "Resources: { A: { Type: AWS::SNS::Topic } }\n";

    #[test]
    fn what_cloudformation_refuses_is_told_where_it_stands() {
        for (template, expected) in [
            ("Resources: { a-b: { Type: AWS::SNS::Topic } }\n".to_owned(), "own.yaml:1:14 ASG0518 the logical id `a-b` has a `-`, which CloudFormation refuses in it (write `ab`, here and where it is named)"),
            ("Resources: { \"../x\": { Type: AWS::SNS::Topic } }\n".to_owned(), "own.yaml:1:14 ASG0518 the logical id `../x` has a `.`"),
            ("Resources: { \"a\\nb\": { Type: AWS::SNS::Topic } }\n".to_owned(), "own.yaml:1:14 ASG0518 the logical id `a\nb` has a `\n`"),
            ("Resources: { 浅葱: { Type: AWS::SNS::Topic } }\n".to_owned(), "own.yaml:1:14 ASG0518 the logical id `浅葱` has a `浅`, which CloudFormation refuses in it (write letters and digits)"),
            ("Resources: { Fn::X: { Type: AWS::SNS::Topic } }\n".to_owned(), "own.yaml:1:14 ASG0518 the logical id `Fn::X`"),
            ("Resources: { A: { Type: SNS::Topic } }\n".to_owned(), "own.yaml:1:25 ASG0518 `SNS::Topic` is no type of a resource"),
            ("Resources: { A: { Type: \"AWS::SNS::Topic \" } }\n".to_owned(), "own.yaml:1:25 ASG0518 `AWS::SNS::Topic ` is no type of a resource"),
            ("Resources: { A: { Type: \"AWS::SNS::../x\" } }\n".to_owned(), "own.yaml:1:25 ASG0518"),
            ("Resources: { A: { Type: Custom::a/b } }\n".to_owned(), "own.yaml:1:25 ASG0518"),
            (format!("Resources: {{ A: {{ Type: Custom::{} }} }}\n", "a".repeat(60)), "own.yaml:1:25 ASG0518"),
            (format!("Outputs: {{ a_b: {{ Value: x }} }}\n{TOPIC}"), "own.yaml:1:12 ASG0518 the name of an output `a_b` has a `_`"),
            (format!("Outputs: {{ B: {{ Value: x, Export: {{ Name: a/b }} }} }}\n{TOPIC}"), "own.yaml:1:43 ASG0518 the name `a/b` of an export has a `/`"),
            (format!("Outputs: {{ B: {{ Value: x, Export: {{ Name: !Sub '${{AWS::StackName}}_b' }} }} }}\n{TOPIC}"), "own.yaml:1:48 ASG0518 the name `poc-poc-own_b` of an export has a `_`"),
            (format!("Parameters: {{ \"a b\": {{ Type: String, Default: x }} }}\n{TOPIC}"), "own.yaml:1:15 ASG0518 the name of a parameter `a b` has a ` `"),
            (format!("Parameters: {{ B: {{ Type: Strnig, Default: x }} }}\n{TOPIC}"), "own.yaml:1:26 ASG0518 `Strnig` is no type of a parameter (did you mean `String`?)"),
            (format!("Mappings: {{ a.b: {{ c: {{ d: e }} }} }}\n{TOPIC}"), "own.yaml:1:13 ASG0518 the name of a mapping `a.b`"),
            (format!("Conditions: {{ \"a/b\": !Equals [a, a] }}\n{TOPIC}"), "own.yaml:1:15 ASG0518 the name of a condition `a/b`"),
            ("Transform: AWS::LanguageExtensions\nResources:\n  Fn::ForEach::Topics: [Name, [a-b, c], { 'Topic${Name}': { Type: AWS::SNS::Topic } }]\n".to_owned(), "own.yaml:2:1 ASG0518 a loop makes `Topica-b`, which has a `-`"),
            (format!("Resources: {{ {}: {{ Type: AWS::SNS::Topic }} }}\n", "a".repeat(256)), "aaa…` has 256 characters, at most 255 fit"),
        ] {
            let lines = found(&template);
            assert!(lines.len() == 1 && lines[0].contains(expected), "{template}{lines:#?}");
        }
        let long =
            found(&format!("Resources: {{ ? {} : {{ Type: AWS::SNS::Topic }} }}\n", "-".repeat(1 << 20)));
        assert!(long.len() == 1 && long[0].len() < 400, "{long:?}");
    }

    #[test]
    fn what_cloudformation_takes_is_left_alone() {
        for template in [
            format!("Parameters:\n  A1: {{ Type: 'AWS::SSM::Parameter::Value<List<String>>', Default: /a }}\n  B: {{ Type: 'List<AWS::EC2::Subnet::Id>', Default: '' }}\n{TOPIC}"),
            "Resources:\n  1a: { Type: Custom::A_b@c-d }\n  B: { Type: My::S3::Bucket::MODULE }\n  C: { Type: Alexa::ASK::Skill }\n".to_owned(),
            format!("Conditions: {{ is-prod: !Equals [a, a] }}\nOutputs: {{ B: {{ Value: x, Export: {{ Name: 'a:b-c' }} }}, C: {{ Value: x, Export: {{ Name: !Ref A }} }} }}\n{TOPIC}"),
            "Transform: AWS::LanguageExtensions\nResources:\n  Fn::ForEach::Topics: [Name, [a-b, c], { 'Topic&{Name}': { Type: AWS::SNS::Topic } }]\n".to_owned(),
            "Transform: Team::Names\nResources: { a-b: { Type: X::Y } }\n".to_owned(),
        ] {
            assert_eq!(found(&template), [""; 0], "{template}");
        }
    }
}
