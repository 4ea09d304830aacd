//! Failures, and how they are taken back.

use super::{GROUP, SHOP};
use crate::conform::agree;
use crate::conform::differences::Difference::{
    Cleanup, CreationInitiated, Forgotten, OwnName, PutBack, Reasons, Replacement, SameName, Untouched,
    UpdatesWhatCannotBe,
};
use crate::conform::target::When;

#[test]
fn a_failed_creation_is_removed() {
    agree("failed", &[Reasons, CreationInitiated, UpdatesWhatCannotBe, SameName], |scene| {
        scene.fail("Second", When::Forward, "quota exceeded");
        scene.deploy(&scene.ask("first").template(SHOP));
        scene.resources();
        scene.make(&scene.ask("second").template(SHOP).kind(asagi::cfn::ChangeSetType::Update));
        scene.delete();
        scene.deploy(&scene.ask("again").template(SHOP));
    });
}

#[test]
fn a_failed_update_is_taken_back() {
    agree("taken-back", &[Reasons, Cleanup, Untouched], |scene| {
        scene.given(&scene.ask("first").template(SHOP));
        scene.fail("Queue", When::Forward, "quota exceeded");
        scene.deploy(&scene.ask("both").value("Color", "green").value("Seconds", "60"));
        scene.resources();
        scene.deploy(&scene.ask("next").value("Color", "green").previous("Seconds"));
    });
}

#[test]
fn what_a_failed_update_replaced_is_put_back() {
    agree("put-back", &[Reasons, CreationInitiated, Replacement, PutBack], |scene| {
        scene.given(&scene.ask("first").template(GROUP));
        scene.fail("Note", When::Forward, "quota exceeded");
        scene.deploy(&scene.ask("port").value("Port", "81"));
        scene.resources();
    });
}

#[test]
fn a_rollback_that_fails_waits_to_be_continued() {
    agree("continued", &[Reasons, UpdatesWhatCannotBe, Cleanup], |scene| {
        scene.given(&scene.ask("first").template(SHOP));
        scene.fail("Queue", When::Forward, "quota exceeded");
        scene.fail("First", When::Back, "rate exceeded");
        scene.deploy(&scene.ask("both").value("Color", "green").value("Seconds", "60"));
        scene.make(&scene.ask("next").previous("Color").previous("Seconds"));
        let done = scene.call("continue the rollback", async |cloud| {
            cloud.continue_update_rollback("continued", "continue").await
        });
        if done.is_some() {
            scene.rest();
        }
        scene.call("continue it again", async |cloud| {
            cloud.continue_update_rollback("continued", "again").await
        });
    });
}

#[test]
fn a_resource_with_a_name_of_its_own_cannot_be_replaced() {
    let named = GROUP.replace("Port: !Ref Port,", "Name: conform-named, Port: !Ref Port,");
    agree("named", &[Reasons, Replacement, OwnName], |scene| {
        scene.given(&scene.ask("first").template(&named));
        scene.deploy(&scene.ask("port").value("Port", "81"));
    });
}

#[test]
fn a_creation_whose_removal_fails_can_only_be_deleted() {
    agree("stuck", &[Reasons, CreationInitiated, Forgotten], |scene| {
        scene.fail("Second", When::Forward, "quota exceeded");
        scene.fail("First", When::Back, "in use");
        scene.deploy(&scene.ask("first").template(SHOP));
        scene.resources();
        scene.delete();
    });
}
