//! Stacks that go.

use super::SHOP;
use crate::conform::agree;
use crate::conform::differences::Difference::{ProtectedWords, Reasons, UpdatesWhatCannotBe};
use crate::conform::target::When;

#[test]
fn what_is_retained_stays_in_the_account() {
    let retained = SHOP.replace("  First:\n", "  First:\n    DeletionPolicy: Retain\n");
    agree("retained", &[Reasons], |scene| {
        scene.given(&scene.ask("first").template(&retained));
        let name = scene.describe("retained").unwrap().outputs["First"].clone();
        scene.delete();
        let value = scene.call("the parameter's value", async |cloud| cloud.parameter(&name).await);
        scene.fact(&format!("{value:?}"));
        scene.delete();
    });
}

#[test]
fn a_protected_stack_is_not_deleted() {
    agree("protected", &[Reasons, ProtectedWords], |scene| {
        scene.given(&scene.ask("first").template(SHOP));
        scene.call("protect", async |cloud| cloud.update_termination_protection("protected", true).await);
        scene.delete();
        scene.call("unprotect", async |cloud| cloud.update_termination_protection("protected", false).await);
        scene.delete();
        scene.call("protect", async |cloud| cloud.update_termination_protection("protected", true).await);
    });
}

#[test]
fn what_cannot_be_deleted_is_tried_again() {
    agree("tried-again", &[Reasons, UpdatesWhatCannotBe], |scene| {
        scene.given(&scene.ask("first").template(SHOP));
        scene.fail("First", When::Forward, "in use");
        scene.delete();
        scene.resources();
        scene.make(&scene.ask("next").previous("Color").value("Seconds", "60"));
        scene.delete();
    });
}
