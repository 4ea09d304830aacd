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
