//! A template beside what its properties evaluate to.

use indexmap::IndexMap;
use serde_json::Value;

use super::{Evaluation, Evaluator, Lookup, NothingKnown, Surroundings};
use crate::cfn::{Effective, Template};

fn surroundings() -> Surroundings {
    Surroundings {
        account: "123456789012".to_owned(),
        region: "ap-northeast-1".to_owned(),
        stack_name: "idhub-prod-web".to_owned(),
        zones: ["a", "c"].map(|zone| format!("ap-northeast-1{zone}")).to_vec(),
        ..Surroundings::default()
    }
}

fn evaluate_with(text: &str, parameters: &[(&str, &str)], lookup: &dyn Lookup) -> Evaluation {
    let template = Template::parse(text).unwrap();
    let given: IndexMap<_, _> =
        parameters.iter().map(|(name, value)| ((*name).to_owned(), Effective::text(*value))).collect();
    let surroundings = surroundings();
    Evaluator::new(&template, &given, &surroundings, lookup).evaluate()
}

pub(super) fn evaluate(text: &str, parameters: &[(&str, &str)]) -> Evaluation {
    evaluate_with(text, parameters, &NothingKnown)
}

/// `?` before what is unknown.
fn show(value: &Effective) -> String {
    match value {
        Effective::List(items) => format!("[{}]", items.iter().map(show).collect::<Vec<_>>().join(", ")),
        Effective::Map(map) => {
            let entries = map.iter().map(|(key, value)| format!("{key}: {}", show(value)));
            format!("{{{}}}", entries.collect::<Vec<_>>().join(", "))
        }
        Effective::Unknown(unknown) => format!("?{}", unknown.text),
        other => other.to_json().to_string(),
    }
}

/// One expression in a template that has a few things to refer to.
pub(super) fn value(expression: &str) -> String {
    let text = format!(
        "
Parameters:
  Size: {{ Type: Number, Default: 100 }}
  Zones: {{ Type: CommaDelimitedList, Default: 'a, b,c' }}
  Image: {{ Type: 'AWS::SSM::Parameter::Value<AWS::EC2::Image::Id>', Default: /images/web }}
  Password: {{ Type: String, NoEcho: true, Default: hunter2 }}
  Missing: {{ Type: String }}
Mappings: {{ Sizes: {{ prod: {{ type: m7i.large, zones: [a, c] }} }} }}
Conditions:
  Always: !Equals [!Ref Size, 100]
  Never: !Not [!Condition Always]
  Perhaps: !Equals [!Ref Missing, x]
  Secret: !Equals [!Ref Password, hunter2]
Resources:
  Queue: {{ Type: AWS::SQS::Queue }}
  Gone: {{ Type: AWS::SQS::Queue, Condition: Never }}
  Subject:
    Type: Custom::Subject
    Properties:
      Value: {expression}
"
    );
    let evaluation = evaluate(&text, &[]);
    let value = evaluation.resources["Subject"].properties.get("Value").map_or("(nothing)".to_owned(), show);
    let problems: Vec<_> =
        evaluation.problems.iter().filter(|problem| !problem.message.contains("has no value")).collect();
    match problems.first() {
        None => value,
        Some(problem) => format!("{value} -- {}", problem.message),
    }
}

#[test]
fn functions_give_values() {
    for (expression, expected) in [
        ("!Ref Size", r#""100""#),
        ("!Ref Zones", r#"["a", "b", "c"]"#),
        ("!Ref Queue", "?${Queue}"),
        ("!GetAtt Queue.Arn", "?${Queue.Arn}"),
        ("{ 'Fn::GetAtt': Queue.Arn }", "?${Queue.Arn}"),
        ("!GetAtt [Queue, !Sub 'Ar${!n}']", "?${Queue.Ar${n}}"),
        ("!Ref AWS::Region", r#""ap-northeast-1""#),
        ("!Ref AWS::StackId", "?${AWS::StackId}"),
        ("!Ref AWS::NoValue", "(nothing)"),
        ("[1, !Ref AWS::NoValue, 2]", "[1, 2]"),
        ("!Sub 'arn:${AWS::Partition}:s3:::b-${AWS::AccountId}'", r#""arn:aws:s3:::b-123456789012""#),
        ("!Sub '${Queue.Arn}/${!kept} ${Size}'", "?${Queue.Arn}/${kept} 100"),
        ("!Sub ['${a}-${Size}', { a: !Select [1, !Ref Zones] }]", r#""b-100""#),
        ("!Join ['-', [a, 1, true]]", r#""a-1-true""#),
        ("!Join ['/', [!Ref Queue, x]]", "?${Queue}/x"),
        ("!Join [',', !Ref Zones]", r#""a,b,c""#),
        ("!Split [',', 'a,b']", r#"["a", "b"]"#),
        ("!Select [5, !Split [':', !GetAtt Queue.Arn]]", r#"?Split(":", ${Queue.Arn})[5]"#),
        ("!If [Always, 1, 2]", "1"),
        ("!If [Never, 1, !Ref AWS::NoValue]", "(nothing)"),
        ("!If [Perhaps, !Ref Queue, 2]", "?${Fn::If Perhaps}"),
        ("!If [Secret, 1, 2]", "1"),
        ("!FindInMap [Sizes, prod, type]", r#""m7i.large""#),
        ("!FindInMap [Sizes, prod, zones]", r#"["a", "c"]"#),
        ("!FindInMap [Sizes, dev, type, { DefaultValue: t3.micro }]", r#""t3.micro""#),
        ("!Base64 'a-b'", r#""YS1i""#),
        ("{ 'Fn::Base64': !Sub 'echo ${Queue}' }", "?echo ${Queue}"),
        ("!Cidr [10.0.0.0/16, 3, 8]", r#"["10.0.0.0/24", "10.0.1.0/24", "10.0.2.0/24"]"#),
        ("!Select [1, !Cidr ['2001:db8::/56', 2, 64]]", r#""2001:db8:0:1::/64""#),
        ("!GetAZs ''", r#"["ap-northeast-1a", "ap-northeast-1c"]"#),
        ("!GetAZs us-east-1", "?${GetAZs us-east-1}"),
        ("!ImportValue shared-vpc", "?${ImportValue shared-vpc}"),
        ("{ 'Fn::Length': !Ref Zones }", "3"),
        ("{ 'Fn::ToJsonString': { a: [1, !Ref Size] } }", r#""{\"a\":[1,\"100\"]}""#),
        ("{ Condition: { StringEquals: { a: b } } }", r#"{Condition: {StringEquals: {a: "b"}}}"#),
    ] {
        assert_eq!(value(expression), expected, "{expression}");
    }
}

#[test]
fn secrets_are_never_shown() {
    for (expression, expected) in [
        ("!Ref Password", "?****"),
        ("!Sub 'db://u:${Password}@h'", "?db://u:****@h"),
        ("!Ref Image", "?{{resolve:ssm:/images/web}}"),
        (
            "'{{resolve:secretsmanager:db:SecretString:password}}'",
            "?{{resolve:secretsmanager:db:SecretString:password}}",
        ),
        ("!Sub '{{resolve:ssm-secure:/${Size}}}'", "?{{resolve:ssm-secure:/100}}"),
    ] {
        assert_eq!(value(expression), expected, "{expression}");
    }
}

#[test]
fn what_is_malformed_is_unknown_and_told() {
    for (expression, expected) in [
        ("!Ref Nothing", "?${Ref} -- `Nothing` is neither a parameter nor a resource"),
        ("!Ref Gone", "?${Ref} -- resource `Gone` is left out by its condition"),
        ("!GetAtt Queue", "?${Fn::GetAtt} -- `Fn::GetAtt` must have a logical id and an attribute"),
        ("!Join [',']", "?${Fn::Join} -- `Fn::Join` takes a list of 2 values"),
        ("!Join [',', [[a]]]", "?${Fn::Join} -- `Fn::Join` can only use text"),
        ("!Select [3, [a]]", "?${Fn::Select} -- `Fn::Select` asks for index 3 of a list of 1"),
        ("!Select [-1, [a]]", "?${Fn::Select} -- the first of `Fn::Select` must be an index from 0"),
        ("!Sub '${a'", "?${Fn::Sub} -- `Fn::Sub` has a `${` that is never closed"),
        ("!If [Nowhere, 1, 2]", "?${Fn::If Nowhere} -- condition `Nowhere` is not declared"),
        (
            "!FindInMap [Sizes, dev, type]",
            "?${Fn::FindInMap} -- `Fn::FindInMap` finds nothing at Sizes, dev, type: Sizes has no dev, but prod",
        ),
        ("!Cidr [10.0.0.0/24, 3, 8]", "?${Fn::Cidr} -- `10.0.0.0/24` has no room for 3 blocks of 8 bits"),
        (
            "!Cidr [300.0.0.0/24, 3, 8]",
            "?${Fn::Cidr} -- `300.0.0.0/24` is no address block such as 10.0.0.0/16",
        ),
        ("!Wrong x", "?${Fn::Wrong} -- `Fn::Wrong` is no function"),
    ] {
        assert_eq!(value(expression), expected, "{expression}");
    }
}

#[test]
fn conditions_in_a_circle_are_unknown() {
    let chain: String = (0..5000).map(|n| format!("  C{n}: !Not [!Condition C{}]\n", n + 1)).collect();
    let wide: String =
        (0..60).map(|n| format!("  W{n}: !And [!Condition W{0}, !Condition W{0}]\n", n + 1)).collect();
    let text = format!(
        "Conditions:\n  A: !Not [!Condition B]\n  B: !Not [!Condition A]\n{chain}  C5000: !Equals [1, '1']\n{wide}  W60: !Equals [a, a]\nResources: {{ X: {{ Type: A::B, Condition: A }} }}"
    );
    let evaluation = evaluate(&text, &[]);
    assert_eq!(evaluation.conditions["A"], None);
    assert_eq!(evaluation.conditions["C5000"], Some(true));
    assert_eq!(evaluation.conditions["W0"], Some(true));
    assert!(evaluation.problems.iter().any(|problem| problem.message == "condition `A` depends on itself"));
}

#[test]
fn a_resource_tells_what_it_takes_values_from() {
    let text = "
Parameters: { Prod: { Type: String } }
Conditions: { IsProd: !Equals [!Ref Prod, 'true'] }
Resources:
  A: { Type: A::B }
  B: { Type: A::B }
  C: { Type: A::B, Properties: { X: !If [IsProd, !Ref A, !GetAtt B.Arn], Y: !Sub '${B}' }, DependsOn: [A] }
Outputs:
  OnlyProd: { Condition: IsProd, Value: !Ref A }
  Always: { Value: !Sub '${Prod}!' }";
    let names = |evaluation: &Evaluation| {
        let references = evaluation.resources["C"].references.iter().map(ToString::to_string);
        references.collect::<Vec<_>>().join(" ")
    };
    let (prod, dev) = (evaluate(text, &[("Prod", "true")]), evaluate(text, &[("Prod", "false")]));
    assert_eq!(names(&prod), "A B");
    assert_eq!(names(&dev), "B B.Arn");
    assert_eq!(prod.outputs.keys().collect::<Vec<_>>(), ["OnlyProd", "Always"]);
    assert_eq!(
        dev.outputs.iter().map(|(k, v)| format!("{k}={}", show(v))).collect::<Vec<_>>(),
        [r#"Always="false!""#]
    );
}

/// An account in which everything is known by its own name.
struct Echo;

impl Lookup for Echo {
    fn reference(&self, id: &str) -> Option<Effective> {
        Some(Effective::text(format!("physical-{id}")))
    }
    fn attribute(&self, id: &str, attribute: &str) -> Option<Effective> {
        Some(Effective::text(format!("{id}.{attribute}")))
    }
    fn import(&self, export: &str) -> Option<Effective> {
        Some(Effective::text(format!("imported-{export}")))
    }
    fn dynamic(&self, reference: &str) -> Option<Effective> {
        Some(Effective::text(format!("{reference},x")))
    }
}

#[test]
fn what_the_account_knows_takes_part() {
    let text = "
Parameters: { Zones: { Type: 'AWS::SSM::Parameter::Value<List<String>>', Default: /z } }
Resources:
  A: { Type: A::B }
  B:
    Type: A::B
    Properties: { X: !Sub '${A}/${A.Arn}', Y: !ImportValue e, Z: !Ref Zones, S: '{{resolve:ssm:/s}}' }";
    let evaluation = evaluate_with(text, &[], &Echo);
    let shown = show(&Effective::Map(evaluation.resources["B"].properties.clone()));
    insta::assert_snapshot!(shown, @r#"{X: "physical-A/A.Arn", Y: "imported-e", Z: ["resolve:ssm:/z", "x"], S: ?{{resolve:ssm:/s}}}"#);
    assert_eq!(evaluation.resources["B"].references.len(), 2);
}

/// The template's entries, its loops unrolled first: resources with properties, conditions, outputs.
fn unrolled(text: &str, parameters: &[(&str, &str)]) -> String {
    let (surroundings, template) = (surroundings(), Template::parse(text).unwrap());
    let given: IndexMap<_, _> =
        parameters.iter().map(|(name, value)| ((*name).to_owned(), Effective::text(*value))).collect();
    let whole = Evaluator::new(&template, &given, &surroundings, &NothingKnown).unrolled();
    let evaluation = Evaluator::new(&whole, &given, &surroundings, &NothingKnown).evaluate();
    let resources = evaluation.resources.iter();
    let resources = resources
        .map(|(id, it)| format!("{id} {} {}", it.kind, show(&Effective::Map(it.properties.clone()))));
    let conditions = evaluation.conditions.iter().map(|(name, value)| format!("{name} is {value:?}"));
    let outputs = evaluation.outputs.iter().map(|(name, value)| format!("{name} = {}", show(value)));
    let problems = evaluation.problems.iter().map(|problem| format!("! {}", problem.message));
    resources.chain(conditions).chain(outputs).chain(problems).collect::<Vec<_>>().join("\n")
}

const LOOPS: &str = "
Transform: AWS::LanguageExtensions
Parameters: { Names: { Type: CommaDelimitedList } }
Conditions: { 'Fn::ForEach::Cs': [N, !Ref Names, { 'Is${N}': !Equals [!Ref N, a] }] }
Resources:
  A: { Type: A::B, Properties: { 'Fn::ForEach::P': [N, [a, b.c], { 'P&{N}': 'x-${N}' }], Q: 2 } }
  Fn::ForEach::Topics:
    - N
    - !Ref Names
    - 'Topic${N}': { Type: AWS::SNS::Topic, Properties: { TopicName: !Sub '${N}-${AWS::Region}', Same: !Ref N } }
  Fn::ForEach::Outer:
    - X
    - [a, b]
    - Fn::ForEach::Inner: [Y, [1, 2], { 'Queue${X}${Y}': { Type: AWS::SQS::Queue } }]
Outputs:
  Fn::ForEach::Os: [N, !Ref Names, { 'Arn${N}': { Value: !Ref 'Topic${N}' } }]
";

#[test]
fn loops_are_unrolled() {
    insta::assert_snapshot!(unrolled(LOOPS, &[("Names", "a,b")]), @r#"
A A::B {Pa: "x-a", Pbc: "x-b.c", Q: 2}
Topica AWS::SNS::Topic {TopicName: "a-ap-northeast-1", Same: "a"}
Topicb AWS::SNS::Topic {TopicName: "b-ap-northeast-1", Same: "b"}
Queuea1 AWS::SQS::Queue {}
Queuea2 AWS::SQS::Queue {}
Queueb1 AWS::SQS::Queue {}
Queueb2 AWS::SQS::Queue {}
Isa is Some(true)
Isb is Some(false)
Arna = ?${Topica}
Arnb = ?${Topicb}
"#);
}

#[test]
fn loops_of_unknown_length_stay_visibly_unknown() {
    let text = "
Transform: AWS::LanguageExtensions
Parameters: { Names: { Type: 'AWS::SSM::Parameter::Value<CommaDelimitedList>', Default: /names } }
Resources:
  A: { Type: A::B, Properties: { 'Fn::ForEach::P': [N, !Ref Names, { '${N}': 1 }], Q: 2 } }
  Fn::ForEach::Topics: [N, !Ref Names, { 'Topic${N}': { Type: AWS::SNS::Topic } }]
  Fn::ForEach::Wrong: [N, [a], { 'Wrong${N}': { Typo: AWS::SNS::Topic } }]";
    insta::assert_snapshot!(unrolled(text, &[]), @r#"
A A::B {Fn::ForEach::P: ?${Fn::ForEach::P}, Q: 2}
Fn::ForEach::Topics Fn::ForEach {Fn::ForEach::Topics: ?${Fn::ForEach::Topics}}
Fn::ForEach::Wrong Fn::ForEach {Wronga: {Typo: "AWS::SNS::Topic"}}
"#);
}

#[test]
fn a_loop_without_end_stays_as_it_is() {
    let inner = (0..6).rev().fold("{ K: 1 }".to_owned(), |body, depth| {
        format!("{{ 'Fn::ForEach::L{depth}': [N{depth}, [1, 2, 3, 4, 5, 6, 7, 8, 9], {body}] }}")
    });
    let text = format!("Resources: {{ A: {{ Type: A::B, Properties: {inner} }} }}");
    assert_eq!(unrolled(&text, &[]), "A A::B {Fn::ForEach::L0: ?${Fn::ForEach::L0}}");
}

proptest::proptest! {
    #[test]
    fn no_value_panics(text in "[!A-Za-z:${}.,\\[\\]0-9 '\"/-]{0,60}", function in "(Ref|GetAtt|Sub|Join|Select|Split|If|FindInMap|Base64|Cidr|GetAZs|Length)") {
        let text = format!("Conditions: {{ C: !{function} {text} }}\nResources: {{ A: {{ Type: A::B, Properties: {{ X: !{function} {text} }} }} }}");
        if let Ok(template) = Template::parse(&text) {
            let surroundings = surroundings();
            let _: Value = Evaluator::new(&template, &IndexMap::new(), &surroundings, &Echo)
                .evaluate().resources.values().map(|it| Effective::Map(it.properties.clone()).to_json()).collect();
        }
    }
}
