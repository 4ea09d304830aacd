//! What somebody changed by hand beside traffic: `drift` sees it, and `mend` puts it back or leaves it to a person.

use std::time::Duration;

use asagi::cloud::CloudFormation;
use asagi::ops::{self, Identity};
use serde_json::{Value, json};

use super::block;
use super::session::{Session, look, tokyo};

/// What drift says, and what would have to be done by hand.
fn drift(session: &mut Session) {
    let (loaded, zone) = (session.loaded(), tokyo());
    let identity = Identity::of(&loaded.environment);
    session.say("$ drift");
    let report = block(ops::drift(&session.cloud, look(&loaded, &identity, &zone))).unwrap();
    let beside = report.roles.iter().flat_map(|role| &role.beside);
    for stray in beside {
        stray.drift.iter().chain(&stray.costs).for_each(|told| session.say(&format!("  {told}")));
        stray.by_hand.iter().for_each(|command| session.say(&format!("    {command}")));
    }
    report.protection.iter().for_each(|switched| session.say(&format!("  {switched}")));
    if report.is_empty() {
        session.say("  none");
    }
}

/// The one group whose name begins so.
fn group<'a>(world: &'a mut Value, begins: &str) -> &'a mut Value {
    let groups = world["groups"].as_object_mut().unwrap();
    groups.iter_mut().find(|(name, _)| name.starts_with(begins)).unwrap().1
}

#[test]
fn a_size_is_put_back_unless_it_ends_instances_that_carry_users() {
    let mut session = Session::poc();
    session.cloud.edit_world(|world| {
        let blue = group(world, "poc-poc-web-blue");
        (blue["min"], blue["max"]) = (1.into(), 6.into());
    });
    session.say("! blue scales between 1 and 6");
    drift(&mut session);
    session.put_back();
    drift(&mut session);
    session.cloud.edit_world(|world| {
        let blue = group(world, "poc-poc-web-blue");
        (blue["max"], blue["desired"]) = (8.into(), 6.into());
    });
    session.say("! blue scales to 8, and has 6");
    session.wait(Duration::from_secs(300));
    drift(&mut session);
    session.put_back();
    session.look("web");
    insta::assert_snapshot!(session.log());
}

#[test]
fn an_empty_slot_whose_group_somebody_filled_is_emptied_again() {
    let mut session = Session::poc();
    session.cloud.edit_world(|world| {
        let green = group(world, "poc-poc-web-green");
        (green["min"], green["max"], green["desired"]) = (0.into(), 2.into(), 2.into());
    });
    session.say("! green scales to 2, and has 2");
    session.wait(Duration::from_secs(300));
    session.look("web");
    session.status();
    session.apply();
    session.put_back();
    session.wait(Duration::from_secs(300));
    session.status();
    session.look("web");
    insta::assert_snapshot!(session.log());
}

#[test]
fn an_alarm_and_what_a_group_launches_are_put_back() {
    let mut session = Session::poc();
    session.cloud.edit_world(|world| {
        world["alarms"]["poc-poc-web-green"]["rule"] = "FALSE".into();
        world["alarms"].as_object_mut().unwrap().remove("poc-poc-web-blue");
        let gone = json!("AWS::CloudWatch::CompositeAlarm poc-poc-web-blue");
        world["taken"].as_array_mut().unwrap().retain(|name| *name != gone);
    });
    session.say("! green's composite alarm follows nothing, blue's is deleted");
    drift(&mut session);
    session.put_back();
    drift(&mut session);

    session.cloud.edit_world(|world| {
        let id = group(world, "poc-poc-web-blue")["launch"][0].as_str().unwrap().to_owned();
        let versions = world["launchTemplates"][&id].as_array_mut().unwrap();
        let mut other = versions.last().unwrap().clone();
        other["ImageId"] = "ami-0fedcba9876543210".into();
        versions.push(other);
        group(world, "poc-poc-web-blue")["launch"][1] = json!("$Latest");
    });
    session.say("! somebody makes a version of blue's launch template and lets the group launch the newest");
    drift(&mut session);
    session.put_back();
    session.cloud.edit_world(|world| group(world, "poc-poc-web-blue")["launch"][1] = json!("2"));
    session.say("! and then that version");
    drift(&mut session);
    session.cloud.edit_world(|world| group(world, "poc-poc-web-blue")["launch"][1] = json!("1"));
    session.say("! the command is run");
    drift(&mut session);
    insta::assert_snapshot!(session.log());
}

#[test]
fn protection_is_told_by_drift_too() {
    let mut session = Session::poc();
    block(session.cloud.update_termination_protection("poc-poc-web-traffic", true)).unwrap();
    drift(&mut session);
    let told = session.first_screen().protection;
    assert!(session.log().contains(&told[0]), "{}", session.log());
}
