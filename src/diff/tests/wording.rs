//! What is written otherwise although nothing deployed changes, and what looks like it.

use super::*;

#[test]
fn what_changes_nothing_deployed_is_told_as_written_otherwise() {
    let before = "
Description: one
Parameters: { Size: { Type: Number, Default: 1, Description: how many } }
Conditions: { IsOn: !Equals [a, a], IsToo: !Equals [b, b] }
Resources:
  A: { Type: AWS::SQS::Queue, Condition: IsOn }
  B: { Type: AWS::SQS::Queue }
  C: { Type: AWS::SQS::Queue, DependsOn: [B, A] }
Outputs: { Out: { Value: !GetAtt B.Arn, Description: the queue } }";
    let after = "
Description: two
Parameters: { Size: { Type: Number, Default: 1, MinValue: 1, Description: how many } }
Conditions: { IsOn: !Equals [a, a], IsToo: !Equals [c, c] }
Resources:
  A: { Type: AWS::SQS::Queue, Condition: IsToo }
  B: { Type: AWS::SQS::Queue, DependsOn: A }
  C: { Type: AWS::SQS::Queue, DependsOn: [A, B] }
Outputs: { Out: { Value: !GetAtt B.Arn, Description: its ARN } }";
    let found = diff(before, after);
    insta::assert_snapshot!(human(&found), @r"
idhub-prod-web: no resource changes
  written otherwise, taken along with the next change of the stack
      + Resources.B.DependsOn: A
      ~ Description: one → two
      + Parameters.Size.MinValue: 1.0
      ~ Conditions.IsToo.Fn::Equals[0]: b → c
      ~ Conditions.IsToo.Fn::Equals[1]: b → c
      ~ Resources.A.Condition: IsOn → IsToo
      ~ Outputs.Out.Description: the queue → its ARN
");
    assert!(found.is_empty() && found.predicted().is_empty());
    let also =
        format!("{after}\n").replace("DependsOn: A }", "DependsOn: A, Properties: { DelaySeconds: 1 } }");
    insta::assert_snapshot!(human(&diff(before, &also)), @r"
idhub-prod-web: 1 to change
  ~ AWS::SQS::Queue B
      + DelaySeconds: 1
  written otherwise
      + Resources.B.DependsOn: A
      ~ Description: one → two
      + Parameters.Size.MinValue: 1.0
      ~ Conditions.IsToo.Fn::Equals[0]: b → c
      ~ Conditions.IsToo.Fn::Equals[1]: b → c
      ~ Resources.A.Condition: IsOn → IsToo
      ~ Outputs.Out.Description: the queue → its ARN
");
}

#[test]
fn an_export_is_a_change_of_its_own() {
    let text = |export: &str| {
        format!(
            "Resources: {{ A: {{ Type: AWS::SQS::Queue }} }}\nOutputs: {{ Arn: {{ Value: !GetAtt A.Arn{export} }} }}"
        )
    };
    let found = diff(&text(""), &text(", Export: { Name: !Sub '${AWS::StackName}-queue' }"));
    insta::assert_snapshot!(human(&found), @r"
idhub-prod-web: no resource changes
  outputs
      + Arn.Export: idhub-prod-web-queue
");
    assert!(!found.is_empty());
}
