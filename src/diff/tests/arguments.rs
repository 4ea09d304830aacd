//! Every argument of every function, where another one is unknown: one that differs is a difference.

use super::*;

/// What becomes of a property that a change replaces, where its value was and is that.
fn outcome(before: &str, after: &str) -> &'static str {
    let template = |value: &str, perhaps: &str, size: &str| {
        format!(
            "
Parameters:
  Missing: {{ Type: String }}
  Other: {{ Type: String }}
Mappings: {{ Sizes: {{ dev: {{ block: {size}, name: b }}, prod: {{ block: c, name: d }} }} }}
Conditions:
  Perhaps: {perhaps}
  Perchance: !Or [!Condition Perhaps, !Equals [!Ref Other, b]]
Resources:
  Vpc: {{ Type: AWS::EC2::VPC, Properties: {{ CidrBlock: 10.0.0.0/16 }} }}
  Subnet: {{ Type: AWS::EC2::Subnet, Properties: {{ VpcId: vpc-1, CidrBlock: {value} }} }}
"
        )
    };
    let part = |text: &str, mark: &str, or: &str| {
        text.split_once(mark).map_or(or.to_owned(), |(_, part)| part.trim().to_owned())
    };
    let side = |text: &str| {
        let value = text.split(" where ").next().unwrap_or_default();
        template(
            value,
            &part(text, " where Perhaps is ", "!Equals [!Ref Missing, x]"),
            &part(text, " where Sizes has ", "a"),
        )
    };
    match diff(&side(before), &side(after)).resource("Subnet").map(|subnet| (subnet.change, subnet.certainty))
    {
        None => "nothing",
        Some((crate::diff::Change::Replace, crate::diff::Certainty::Certain)) => "replaced",
        Some((crate::diff::Change::MayReplace, _)) => "may be replaced",
        Some(_) => "something else",
    }
}

/// Each expression stays as it is against itself.
#[track_caller]
fn table(rows: &[(&str, &str, &str)]) {
    let told = |(before, after, expected): &(&str, &str, &str)| {
        assert_eq!(outcome(before, before), "nothing", "{before}");
        assert_eq!(outcome(after, after), "nothing", "{after}");
        let found = outcome(before, after);
        (found != *expected).then(|| format!("{before} => {after}: {found}, not {expected}"))
    };
    let wrong: Vec<_> = rows.iter().filter_map(told).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn an_argument_beside_an_unknown_one_is_seen() {
    let (cidr, json) = (
        "!Select [0, !Cidr [!GetAtt Vpc.Block, 4, 8]]",
        "{ 'Fn::ToJsonString': { a: !GetAtt Vpc.A, b: 1 } }",
    );
    table(&[
        (cidr, "!Select [0, !Cidr [!GetAtt Vpc.Other, 4, 8]]", "replaced"),
        (cidr, "!Select [0, !Cidr [!GetAtt Vpc.Block, 5, 8]]", "replaced"),
        (cidr, "!Select [0, !Cidr [!GetAtt Vpc.Block, 4, 7]]", "replaced"),
        (cidr, "!Select [1, !Cidr [!GetAtt Vpc.Block, 4, 8]]", "replaced"),
        (cidr, "!Select ['0', !Cidr [!GetAtt Vpc.Block, '4']]", "nothing"),
        ("!Cidr [!Ref Missing, 4, 8]", "!Cidr [!Ref Missing, 4, 7]", "replaced"),
        ("!Cidr [10.0.0.0/16, !Ref Missing, 8]", "!Cidr [10.1.0.0/16, !Ref Missing, 8]", "replaced"),
        ("!Cidr [10.0.0.0/16, !Ref Missing, 8]", "!Cidr [10.0.0.0/16, !Ref Missing, 9]", "replaced"),
        ("!Split [',', !GetAtt Vpc.A]", "!Split [';', !GetAtt Vpc.A]", "replaced"),
        ("!Split [!Ref Missing, a]", "!Split [!Ref Missing, b]", "replaced"),
        ("!Join [',', !GetAtt Vpc.L]", "!Join [';', !GetAtt Vpc.L]", "replaced"),
        ("!Join [',', !GetAtt Vpc.L]", "!Join [',', !GetAtt Vpc.M]", "replaced"),
        ("!Join [!Ref Missing, [a, b]]", "!Join [!Ref Missing, [a, c]]", "replaced"),
        ("!Join [',', [!GetAtt Vpc.A, a]]", "!Join [';', [!GetAtt Vpc.A, a]]", "replaced"),
        ("!Join ['', [a, !GetAtt Vpc.A]]", "!Sub 'a${Vpc.A}'", "nothing"),
        ("!Select [0, !GetAtt Vpc.L]", "!Select [1, !GetAtt Vpc.L]", "replaced"),
        ("!Select [!Ref Missing, [a, b]]", "!Select [!Ref Missing, [a, c]]", "replaced"),
        (
            "!Sub ['${a}-${b}', { a: !GetAtt Vpc.A, b: 1 }]",
            "!Sub ['${a}-${b}', { a: !GetAtt Vpc.A, b: 2 }]",
            "replaced",
        ),
        ("!Sub ['${a}-', { a: !GetAtt Vpc.A }]", "!Sub ['${a}+', { a: !GetAtt Vpc.A }]", "replaced"),
        ("!Sub ['${a}-', { a: !GetAtt Vpc.A }]", "!Sub '${Vpc.A}-'", "nothing"),
        ("!Sub '${Vpc.A} ${!Vpc.B}'", "!Sub '${Vpc.A} ${Vpc.B}'", "replaced"),
        ("!Base64 { Ref: Missing }", "!Base64 { Ref: Other }", "may be replaced"),
        ("!Base64 { Ref: Missing }", "!Ref Missing", "replaced"),
        ("{ 'Fn::Length': !GetAtt Vpc.L }", "{ 'Fn::Length': !GetAtt Vpc.M }", "replaced"),
        (json, "{ 'Fn::ToJsonString': { a: !GetAtt Vpc.A, b: 2 } }", "replaced"),
        (json, "{ 'Fn::ToJsonString': { b: '1', a: !GetAtt Vpc.A } }", "nothing"),
        (
            "{ 'Fn::GetAtt': [Vpc, !Ref Missing] }",
            "{ 'Fn::GetAtt': [Subnet2, !Ref Missing] }",
            "may be replaced",
        ),
    ]);
}

#[test]
fn a_choice_among_other_things_may_come_to_the_same() {
    let found = "!FindInMap [Sizes, !Ref Missing, block]";
    table(&[
        (found, "!FindInMap [Sizes, !Ref Missing, name]", "may be replaced"),
        (found, "!FindInMap [Sizes, !Ref Other, block]", "may be replaced"),
        (found, "!FindInMap [Sizes, !Ref Missing, block] where Sizes has z", "may be replaced"),
        (
            "!FindInMap [!Ref Missing, dev, block]",
            "!FindInMap [!Ref Missing, prod, block]",
            "may be replaced",
        ),
        (
            "!FindInMap [Sizes, dev, !Ref Missing]",
            "!FindInMap [Sizes, prod, !Ref Missing]",
            "may be replaced",
        ),
        (
            "!FindInMap [Sizes, !Ref Missing, block, { DefaultValue: a }]",
            "!FindInMap [Sizes, !Ref Missing, block, { DefaultValue: b }]",
            "may be replaced",
        ),
        ("!If [Perhaps, a, b]", "!If [Perhaps, a, c]", "may be replaced"),
        ("!If [Perhaps, a, b]", "!If [Perhaps, c, b]", "may be replaced"),
        ("!If [Perhaps, a, b]", "!If [Perhaps, b, a]", "may be replaced"),
        (
            "!If [Perhaps, a, b]",
            "!If [Perhaps, a, b] where Perhaps is !Equals [!Ref Missing, y]",
            "may be replaced",
        ),
        (
            "!If [Perhaps, a, b]",
            "!If [Perhaps, a, b] where Perhaps is !Equals [!Ref Other, x]",
            "may be replaced",
        ),
        (
            "!If [Perchance, a, b]",
            "!If [Perchance, a, b] where Perhaps is !Equals [!Ref Other, x]",
            "may be replaced",
        ),
        (
            "!If [Perhaps, a, !GetAtt Vpc.A]",
            "!If [Perhaps, a, !Select [0, !GetAtt Vpc.A]]",
            "may be replaced",
        ),
        ("!If [Perhaps, a, a]", "a", "nothing"),
    ]);
}

#[test]
fn what_comes_from_elsewhere_is_told_from_other_such_things() {
    let (output, include) = (
        "{ 'Fn::GetStackOutput': { StackName: net, OutputName: A } }",
        "{ 'Fn::Transform': { Name: AWS::Include, Parameters: { Location: s3://a/b } } }",
    );
    table(&[
        ("!ImportValue a", "!ImportValue b", "may be replaced"),
        ("!ImportValue { Ref: Missing }", "!ImportValue { Ref: Other }", "may be replaced"),
        (
            "!ImportValue { 'Fn::Sub': '${Missing}-a' }",
            "!ImportValue { 'Fn::Sub': '${Missing}-b' }",
            "replaced",
        ),
        ("!GetAZs us-east-1", "!GetAZs us-east-2", "may be replaced"),
        ("!GetAZs { Ref: Missing }", "!GetAZs { Ref: Other }", "may be replaced"),
        (output, "{ 'Fn::GetStackOutput': { StackName: net, OutputName: B } }", "may be replaced"),
        (output, "{ 'Fn::GetStackOutput': { StackName: net2, OutputName: A } }", "may be replaced"),
        (
            output,
            "{ 'Fn::GetStackOutput': { StackName: net, OutputName: A, Region: us-east-1 } }",
            "replaced",
        ),
        (
            include,
            "{ 'Fn::Transform': { Name: AWS::Include, Parameters: { Location: s3://a/c } } }",
            "replaced",
        ),
        (include, "{ 'Fn::Transform': { Name: Mine, Parameters: { Location: s3://a/b } } }", "replaced"),
        ("'{{resolve:ssm:/a}}'", "'{{resolve:ssm:/b}}'", "replaced"),
    ]);
}
