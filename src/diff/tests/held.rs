//! What a slot that runs instances keeps until the next release.

use super::replacement::SLOT;
use super::*;

#[test]
fn launch_resources_wait_and_the_rest_goes_on() {
    let desired = SLOT.replace("m7i.large", "m7i.xlarge").replace("MaxSize: 12", "MaxSize: 16");
    let held = ["InstanceRole", "InstanceProfile", "LaunchTemplate", "Elsewhere"].map(str::to_owned).to_vec();
    let desired = Side { held, ..side(&desired, &["ImageId=ami-1"]) };
    let diff = diff_stack(&desired, Some(&deployed(SLOT, &["ImageId=ami-1"])));
    insta::assert_snapshot!(human(&diff), @r"
idhub-prod-web: 1 to change
  ~ AWS::AutoScaling::AutoScalingGroup Group
      ~ MaxSize: 12 → 16
  = AWS::EC2::LaunchTemplate LaunchTemplate, held until the next release
      ~ LaunchTemplateData.InstanceType: m7i.large → m7i.xlarge
");
    insta::assert_snapshot!(predicted(&diff), @r"
Modify Group False
  Properties MaxSize Never
");
}

#[test]
fn a_parameter_of_what_is_held_keeps_its_value() {
    let deployed = deployed(SLOT, &["ImageId=ami-1"]);
    let held = vec!["LaunchTemplate".to_owned()];
    let desired = Side { held, ..side(SLOT, &["ImageId=ami-2", "MinSize=2"]) };
    insta::assert_snapshot!(human(&diff_stack(&desired, Some(&deployed))), @r"
idhub-prod-web: 1 to change
  ~ AWS::AutoScaling::AutoScalingGroup Group
      ~ MinSize: 0 → 2  (MinSize)
  = AWS::EC2::LaunchTemplate LaunchTemplate, held until the next release
      ~ LaunchTemplateData.ImageId: ami-1 → ami-2  (ImageId)
");
    assert_eq!(desired.template.parameters_of(&["Group", "InstanceRole"]), ["MinSize".to_owned()].into());
}

#[test]
fn nothing_but_held_changes_is_nothing_to_do() {
    let desired = SLOT.replace("m7i.large", "m7i.xlarge");
    let desired = Side { held: vec!["LaunchTemplate".to_owned()], ..side(&desired, &["ImageId=ami-1"]) };
    let diff = diff_stack(&desired, Some(&deployed(SLOT, &["ImageId=ami-1"])));
    assert!(diff.is_empty());
    assert!(diff.predicted().is_empty());
    insta::assert_snapshot!(human(&diff), @r"
idhub-prod-web: no resource changes
  = AWS::EC2::LaunchTemplate LaunchTemplate, held until the next release
      ~ LaunchTemplateData.InstanceType: m7i.large → m7i.xlarge
");
}
