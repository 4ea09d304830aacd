//! What is refused before anything is made.

use super::*;

const TEMPLATE: &str = r#"
Parameters:
  Size: { Type: Number, MinValue: 1, MaxValue: 9 }
  Mode: { Type: String, AllowedValues: [none, refresh], Default: none }
  Name: { Type: String, AllowedPattern: "[a-z]+", MinLength: 2, MaxLength: 5, Default: web }
  Image: { Type: "AWS::SSM::Parameter::Value<AWS::EC2::Image::Id>", Default: /images/web }
  Secret: { Type: String, NoEcho: true, Default: hush }
Resources:
  Value: { Type: AWS::SSM::Parameter, Properties: { Name: /value, Type: String, Value: !Sub "${Image} ${Secret}" } }
"#;

async fn refused(template: &str, parameters: &[&str]) -> String {
    let cloud = cloud();
    cloud.put_parameter("/images/web", "ami-7").unwrap();
    match make(&cloud, &request("first", Some(template), parameters)).await {
        Ok(made) => made.status.to_string(),
        Err(error) => error.to_string(),
    }
}

#[tokio::test]
async fn parameters_are_refused_in_the_services_words() {
    let cases: [&[&str]; 11] = [
        &["Size=3"],
        &[],
        &["Size=3", "Colour=blue"],
        &["Size=ten"],
        &["Size=10"],
        &["Size=0"],
        &["Size=3", "Mode=restart"],
        &["Size=3", "Name=w"],
        &["Size=3", "Name=WEB"],
        &["Size"],
        &["Size=3", "Image=/images/none"],
    ];
    let mut told = String::new();
    for parameters in cases {
        writeln!(told, "{}: {}", parameters.join(" "), refused(TEMPLATE, parameters).await).unwrap();
    }
    insta::assert_snapshot!(told, @"
    Size=3: CREATE_COMPLETE
    : Parameters: [Size] must have values
    Size=3 Colour=blue: Parameters: [Colour] do not exist in the template
    Size=ten: Parameter 'Size' must be a number
    Size=10: Parameter 'Size' must be a number not greater than 9
    Size=0: Parameter 'Size' must be a number not less than 1
    Size=3 Mode=restart: Parameter 'Mode' must be one of AllowedValues
    Size=3 Name=w: Parameter 'Name' must contain at least 2 characters
    Size=3 Name=WEB: Parameter 'Name' must match pattern [a-z]+
    Size: Invalid input for parameter key Size. Cannot specify usePreviousValue as true for a parameter key not in the previous template
    Size=3 Image=/images/none: Unable to fetch parameters [/images/none] from parameter store for this account.
    ");
}

#[tokio::test]
async fn templates_are_refused_in_the_services_words() {
    let big = format!("# {}\n{TEMPLATE}", "x".repeat(51_200));
    let cases = [
        ("too long", big.as_str()),
        ("no template", "Resources: [1]"),
        ("unknown type", "Resources: { A: { Type: 'AWS::EC2::Nothing' } }"),
        ("unknown name", "Resources: { A: { Type: 'AWS::SNS::Topic', Properties: { TopicName: !Ref B } } }"),
        (
            "circle",
            "Resources: { A: { Type: 'AWS::SNS::Topic', DependsOn: B }, B: { Type: 'AWS::SNS::Topic', DependsOn: A } }",
        ),
        ("role", "Resources: { A: { Type: 'AWS::IAM::Role', Properties: { RoleName: a } } }"),
    ];
    let mut told = String::new();
    for (what, template) in cases {
        writeln!(told, "{what}: {}", refused(template, &[]).await).unwrap();
    }
    insta::assert_snapshot!(told, @"
    too long: 1 validation error detected: Value at 'templateBody' failed to satisfy constraint: Member must have length less than or equal to 51200
    no template: Template format error: `Resources` must be a mapping, not a list
    unknown type: Template format error: Unrecognized resource types: [AWS::EC2::Nothing]
    unknown name: Template format error: `B` is neither a parameter nor a resource (/Resources/A/Properties/TopicName)
    circle: Circular dependency between resources: [A, B]
    role: Requires capabilities : [CAPABILITY_NAMED_IAM]
    ");
}

#[tokio::test]
async fn secrets_are_not_shown_and_images_are_resolved() {
    let cloud = cloud();
    cloud.put_parameter("/images/web", "ami-7").unwrap();
    let stack = deploy(&cloud, &request("first", Some(TEMPLATE), &["Size=3", "Secret=swordfish"])).await;
    assert_eq!(stack.parameter("Secret"), Some("****"));
    assert_eq!(stack.parameters["Image"].resolved.as_deref(), Some("ami-7"));
    assert_eq!(
        crate::cloud::Observe::parameter(&cloud, "/value").await.unwrap().as_deref(),
        Some("ami-7 swordfish")
    );

    let made = make(&cloud, &request("second", None, &["Size", "Secret=sesame"])).await.unwrap();
    insta::assert_snapshot!(changes(&made), @"
    Modify Value False
      Value Never: **** -> ****
      Value Never by Secret: **** -> ****
    ");
    assert_eq!(made.parameters["Secret"], "****");
}
