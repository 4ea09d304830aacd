//! What the schemas refuse of properties, a line each.

use indexmap::IndexMap;

use super::{Fault, Wrong};
use crate::cfn::registry::resource_type;
use crate::cfn::{Evaluator, NothingKnown, Surroundings, Template};

/// What is refused of the properties of a type, a line each.
fn judged(kind: &str, properties: &str) -> Vec<String> {
    let text = format!(
        "Parameters: {{ P: {{ Type: String }}, L: {{ Type: CommaDelimitedList }} }}\n\
         Conditions: {{ Yes: !Equals [a, a], Open: !Equals [!Ref P, a] }}\n\
         Resources: {{ R: {{ Type: {kind}, Properties: {properties} }}, O: {{ Type: AWS::SNS::Topic }} }}\n"
    );
    let template = Template::parse(&text).unwrap_or_else(|error| panic!("{error}: {text}"));
    let surroundings = Surroundings::default();
    let evaluator = Evaluator::new(&template, &IndexMap::new(), &surroundings, &NothingKnown);
    let faults = resource_type(kind).unwrap().judge(&evaluator.resource("R").unwrap().properties);
    faults.iter().map(line).collect()
}

fn line(Fault { path, wrong }: &Fault) -> String {
    let words = match wrong {
        Wrong::Unknown(_) => "unknown".to_owned(),
        Wrong::ReadOnly => "read-only".to_owned(),
        Wrong::Missing(key) => format!("lacks {key}"),
        Wrong::MissingOne(keys) => format!("lacks one of {}", keys.join(", ")),
        Wrong::Both(one, other) => format!("has both {one} and {other}"),
        Wrong::Needs(key, other) => format!("{key} needs {other}"),
        Wrong::Type(expected, found) => format!("{found}, not {expected}"),
        Wrong::Enum(known) => format!("one of {}", known.len()),
        Wrong::Pattern(pattern) => pattern.clone(),
        Wrong::Range(words) => words.clone(),
        Wrong::Twice => "twice".to_owned(),
        Wrong::NoChoice => "no choice".to_owned(),
        Wrong::ManyChoices => "many choices".to_owned(),
    };
    format!("{}: {words}", path.join("/"))
}

#[test]
fn properties_are_held_against_the_schema_of_their_type() {
    for (kind, properties, expected) in [
        // names
        ("AWS::SNS::Topic", "{ DisplayNmae: x }", "DisplayNmae: unknown"),
        ("AWS::SNS::Topic", "{ Tags: [{ Key: a, Valeu: b }] }", "Tags/0/Valeu: unknown; Tags/0: lacks Value"),
        ("AWS::SNS::Topic", "{ TopicArn: x }", "TopicArn: read-only"),
        ("AWS::EC2::Subnet", "{ CidrBlock: 10.0.0.0/24 }", ": lacks VpcId"),
        ("AWS::RDS::DBSubnetGroup", "{ SubnetIds: [a, b] }", ": lacks DBSubnetGroupDescription"),
        // what comes to nothing does not stand there
        ("AWS::EC2::Subnet", "{ CidrBlock: 10.0.0.0/24, VpcId: !Ref AWS::NoValue }", ": lacks VpcId"),
        ("AWS::EC2::Subnet", "{ CidrBlock: 10.0.0.0/24, VpcId: !If [Open, a, !Ref AWS::NoValue] }", ""),
        // types, as leniently as the service takes them
        ("AWS::SQS::Queue", "{ DelaySeconds: '80', FifoQueue: 'true', QueueName: 12 }", ""),
        ("AWS::SQS::Queue", "{ DelaySeconds: soon }", "DelaySeconds: text, not a whole number"),
        ("AWS::SQS::Queue", "{ FifoQueue: yep }", "FifoQueue: text, not `true` or `false`"),
        ("AWS::SQS::Queue", "{ Tags: { Key: a, Value: b } }", "Tags: a mapping, not a list"),
        ("AWS::SQS::Queue", "{ QueueName: [a] }", "QueueName: a list, not text"),
        ("AWS::EC2::Instance", "{ SecurityGroupIds: sg-1 }", "SecurityGroupIds: text, not a list"),
        ("AWS::EC2::Instance", "{ SecurityGroupIds: !Ref L, ImageId: !Ref P }", ""),
        // policies are a mapping of anything
        (
            "AWS::SQS::QueuePolicy",
            "{ Queues: [a], PolicyDocument: { Statement: [{ Any: { Thing: 1 } }] } }",
            "",
        ),
        // values
        (
            "AWS::DynamoDB::Table",
            "{ KeySchema: [], BillingMode: PAY }",
            "KeySchema: at least 1 item; BillingMode: one of 2",
        ),
        ("AWS::Logs::LogGroup", "{ RetentionInDays: 31 }", "RetentionInDays: one of 22"),
        ("AWS::Logs::LogGroup", "{ RetentionInDays: '30' }", ""),
        ("AWS::Logs::LogGroup", "{ LogGroupName: 'a b' }", "LogGroupName: ^[.\\-_/#A-Za-z0-9]{1,512}\\Z"),
        (
            "AWS::Lambda::Function",
            "{ Code: { ZipFile: x }, Role: 'arn:aws:iam::123456789012:role/x', MemorySize: 64 }",
            "MemorySize: from 128 to 32768",
        ),
        ("AWS::KMS::Alias", "{ AliasName: alias/x, TargetKeyId: '' }", "TargetKeyId: at least 1 character"),
        // what only the deployment knows holds
        ("AWS::SNS::Topic", "{ DisplayName: !GetAtt O.TopicName, Tags: !If [Open, [], { a: b }] }", ""),
        ("AWS::SQS::Queue", "{ QueueName: '{{resolve:ssm:/a}}', DelaySeconds: '{{resolve:ssm:/b:1}}' }", ""),
        // alternatives
        ("AWS::Lambda::Permission", "{ Action: '*', FunctionName: b }", ": lacks Principal"),
    ] {
        assert_eq!(judged(kind, properties).join("; "), expected, "{kind} {properties}");
    }
}
