//! ASG0505: values that a parameter of a team's own template does not take.

use regex::RegexBuilder;

use crate::cfn::{Broken, Evaluator, NothingKnown, ParameterDeclaration};
use crate::check::{Check, Rule, Subject};
use crate::diagnostics::{Code, Diagnostic, Findings, Severity, nearest};
use crate::model::{Input, OwnStack, Source};
use crate::source::pointer;
use crate::stacks::{given, surroundings};
use crate::words::brief;

const CODE: Code = Code::new("ASG0505");

/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html>
const BYTES: usize = 4_096;

pub(in crate::check) const RULE: Rule = Rule {
    code: CODE,
    title: "a value that a parameter does not take",
    severity: &[Severity::Error],
    docs: "A parameter's type, its allowed values, its pattern and its limits are checked by CloudFormation when the change \
           set is made; here they are before, of defaults too where the spec gives no value. A value that is an output of \
           another stack is not known yet and is left to it. What the template's `Rules` assert of them together is held too. \
           <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/parameters-section-structure.html>",
    fails: "stacks: { topic: { template: ./topic.yaml, parameters: { Name: orders, Days: many, Kind: slwo } } }\n",
    mended: "stacks: { topic: { template: ./topic.yaml, parameters: { Name: orders, Days: 7, Kind: slow } } }\n",
    check: Check::Spec(check),
};

fn check(subject: &Subject<'_>, findings: &mut Findings) {
    for stack in &subject.environment.stacks {
        for (name, declared) in &stack.parsed.parameters {
            let given = stack.parameters.get(name);
            let text = match (given, &declared.default) {
                (Some(Input::Value(text)), _)
                | (Some(Input::Read(Source::Previous { first: Some(text) })), _)
                | (None, Some(text)) => text,
                _ => continue,
            };
            let Some((problem, help)) = problem(declared, text) else { continue };
            let shown = if declared.no_echo { "its value" } else { text };
            let in_template = |rest: &[&str]| {
                let at = pointer(["Parameters", name].iter().chain(rest));
                subject.origins.in_template(&stack.name, &at)
            };
            let error = match given {
                Some(_) => {
                    let at = pointer(["stacks", &stack.name, "parameters", name]);
                    let message =
                        format!("parameter `{name}` of `{}` {problem}, not `{}`", stack.path, brief(shown));
                    subject.error(CODE, &at, message).secondary(in_template(&[]), "declared here")
                }
                None => {
                    let message = format!("parameter `{name}` {problem}, not its default `{}`", brief(shown));
                    Diagnostic::error(CODE, message).primary(in_template(&["Default"]), "")
                }
            };
            findings.push(Diagnostic { help, ..error });
        }
        broken_rules(subject, stack, findings);
    }
}

/// What the template's own `Rules` assert of the values together.
fn broken_rules(subject: &Subject<'_>, stack: &OwnStack, findings: &mut Findings) {
    if stack.parsed.rules.is_null() || stack.parsed.rewritten {
        return;
    }
    let (given, surroundings) = (given(stack), surroundings(subject.environment, stack));
    let evaluator = Evaluator::new(&stack.parsed, &given, &surroundings, &NothingKnown);
    for Broken { rule, index, description } in evaluator.broken_rules() {
        let at = pointer(["Rules", &rule, "Assertions", &index.to_string()]);
        let why = description.map_or_else(String::new, |why| format!(": {}", brief(&why)));
        let message = format!("rule `{}` of `{}` does not hold{why}", brief(&rule), stack.path);
        let place = subject.origins.in_template(&stack.name, &at);
        let error = Diagnostic::error(CODE, message).primary(place, "");
        findings.push(error.with_help(format!("give `{}` other `parameters`", stack.name)));
    }
}

fn problem(declared: &ParameterDeclaration, text: &str) -> Option<(String, Option<String>)> {
    let allowed = &declared.allowed_values;
    let is_list = declared.kind == "CommaDelimitedList" || declared.kind.starts_with("List<");
    let mut values = if is_list { text.split(',').map(str::trim).collect() } else { vec![text] }.into_iter();
    if let Some(text) = values.find(|text| !allowed.is_empty() && !allowed.iter().any(|value| value == text))
    {
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
    let wrong = wrong.or_else(|| outside(declared, text)).or_else(|| unlike(declared, text));
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

/// It is not as the pattern says, which must match the whole of it. A pattern that looks around is left to CloudFormation.
fn unlike(declared: &ParameterDeclaration, text: &str) -> Option<String> {
    let pattern = declared.allowed_pattern.as_deref()?;
    let whole = RegexBuilder::new(&format!("^(?:{pattern})$")).size_limit(1 << 20).build().ok()?;
    (!whole.is_match(text)).then(|| format!("takes what matches `{}`", brief(pattern)))
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

#[cfg(test)]
mod tests {
    use crate::check::tests::checked;
    use crate::resolve::resolve;
    use crate::resolve::testing::{SMALL, brief};
    use crate::source::MemoryFiles;

    #[test]
    fn given_values_and_defaults_are_held_to_what_is_declared() {
        for (declared, given, expected) in [
            (
                "{ Type: String, AllowedPattern: '[a-z]+' }",
                "{ P: A1 }",
                "environments/poc.yaml:24:57 ASG0505 parameter `P` of `environments/own.yaml` takes what matches `[a-z]+`, not `A1`",
            ),
            ("{ Type: String, AllowedPattern: '[a-z]+' }", "{ P: ab }", ""),
            ("{ Type: String, AllowedPattern: '(?=a).*' }", "{ P: b }", ""),
            (
                "{ Type: String, AllowedValues: [a, b], Default: c }",
                "{}",
                "own.yaml:1:66 ASG0505 parameter `P` takes one of its allowed values, not its default `c` (write one of a, b)",
            ),
            ("{ Type: String, AllowedValues: [a, b], Default: c }", "{ P: a }", ""),
            (
                "{ Type: Number, Default: abc }",
                "{}",
                "own.yaml:1:43 ASG0505 parameter `P` is a number, not its default `abc`",
            ),
            (
                "{ Type: String, MinLength: 3, Default: ab }",
                "{}",
                "own.yaml:1:57 ASG0505 parameter `P` has at least 3 characters, not its default `ab`",
            ),
            ("{ Type: CommaDelimitedList, AllowedValues: [a, b], Default: 'a, b' }", "{}", ""),
            (
                "{ Type: CommaDelimitedList, AllowedValues: [a, b], Default: 'a,c' }",
                "{}",
                "own.yaml:1:78 ASG0505 parameter `P` takes one of its allowed values, not its default `a,c` (write one of a, b)",
            ),
            (
                "{ Type: String, NoEcho: true, MinLength: 3, Default: ab }",
                "{}",
                "own.yaml:1:71 ASG0505 parameter `P` has at least 3 characters, not its default `its value`",
            ),
        ] {
            let spec = format!("{SMALL}stacks: {{ own: {{ template: ./own.yaml, parameters: {given} }} }}\n");
            let own = format!(
                "Parameters: {{ P: {declared} }}\nResources: {{ A: {{ Type: AWS::SNS::Topic, Properties: {{ DisplayName: !Ref P }} }} }}\n"
            );
            let files =
                MemoryFiles::new().with("environments/poc.yaml", spec).with("environments/own.yaml", own);
            let resolution = resolve(&files, "environments/poc.yaml");
            let lines = brief(&checked(&resolution), &resolution.sources);
            let lines: Vec<_> = lines.into_iter().filter(|line| line.contains("ASG0505")).collect();
            assert_eq!(
                lines.join("\n").replace("environments/own.yaml:", "own.yaml:"),
                expected,
                "{declared}"
            );
        }
    }
}
