//! What an update refuses, as the diff tells it.

use super::{deployed, diff_stack, side};

/// The refusals of an update from one set of resources to another.
fn refused(before: &str, after: &str) -> String {
    let [before, after] = [before, after].map(|resources| format!("Resources:\n{resources}"));
    let diff = diff_stack(&side(&after, &[]), Some(&deployed(&before, &[])));
    diff.refused.iter().map(|it| it.message.clone()).collect::<Vec<_>>().join("\n")
}

#[test]
fn an_image_part_with_another_body_needs_another_version() {
    for (kind, body) in [
        ("Component", "Data"),
        ("ImageRecipe", "ParentImage"),
        ("ContainerRecipe", "DockerfileTemplateData"),
        ("Workflow", "Data"),
    ] {
        let part = |version: &str, value: &str| {
            format!(
                "  Part: {{ Type: 'AWS::ImageBuilder::{kind}', Properties: {{ Name: tool, Version: {version}, {body}: {value} }} }}\n"
            )
        };
        assert_eq!(
            refused(&part("1.0.0", "one"), &part("1.0.0", "two")),
            "`Part` is replaced and keeps the name `tool` and the version `1.0.0`, which an update refuses: raise its `Version`",
            "{kind}"
        );
        for version in ["1.0.1", "1.0.x"] {
            assert_eq!(refused(&part("1.0.0", "one"), &part(version, "two")), "", "{kind} {version}");
        }
        assert_eq!(refused(&part("1.0.x", "one"), &part("1.0.x", "two")), "", "{kind}");
    }
}

#[test]
fn a_custom_resource_keeps_its_function() {
    let made = |kind: &str, token: &str, more: &str| {
        format!("  A: {{ Type: {kind}, Properties: {{ ServiceToken: {token}{more} }} }}\n")
    };
    let told = "`A` gets another `ServiceToken`, which an update refuses: give it another logical id, or keep the function";
    for kind in ["Custom::Thing", "AWS::CloudFormation::CustomResource"] {
        assert_eq!(refused(&made(kind, "arn:a", ""), &made(kind, "arn:b", "")), told);
        assert_eq!(refused(&made(kind, "arn:a", ""), &made(kind, "arn:a", ", Size: 2")), "");
    }
    let function = |name: &str| {
        format!(
            "  F: {{ Type: AWS::Lambda::Function, Properties: {{ FunctionName: {name}, Role: r, Code: {{ ZipFile: x }} }} }}\n{}",
            made("Custom::Thing", "!GetAtt F.Arn", "")
        )
    };
    assert_eq!(refused(&function("one"), &function("two")), told);
    // A property of another type that is called so is nothing special.
    assert_eq!(refused(&made("AWS::SQS::Queue", "a", ""), &made("AWS::SQS::Queue", "b", "")), "");
}

#[test]
fn a_name_is_taken_while_any_resource_has_it() {
    let queue = |id: &str, name: &str, more: &str| {
        format!("  {id}: {{ Type: AWS::SQS::Queue, Properties: {{ QueueName: {name} }}{more} }}\n")
    };
    let both = |one: &str, other: &str| queue("One", one, "") + &queue("Other", other, "");
    let cases = [
        // Names that two resources change, one for the other's.
        (both("a", "b"), both("b", "a")),
        // One that stays has it.
        (queue("One", "a", ""), both("a", "a")),
        // Two new ones have it.
        (queue("Kept", "k", ""), queue("Kept", "k", "") + &both("a", "a")),
        // The old one stays in the account.
        (
            queue("Kept", "k", "") + &queue("One", "a", ", DeletionPolicy: Retain"),
            queue("Kept", "k", "") + &queue("Other", "a", ""),
        ),
        // Another name is free.
        (queue("One", "a", ""), both("a", "b")),
    ];
    let told: Vec<String> = cases.iter().map(|(before, after)| refused(before, after)).collect();
    insta::assert_snapshot!(told.join("\n--\n"), @"
    `One` is made while `Other` still has the name `b`, which an update refuses: give it another `QueueName`
    `Other` is made while `One` still has the name `a`, which an update refuses: give it another `QueueName`
    --
    `Other` is made while `One` still has the name `a`, which an update refuses: give it another `QueueName`
    --
    `Other` is made while `One` still has the name `a`, which an update refuses: give it another `QueueName`
    --
    `Other` is made while `One` still has the name `a`, which an update refuses: give it another `QueueName`
    --
    ");
}
