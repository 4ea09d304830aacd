//! Each intrinsic function: what it is given beside what it gives, what it refuses included. `?` is unknown.

use super::tests::value;

/// Each expression and its value.
#[track_caller]
fn table(rows: &[(&str, &str)]) {
    let given: Vec<_> =
        rows.iter().map(|(expression, _)| format!("{expression} => {}", value(expression))).collect();
    let expected: Vec<_> =
        rows.iter().map(|(expression, value)| format!("{expression} => {value}")).collect();
    assert_eq!(given, expected, "{given:#?}");
}

#[test]
fn reference() {
    table(&[
        ("!Ref Size", r#""100""#),
        ("{ Ref: Zones }", r#"["a", "b", "c"]"#),
        ("!Ref Missing", "?${Missing}"),
        ("!Ref Queue", "?${Queue}"),
        ("!Ref AWS::AccountId", r#""123456789012""#),
        ("!Ref AWS::Partition", r#""aws""#),
        ("!Ref AWS::URLSuffix", r#""amazonaws.com""#),
        ("!Ref AWS::StackName", r#""idhub-prod-web""#),
        ("!Ref AWS::NotificationARNs", "[]"),
        ("{ a: !Ref AWS::NoValue, b: 1 }", "{b: 1}"),
        ("{ Ref: [Size] }", "?${Ref} -- `Ref` must have a name"),
        ("!Ref Nothing", "?${Ref} -- `Nothing` is neither a parameter nor a resource"),
        ("!Ref AWS::Nothing", "?${Ref} -- `AWS::Nothing` is neither a parameter nor a resource"),
    ]);
}

#[test]
fn get_att() {
    table(&[
        ("!GetAtt Queue.Arn", "?${Queue.Arn}"),
        ("!GetAtt [Queue, Arn]", "?${Queue.Arn}"),
        ("!GetAtt Queue.Endpoint.Address", "?${Queue.Endpoint.Address}"),
        ("{ 'Fn::GetAtt': [Queue, !Ref Size] }", "?${Queue.100}"),
        ("{ 'Fn::GetAtt': [Queue, !Ref Missing] }", "?GetAtt(Queue, ${Missing}, ${Queue})"),
        ("!GetAtt Size.Arn", "?${Fn::GetAtt} -- `Size` is no resource"),
        ("!GetAtt Gone.Arn", "?${Fn::GetAtt} -- resource `Gone` is left out by its condition"),
        ("!GetAtt [Queue]", "?${Fn::GetAtt} -- `Fn::GetAtt` must have a logical id and an attribute"),
    ]);
}

#[test]
fn sub() {
    table(&[
        ("!Sub plain", r#""plain""#),
        ("!Sub '${Size}-${AWS::Region}'", r#""100-ap-northeast-1""#),
        ("!Sub 'a ${Queue} b ${Queue.Arn}'", "?a ${Queue} b ${Queue.Arn}"),
        ("!Sub ['${x}${Size}', { x: !Ref Missing }]", "?${Missing}100"),
        ("!Sub ['${Size}', { Size: 1 }]", r#""1""#),
        ("!Sub ['${Size}', {}]", r#""100""#),
        ("!Sub '${!Size} $ {Size} $$'", r#""${Size} $ {Size} $$""#),
        ("!Sub '${Password}'", "?****"),
        ("!Sub '${Zones}'", "?${Fn::Sub} -- `Fn::Sub` can only use text"),
        ("!Sub '${Nothing}'", "?${Fn::Sub} -- `Nothing` is neither a parameter nor a resource"),
        ("!Sub '${Nothing.Arn}'", "?${Fn::Sub} -- `Nothing` is no resource"),
        ("!Sub [a, b]", "?${Fn::Sub} -- `Fn::Sub` must have a text and a mapping of variables"),
        ("!Sub { a: b }", "?${Fn::Sub} -- `Fn::Sub` must have a text"),
    ]);
}

#[test]
fn join_and_split() {
    table(&[
        ("!Join ['', [a, 1, true]]", r#""a1true""#),
        ("!Join [',', []]", r#""""#),
        ("!Join [',', [a, !Ref AWS::NoValue]]", r#""a""#),
        ("!Join [',', [a, !Ref Missing]]", "?a,${Missing}"),
        ("!Join [',', !GetAtt Queue.List]", r#"?Join(",", ${Queue.List})"#),
        ("!Join [',', !Split ['-', a-b]]", r#""a,b""#),
        ("!Join [',', [{ a: b }]]", "?${Fn::Join} -- `Fn::Join` can only use text"),
        ("!Join [',', a]", "?${Fn::Join} -- the second of `Fn::Join` must be a list"),
        ("!Split [',', 'a,,b']", r#"["a", "", "b"]"#),
        ("!Split [',', a]", r#"["a"]"#),
        ("!Split [',', !Ref Missing]", r#"?Split(",", ${Missing})"#),
        ("!Split [!Ref Missing, a]", "?Split(${Missing}, a)"),
        ("!Split ['', a]", "?${Fn::Split} -- the first of `Fn::Split` must be a text that is not empty"),
        ("!Split [',', [a]]", "?${Fn::Split} -- the second of `Fn::Split` must be text"),
        ("!Split [',']", "?${Fn::Split} -- `Fn::Split` takes a list of 2 values"),
    ]);
}

#[test]
fn select() {
    table(&[
        ("!Select [0, [a, b]]", r#""a""#),
        ("!Select ['1', [a, b]]", r#""b""#),
        ("!Select [1, !Ref Zones]", r#""b""#),
        ("!Select [1, [a, !Ref Missing]]", "?${Missing}"),
        ("!Select [0, !GetAtt Queue.List]", "?${Queue.List}[0]"),
        ("!Select [!Ref Missing, [a]]", r#"?Select(${Missing}, ["a"])"#),
        ("!Select [2, [a, b]]", "?${Fn::Select} -- `Fn::Select` asks for index 2 of a list of 2"),
        ("!Select [a, [a]]", "?${Fn::Select} -- the first of `Fn::Select` must be an index from 0"),
        ("!Select [0, a]", "?${Fn::Select} -- the second of `Fn::Select` must be a list"),
        ("!Select [0]", "?${Fn::Select} -- `Fn::Select` takes a list of 2 values"),
    ]);
}

#[test]
fn choice() {
    table(&[
        ("!If [Always, { a: !If [Never, 1, 2] }, 3]", "{a: 2}"),
        ("!If [Perhaps, 1, 1]", "1"),
        ("!If [Perhaps, 1, 2]", "?${Fn::If Perhaps}"),
        ("[!If [Never, 1, !Ref AWS::NoValue], 2]", "[2]"),
        ("!If [Always, 1]", "?${Fn::If} -- `Fn::If` must have a condition and two values"),
        ("!If [!Ref Size, 1, 2]", "?${Fn::If} -- the first of `Fn::If` must be the name of a condition"),
        ("!If [Nowhere, 1, 2]", "?${Fn::If Nowhere} -- condition `Nowhere` is not declared"),
    ]);
}

#[test]
fn find_in_map() {
    table(&[
        ("!FindInMap [Sizes, prod, type]", r#""m7i.large""#),
        ("!FindInMap [Sizes, !Sub 'prod', zones]", r#"["a", "c"]"#),
        ("!FindInMap [Sizes, !Ref Missing, type]", "?FindInMap(Sizes, ${Missing}, type)"),
        ("!FindInMap [Sizes, dev, type, { DefaultValue: !Ref Size }]", r#""100""#),
        ("!FindInMap [Nowhere, dev, type, { DefaultValue: x }]", r#""x""#),
        (
            "!FindInMap [Sizes, dev, type]",
            "?${Fn::FindInMap} -- `Fn::FindInMap` finds nothing at Sizes, dev, type: Sizes has no dev, but prod",
        ),
        (
            "!FindInMap [Nowhere, prod, type]",
            "?${Fn::FindInMap} -- `Fn::FindInMap` finds nothing at Nowhere, prod, type: there is no mapping Nowhere, but Sizes",
        ),
        (
            "!FindInMap [Sizes, prod, kind]",
            "?${Fn::FindInMap} -- `Fn::FindInMap` finds nothing at Sizes, prod, kind: prod has no kind, but type, zones",
        ),
        ("!FindInMap [Sizes, prod]", "?${Fn::FindInMap} -- `Fn::FindInMap` takes a list of 3 or 4 values"),
    ]);
}

#[test]
fn base64_length_and_json() {
    table(&[
        ("!Base64 ''", r#""""#),
        ("!Base64 あ", r#""44GC""#),
        ("!Base64 { 'Fn::Sub': 'run ${Size}' }", r#""cnVuIDEwMA==""#),
        ("!Base64 { 'Fn::Sub': 'run ${Queue}' }", "?run ${Queue}"),
        ("!Base64 [a]", "?${Fn::Base64} -- `Fn::Base64` must have text"),
        ("{ 'Fn::Length': [1, 2, 3] }", "3"),
        ("{ 'Fn::Length': !GetAtt Queue.List }", "?Length(${Queue.List})"),
        ("{ 'Fn::Length': abc }", "?${Fn::Length} -- `Fn::Length` must have a list"),
        ("{ 'Fn::ToJsonString': [1, a, true] }", r#""[1,\"a\",true]""#),
        ("{ 'Fn::ToJsonString': { a: !Ref Queue } }", r#"?{"a":"${Queue}"}"#),
        ("{ 'Fn::ToJsonString': { a: !Ref AWS::NoValue } }", r#""{}""#),
        (
            "{ 'Fn::ToJsonString': a }",
            "?${Fn::ToJsonString} -- `Fn::ToJsonString` must have a mapping or a list",
        ),
    ]);
}

#[test]
fn addresses_and_zones() {
    table(&[
        ("!Cidr [10.0.0.0/24, 2, 5]", r#"["10.0.0.0/27", "10.0.0.32/27"]"#),
        ("!Cidr [10.0.0.7/16, 1]", r#"["10.0.0.0/24"]"#),
        ("!Cidr [!GetAtt Queue.Block, 2, 5]", "?Cidr(${Queue.Block}, 2, 5)"),
        ("!Select [0, !Cidr [!Ref Missing, 2]]", "?Cidr(${Missing}, 2, 8)[0]"),
        ("!Cidr [10.0.0.0/16, 0]", "?${Fn::Cidr} -- `10.0.0.0/16` has no room for 0 blocks of 8 bits"),
        ("!Cidr [10.0.0.0/16, 257]", "?${Fn::Cidr} -- `10.0.0.0/16` has no room for 257 blocks of 8 bits"),
        ("!Cidr [10.0.0.0, 1]", "?${Fn::Cidr} -- `10.0.0.0` is no address block such as 10.0.0.0/16"),
        ("!Cidr [10.0.0.0/16, a]", "?${Fn::Cidr} -- the second of `Fn::Cidr` must be a number"),
        ("!GetAZs ''", r#"["ap-northeast-1a", "ap-northeast-1c"]"#),
        ("!GetAZs { Ref: 'AWS::Region' }", r#"["ap-northeast-1a", "ap-northeast-1c"]"#),
        ("!Select [0, !GetAZs us-east-1]", "?${GetAZs us-east-1}[0]"),
        ("!GetAZs [a]", "?${Fn::GetAZs} -- `Fn::GetAZs` must have a region or empty text"),
    ]);
}

#[test]
fn what_comes_from_elsewhere() {
    table(&[
        ("!ImportValue a", "?${ImportValue a}"),
        ("!ImportValue { 'Fn::Sub': '${AWS::StackName}-a' }", "?${ImportValue idhub-prod-web-a}"),
        ("!ImportValue { Ref: Missing }", "?ImportValue(${Missing})"),
        ("!ImportValue [a]", "?${Fn::ImportValue} -- `Fn::ImportValue` must have a name"),
        (
            "{ 'Fn::GetStackOutput': { StackName: !Sub '${Size}-net', OutputName: Vpc } }",
            "?${GetStackOutput 100-net.Vpc}",
        ),
        (
            "{ 'Fn::GetStackOutput': { StackName: a } }",
            "?${Fn::GetStackOutput} -- `Fn::GetStackOutput` must have `StackName` and `OutputName`",
        ),
        (
            "{ 'Fn::Transform': { Name: AWS::Include, Parameters: { Location: s3://a/b } } }",
            "?${Fn::Transform}",
        ),
        ("{ a: 1, 'Fn::Transform': { Name: My } }", "{a: 1, Fn::Transform: ?${Fn::Transform}}"),
        ("'{{resolve:ssm:/a:1}}'", "?{{resolve:ssm:/a:1}}"),
        ("!Join ['', ['{{resolve:', 'ssm:/a:1}}']]", "?{{resolve:ssm:/a:1}}"),
        ("!Ref Image", "?{{resolve:ssm:/images/web}}"),
    ]);
}

/// A condition of this expression, and what `Fn::If` makes of it.
fn condition(expression: &str) -> String {
    let text = format!(
        "
Parameters: {{ Size: {{ Type: Number, Default: 100 }}, Missing: {{ Type: String }} }}
Conditions:
  Always: !Equals [a, a]
  Never: !Equals [a, b]
  Perhaps: !Equals [!Ref Missing, x]
  It: {expression}
Resources: {{ A: {{ Type: A::B }} }}"
    );
    let evaluation = super::tests::evaluate(&text, &[]);
    let problems = evaluation.problems.iter().filter(|problem| problem.pointer == "/Conditions/It");
    let problems: Vec<_> = problems.map(|problem| problem.message.as_str()).collect();
    let value = evaluation.conditions["It"].map_or("unknown".to_owned(), |value| value.to_string());
    [&[value.as_str()], problems.as_slice()].concat().join(" -- ")
}

#[test]
fn conditions() {
    let many = |function: &str, count: usize| {
        format!("!{function} [{}]", vec!["Condition: Always"; count].join(", "))
    };
    for (expression, expected) in [
        ("!Equals [1, '1']", "true"),
        ("!Equals [true, 'true']", "true"),
        ("!Equals [a, A]", "false"),
        ("!Equals [[a, 1], [a, 1]]", "true"),
        ("!Equals [!Ref Size, 100]", "true"),
        ("!Equals [!Ref Missing, x]", "unknown"),
        ("!Equals [a]", "unknown -- `{\"Fn::Equals\":[\"a\"]}` is no condition"),
        ("!Not [!Condition Always]", "false"),
        ("!Not [!Condition Perhaps]", "unknown"),
        (
            "!Not [!Condition Always, !Condition Never]",
            "unknown -- `{\"Fn::Not\":[{\"Condition\":\"Always\"},{\"Condition\":\"Never\"}]}` is no condition",
        ),
        ("!And [!Condition Always, !Condition Always]", "true"),
        ("!And [!Condition Never, !Condition Perhaps]", "false"),
        ("!And [!Condition Always, !Condition Perhaps]", "unknown"),
        ("!Or [!Condition Always, !Condition Perhaps]", "true"),
        ("!Or [!Condition Never, !Condition Perhaps]", "unknown"),
        ("!Or [!Condition Never, !Not [!Condition Always]]", "false"),
        ("!Condition Always", "true"),
        ("{ Condition: Never }", "false"),
        ("!Condition Nowhere", "unknown -- condition `Nowhere` is not declared"),
        (&many("And", 1), "unknown -- `Fn::And` takes a list of 2 to 10 conditions"),
        (&many("Or", 11), "unknown -- `Fn::Or` takes a list of 2 to 10 conditions"),
        (&many("Or", 10), "true"),
        ("!Ref Size", "unknown -- `{\"Ref\":\"Size\"}` is no condition"),
    ] {
        assert_eq!(condition(expression), expected, "{expression}");
    }
}
