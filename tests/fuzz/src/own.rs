//! A team's own template with values exchanged: judged beside a sound environment, evaluated, and compared with what is
//! deployed. The value of its password is on both sides, and on no screen.

use std::sync::LazyLock;

use asagi::cfn::Effective;
use asagi::diff::render::{Palette, human, json, markdown};
use asagi::diff::{Side, diff_removed_stack, diff_stack, within};
use serde_json::{Value, json};

use super::seen::shows_as_itself;
use super::template::{as_own_stack, as_stack};
use super::values::edits;

/// The value of the password.
pub const SECRET: &str = "planted-Qz7-in-no-output";

/// One of everything that can be evaluated.
static SOUND: LazyLock<Value> = LazyLock::new(|| {
    json!({
        "AWSTemplateFormatVersion": "2010-09-09",
        "Transform": "AWS::LanguageExtensions",
        "Parameters": {
            "Password": { "Type": "String", "NoEcho": true, "MinLength": 8 },
            "VpcId": { "Type": "AWS::EC2::VPC::Id" },
            "Names": { "Type": "CommaDelimitedList", "Default": "a,b,c" },
            "Size": { "Type": "Number", "Default": "3", "AllowedValues": ["1", "3"] },
        },
        "Mappings": { "M": { "ap-northeast-1": { "x": "1", "y": ["2", "3"] } } },
        "Conditions": {
            "Big": { "Fn::And": [{ "Fn::Equals": [{ "Ref": "Size" }, "3"] }, { "Fn::Not": [{ "Condition": "Off" }] }] },
            "Off": { "Fn::Or": [{ "Fn::Equals": [{ "Ref": "AWS::Region" }, "x"] }, { "Fn::Equals": ["a", "b"] }] },
        },
        "Resources": {
            "Table": {
                "Type": "AWS::DynamoDB::Table", "DeletionPolicy": "Retain", "UpdateReplacePolicy": "Retain",
                "Properties": {
                    "TableName": { "Fn::Sub": ["${A}-${AWS::StackName}", { "A": { "Fn::Select": ["1", { "Ref": "Names" }] } }] },
                    "BillingMode": { "Fn::If": ["Big", "PAY_PER_REQUEST", { "Ref": "AWS::NoValue" }] },
                    "Tags": [{ "Key": "k", "Value": { "Fn::FindInMap": ["M", { "Ref": "AWS::Region" }, "x"] } }],
                },
            },
            "Instance": {
                "Type": "AWS::RDS::DBInstance", "DependsOn": ["Table"], "Condition": "Big", "DeletionPolicy": "Snapshot",
                "Properties": {
                    "MasterUserPassword": { "Ref": "Password" },
                    "DBName": { "Fn::Join": ["", { "Fn::Split": [",", { "Fn::GetAtt": ["Table", "Arn"] }] }] },
                    "Port": { "Fn::Length": { "Ref": "Names" } },
                    "Options": { "Fn::ToJsonString": { "b": { "Fn::Base64": "x" }, "c": { "Fn::Cidr": ["10.0.0.0/16", 4, 8] } } },
                    "AvailabilityZone": { "Fn::Select": [0, { "Fn::GetAZs": "" }] },
                },
            },
            "Fn::ForEach::Each": ["N", { "Ref": "Names" }, {
                "Log${N}": { "Type": "AWS::Logs::LogGroup", "Properties": { "LogGroupName": { "Fn::Sub": "/x/${N}" }, "RetentionInDays": 7 } },
            }],
        },
        "Outputs": { "Arn": { "Value": { "Fn::GetAtt": "Table.Arn" }, "Export": { "Name": { "Fn::Sub": "${AWS::StackName}-arn" } } } },
    })
});

pub fn run(data: &[u8]) {
    let mut edited = SOUND.clone();
    edits(&mut edited, data);
    let text = serde_json::to_string_pretty(&edited).expect("JSON can be written");
    as_own_stack(&text, &format!("Password: {SECRET}, VpcId: {{ output: network.VpcId }}"));
    let deployed = side(&SOUND.to_string()).expect("it is sound");
    let Some(desired) = side(&text) else { return };
    let diffs = [
        diff_stack(&desired, Some(&deployed)),
        diff_stack(&deployed, Some(&desired)),
        diff_stack(&desired, None),
        diff_removed_stack(&desired),
    ];
    for diff in &diffs {
        let predicted = diff.predicted();
        let beyond = within(&predicted, &predicted);
        assert!(beyond.is_empty(), "a prediction holds itself: {beyond:?}");
    }
    assert!(diff_stack(&desired, Some(&desired)).predicted().is_empty());
    // What was never marked as a secret on any side is none.
    let is_secret = edited.pointer("/Parameters/Password/NoEcho") == Some(&Value::Bool(true));
    let shown = if is_secret { diffs.as_slice() } else { &diffs[..2] };
    let screen = human(shown, &Palette::plain());
    let comment = markdown("fuzz", shown, &[]);
    shows_as_itself(screen.as_str());
    for text in [screen.as_str(), comment.as_str(), &json(shown).to_string()] {
        assert!(!text.contains(SECRET), "{text}");
    }
}

/// The template as a stack, with the password.
fn side(text: &str) -> Option<Side> {
    let parameters = [("Password", SECRET), ("VpcId", "vpc-0123456789abcdef0")];
    as_stack(
        text,
        parameters.map(|(name, value)| (name.to_owned(), Effective::text(value))).into_iter().collect(),
    )
}
