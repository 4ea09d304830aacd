//! Template text in, template or complaint out.

use serde_json::json;

use crate::cfn::Template;

const QUEUE: &str = "Resources: { Queue: { Type: AWS::SQS::Queue } }\n";

fn complaint(text: &str) -> String {
    match Template::parse(text) {
        Ok(template) => panic!("read: {template:?}"),
        Err(error) => format!("{}: {}", error.pointer, error.message),
    }
}

#[test]
fn misfits_are_told_with_their_pointer() {
    for (text, expected) in [
        ("", ": the template must be a mapping, not nothing"),
        ("- 1", ": the template must be a mapping, not a list"),
        ("a: [", ": `[` is never closed (line 1)"),
        ("Resources: []", "/Resources: `Resources` must be a mapping, not a list"),
        ("Resources: {}", "/Resources: a template must have at least one resource in `Resources`"),
        ("Description: x", "/Resources: a template must have at least one resource"),
        ("Resources: { A: { Typ: x } }", "/Resources/A/Typ: `Typ` is not known here; known are Type, "),
        ("Resources: { A: {} }", "/Resources/A: resource `A` must have a `Type`"),
        ("Resources: { A: { Type: [x] } }", "/Resources/A/Type: `Type` must be text, not a list"),
        (
            "Resources: { A: { Type: x } }",
            "/Resources/A/Type: `x` is no resource type such as `AWS::EC2::VPC`",
        ),
        (
            "Resources: { A: { Type: A::B, Properties: 1 } }",
            "/Resources/A/Properties: `Properties` must be a mapping, not the number `1`",
        ),
        (
            "Resources: { A: { Type: A::B, DependsOn: {} } }",
            "/Resources/A/DependsOn: `DependsOn` must be a list, not a mapping",
        ),
        (
            "Resources: { A: { Type: A::B, DeletionPolicy: Keep } }",
            "/Resources/A/DeletionPolicy: `Keep` is no policy",
        ),
        (
            "Resources: { A: { Type: A::B, Condition: !Ref X } }",
            "/Resources/A/Condition: `Condition` must be text, not `Ref`",
        ),
        (
            "Parameters: { P: { Type: String, Default: [] } }\n",
            "/Parameters/P/Default: `Default` must be text, not a list",
        ),
        ("Parameters: { P: { Default: a } }\n", "/Parameters/P: a parameter must have a `Type`"),
        ("Outputs: { O: { Description: x } }\n", "/Outputs/O: output `O` must have a `Value`"),
        ("Mappings: { M: { a: 1 } }\n", "/Mappings/M/a: `a` must be a mapping, not the number `1`"),
        (
            "AWSTemplateFormatVersion: '2011'\n",
            "/AWSTemplateFormatVersion: `AWSTemplateFormatVersion` can only be",
        ),
        ("Resource: {}\n", "/Resource: `Resource` is not known here"),
    ] {
        let whole = if text.ends_with('\n') { format!("{text}{QUEUE}") } else { text.to_owned() };
        let got = complaint(&whole);
        assert!(got.contains(expected), "{text}\n  {got}\n  {expected}");
    }
}

const WHOLE: &str = r"
AWSTemplateFormatVersion: 2010-09-09
Description: everything
Parameters:
  Size: { Type: Number, Default: 1.10, MinValue: 0, MaxValue: 1000 }
  Secret: { Type: String, NoEcho: 'true', AllowedValues: [a, 1] }
Mappings: { Zones: { tokyo: { a: 1a } } }
Conditions: { Big: !Equals [!Ref Size, 100] }
Resources:
  Group:
    Type: AWS::AutoScaling::AutoScalingGroup
    Condition: Big
    DependsOn: Queue
    DeletionPolicy: Retain
    UpdatePolicy: { AutoScalingRollingUpdate: { MinInstancesInService: 1 } }
    Properties: { MinSize: !Ref Size, Tags: [{ Key: a, Value: !Sub '${Queue.Arn}' }] }
  Queue: { Type: AWS::SQS::Queue, Metadata: { why: tests } }
  Fn::ForEach::Topics: [Name, [a, b], { 'Topic${Name}': { Type: AWS::SNS::Topic } }]
Outputs:
  Arn: { Value: !GetAtt Queue.Arn, Condition: Big, Export: { Name: !Sub '${AWS::StackName}-arn' } }
";

#[test]
fn short_tags_become_long_and_digits_stay() {
    let template = Template::parse(WHOLE).unwrap();
    assert_eq!(template.parameters["Size"].default.as_deref(), Some("1.10"));
    assert_eq!(template.parameters["Secret"].allowed_values, ["a", "1"]);
    assert!(template.parameters["Secret"].no_echo);
    assert_eq!(template.conditions["Big"], json!({"Fn::Equals": [{"Ref": "Size"}, 100]}));
    let group = &template.resources["Group"];
    assert_eq!(group.depends_on, ["Queue"]);
    assert_eq!(group.properties["MinSize"], json!({"Ref": "Size"}));
    assert_eq!(template.outputs["Arn"].value, json!({"Fn::GetAtt": ["Queue", "Arn"]}));
    assert_eq!(template.resources.keys().collect::<Vec<_>>(), ["Group", "Queue", "Fn::ForEach::Topics"]);
}

#[test]
fn what_is_written_reads_the_same() {
    let template = Template::parse(WHOLE).unwrap();
    let text = template.to_text();
    assert_eq!(Template::parse(&text).unwrap(), template, "{text}");
}

#[test]
fn json_is_read_with_its_own_escapes() {
    let text = r#"{"Resources": {"A": {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": "\ud83d\ude00\/x"}}}}"#;
    let template = Template::parse(text).unwrap();
    assert_eq!(template.resources["A"].properties["QueueName"], json!("😀/x"));
}

#[test]
fn held_resources_bring_what_they_name() {
    let deployed = "
Parameters: { Old: { Type: String } }
Mappings: { Images: { a: { b: old } } }
Conditions: { Big: !Equals [!Ref Old, x], Small: !Not [!Condition Big] }
Resources:
  Template: { Type: A::B, Condition: Small, Properties: { X: !If [Big, !FindInMap [Images, a, b], '${Old}'] } }
  Group: { Type: C::D, Properties: { Size: 1 } }";
    let desired = "
Parameters: { New: { Type: String } }
Mappings: { Images: { a: { b: new } } }
Conditions: { Big: !Equals [!Ref New, y] }
Resources:
  Template: { Type: A::B, Properties: { X: !Ref New } }
  Group: { Type: C::D, Properties: { Size: !If [Big, 2, 3] } }";
    let held = Template::parse(desired)
        .unwrap()
        .with_held(&Template::parse(deployed).unwrap(), &["Template", "Absent"]);
    insta::assert_snapshot!(serde_json::to_string(&held.to_value()).unwrap(), @r#"{"AWSTemplateFormatVersion":"2010-09-09","Parameters":{"New":{"Type":"String"},"Old":{"Type":"String"}},"Mappings":{"Images":{"a":{"b":"new"}},"DeployedImages":{"a":{"b":"old"}}},"Conditions":{"Big":{"Fn::Equals":[{"Ref":"New"},"y"]},"DeployedBig":{"Fn::Equals":[{"Ref":"Old"},"x"]},"Small":{"Fn::Not":[{"Condition":"DeployedBig"}]}},"Resources":{"Template":{"Type":"A::B","Condition":"Small","Properties":{"X":{"Fn::If":["DeployedBig",{"Fn::FindInMap":["DeployedImages","a","b"]},"${Old}"]}}},"Group":{"Type":"C::D","Properties":{"Size":{"Fn::If":["Big",2,3]}}}}}"#);
    let same = Template::parse(deployed).unwrap();
    assert_eq!(same.with_held(&same, &["Template", "Group"]), same);
}

/// Readers of YAML 1.1, CloudFormation's among them, take a quoted text wherever its next line begins.
#[test]
fn quoted_text_goes_on_in_any_column() {
    let at = |text: &str, key: &str| Template::value_of(text).unwrap()[key].clone();
    for (text, expected) in [
        ("a: \"one,\ntwo\"\nb: 1\n", "one, two"),
        ("a: 'one\n\n> two\n  three'\nb: 1\n", "one\n> two three"),
        ("a: !Sub \"one\\\n  \\ttwo\\u591c\n間\"\nb: 1\n", "one\ttwo夜 間"),
    ] {
        let read = at(text, "a");
        let read = read.get("Fn::Sub").cloned().unwrap_or(read);
        assert_eq!(read, expected, "{text}");
        assert_eq!(at(text, "b"), 1, "{text}");
    }
    for (text, expected) in [
        ("a: \"one\nb: two\n", ": this quote is not closed (line 1)"),
        (&*format!("a: \"{}x\"\n", "one\n".repeat(65)), ": this quote is not closed (line 1)"),
    ] {
        assert_eq!(complaint(text), expected);
    }
}
