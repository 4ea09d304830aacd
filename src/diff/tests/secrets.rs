//! Nothing secret is shown, in any form.

use super::*;

const SECRETS: &str = "
Parameters: { Key: { Type: String, NoEcho: true }, Size: { Type: Number, Default: 1 } }
Resources:
  Database:
    Type: AWS::RDS::DBInstance
    Properties:
      MasterUserPassword: LITERAL
      DBName: !Sub 'x-${Key}'
      Port: !Ref Size
      TdeCredentialPassword: '{{resolve:secretsmanager:a:SecretString:b}}'
  Function:
    Type: AWS::Lambda::Function
    Properties: { Environment: { Variables: { API_KEY: !Ref Key, ApiKey: LITERAL } } }
";

#[test]
fn no_form_shows_a_secret() {
    let before = SECRETS.replace("LITERAL", "hunter1").replace("-${Key}", "${Key}");
    let after = SECRETS.replace("LITERAL", "hunter2");
    let diff = diff_stack(&side(&after, &["Key=hunter3"]), Some(&deployed(&before, &["Key=****"])));
    let forms = [
        human(&diff),
        render::json(std::slice::from_ref(&diff)).to_string(),
        format!("{:?}", diff.predicted()),
    ];
    for form in &forms {
        assert!(!form.contains("hunter"), "{form}");
    }
    insta::assert_snapshot!(forms[0], @r"
idhub-prod-web: 1 to change, 1 to change or replace
  -/+? AWS::RDS::DBInstance Database, may be replaced: then the old one is deleted
      ~ MasterUserPassword: changed, hidden
      ~ DBName: x**** → x-****  may force replacement  (Key)
      may be looked up anew with it: {{resolve:secretsmanager:a:SecretString:b}}
  ~ AWS::Lambda::Function Function
      ~ Environment.Variables.ApiKey: changed, hidden
      ~ Environment.Variables.API_KEY: hidden, perhaps changed  (Key)
");
}

#[test]
fn a_known_change_of_a_secret_is_told_but_not_shown() {
    let text = "
Parameters: { Key: { Type: String, NoEcho: true }, Other: { Type: String, NoEcho: true, Default: x } }
Resources:
  Database: { Type: AWS::RDS::DBInstance, Properties: { MasterUserPassword: !Ref Key, DBName: !Ref Other } }
  Script:
    Type: AWS::EC2::LaunchTemplate
    Metadata: { Key: !Ref Key }
    Properties: { LaunchTemplateData: { UserData: !Base64 { 'Fn::Sub': 'run --key ${Key}' } } }
  Other: { Type: AWS::SSM::Parameter, Properties: { Value: !Ref Other } }";
    let diff = diff_stack(&side(text, &["Key=hunter3"]), Some(&side(text, &["Key=hunter2"])));
    insta::assert_snapshot!(human(&diff), @r"
idhub-prod-web: 2 to change
  ~ AWS::RDS::DBInstance Database
      ~ MasterUserPassword: changed, hidden  (Key)
  ~ AWS::EC2::LaunchTemplate Script
      ~ LaunchTemplateData.UserData: changed, hidden  (Key)
      ~ Metadata.Key: changed, hidden
");
    assert!(!format!("{:?}", diff.predicted()).contains("hunter"));
    let same = diff_stack(&side(text, &["Key=hunter2"]), Some(&side(text, &["Key=hunter2"])));
    assert!(same.is_empty(), "{}", human(&same));
}

#[test]
fn a_secret_that_is_deployed_cannot_be_compared() {
    let text = "
Parameters: { Key: { Type: String, NoEcho: true } }
Resources: { Database: { Type: AWS::RDS::DBInstance, Properties: { MasterUserPassword: !Ref Key } } }";
    let diff = diff_stack(&side(text, &["Key=hunter3"]), Some(&deployed(text, &["Key=****"])));
    insta::assert_snapshot!(human(&diff), @r"
idhub-prod-web: no resource changes
  may follow: Database
");
    insta::assert_snapshot!(predicted(&diff), @r"
Modify Database False
  Properties MasterUserPassword Never by Key
");
}

#[test]
fn a_secret_that_goes_is_told_and_not_shown() {
    let template = |script: &str, beside: &str| {
        format!(
            "
Parameters: {{ DbPassword: {{ Type: String }} }}
Resources:
  Script: {{ Type: AWS::EC2::LaunchTemplate, Properties: {{ LaunchTemplateData: {{ UserData: !Base64 {script:?} }} }} }}
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties: {{ ContainerDefinitions: [{{ Name: web, Environment: [{{ Name: DB_PASSWORD, Value: {beside} }}] }}] }}
  Parameter: {{ Type: AWS::SSM::Parameter, Properties: {{ Name: /web/password, Type: String, Value: {beside} }} }}
  Topic: {{ Type: AWS::SNS::Topic, Properties: {{ DisplayName: 'https://user:{beside}@host/' }} }}
"
        )
    };
    let before = template(
        "#!/bin/sh\nset -e\nexport TOKEN=ghp_abcdefghijklmnopqrstuvwxyz0123456789\nrun\n",
        "hunter2222",
    );
    let after = template("#!/bin/sh\nset -e\nexport TOKEN=$(read-token)\nrun\n", "hunter3333");
    let diff = diff_stack(
        &side(&after, &["DbPassword=hunter3333"]),
        Some(&side(&before, &["DbPassword=hunter2222"])),
    );
    let shown = [human(&diff), render::json(std::slice::from_ref(&diff)).to_string()];
    insta::assert_snapshot!(shown[0], @r"
idhub-prod-web: 3 to change, 1 to replace
  ~ AWS::EC2::LaunchTemplate Script
      ~ LaunchTemplateData.UserData:
           set -e
          -export TOKEN=****
          +export TOKEN=$(read-token)
           run
  -/+ AWS::ECS::TaskDefinition Task, replaced: the old one is deleted
      ~ ContainerDefinitions[web].Environment[DB_PASSWORD].Value: changed, hidden  forces replacement
  ~ AWS::SSM::Parameter Parameter
      ~ Value: changed, hidden
  ~ AWS::SNS::Topic Topic
      ~ DisplayName: changed, hidden
  parameters
      ~ DbPassword: changed, hidden
");
    for text in &shown {
        assert!(!text.contains("ghp_") && !text.contains("Z2hwX") && !text.contains("hunter"), "{text}");
    }
    let lines = crate::diff::diff_texts("x", "a\npassword: hunter2222\nb\n", "a\npassword: hunter3333\nb\n")
        .text
        .unwrap();
    assert_eq!(lines, " a\n-password: ****\n+password: ****\n b\n");
    let key = "-----BEGIN PRIVATE KEY-----\nMIIabcdef\n-----END PRIVATE KEY-----\n";
    assert_eq!(crate::diff::diff_texts("x", key, "a\n").text.unwrap(), "-****\n-****\n-****\n+a\n");
}
