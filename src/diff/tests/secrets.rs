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
      ~ MasterUserPassword: **** → ****
      ~ DBName: x**** → x-****  may force replacement  (Key)
  ~ AWS::Lambda::Function Function
      ~ Environment.Variables.ApiKey: **** → ****
");
}
