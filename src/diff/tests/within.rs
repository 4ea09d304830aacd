//! A change set against the prediction.

use super::replacement::SLOT;
use super::*;
use crate::cfn::{Action, PolicyAction, Recreation, Replacement, ResourceChange, Scope};
use crate::diff::within;

fn prediction() -> Vec<ResourceChange> {
    diff_stack(&side(SLOT, &["ImageId=ami-2"]), Some(&deployed(SLOT, &["ImageId=ami-1"]))).predicted()
}

/// What is beyond, when the change set is the prediction but for this.
fn beyond(change: impl FnOnce(&mut Vec<ResourceChange>)) -> String {
    let mut actual = prediction();
    change(&mut actual);
    within(&prediction(), &actual).iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

#[test]
fn no_more_than_predicted_may_run() {
    assert_eq!(beyond(|_| {}), "");
    assert_eq!(beyond(|actual| actual.truncate(1)), "", "less is fine");
    assert_eq!(beyond(|actual| actual[0].details.clear()), "", "less told is fine");
    assert_eq!(beyond(|actual| actual[0].logical_id = "Other".to_owned()), "`Other` was not to change");
    assert_eq!(
        beyond(|actual| actual[0].action = Action::Remove),
        "`LaunchTemplate`: action Remove, where Modify was predicted"
    );
    assert_eq!(
        beyond(|actual| actual[0].replacement = Replacement::Always),
        "`LaunchTemplate`: replacement True, where False was predicted"
    );
    assert_eq!(
        beyond(|actual| actual[0].replacement = Replacement::Unknown("Perhaps".to_owned())),
        "`LaunchTemplate`: replacement Perhaps, where False was predicted"
    );
    assert_eq!(
        beyond(|actual| actual[0].details[0].property = Some("TagSpecifications".to_owned())),
        "`LaunchTemplate`: `TagSpecifications` was not to change"
    );
    assert_eq!(
        beyond(|actual| actual[0].details[0].recreation = Recreation::Always),
        "`LaunchTemplate`: `LaunchTemplateData` recreates Always, where Never was predicted"
    );
    assert_eq!(
        beyond(|actual| actual[0].scope.push(Scope::Metadata)),
        "`LaunchTemplate`: `Metadata` was not to change"
    );
}

#[test]
fn what_was_to_be_kept_is_kept() {
    let before =
        "Resources: { A: { Type: AWS::SQS::Queue, DeletionPolicy: Retain }, B: { Type: AWS::SQS::Queue } }";
    let after = "Resources: { B: { Type: AWS::SQS::Queue } }";
    let predicted = diff(before, after).predicted();
    let mut actual = predicted.clone();
    actual[0].policy_action = Some(PolicyAction::Delete);
    let told: Vec<_> = within(&predicted, &actual).iter().map(ToString::to_string).collect();
    assert_eq!(told, ["`A`: old resource Delete, where Retain was predicted"]);
}
