//! The whole main job on the server by asagi's own client, held against the embedded target: the same change sets, the
//! same weights, phase by phase. Then the way back, and what status, history and diff read.
//!
//! The server keeps no rollback triggers, so no bake is watched there; `drive` lists what else differs.

use asagi::cloud::Cloud;
use asagi::ops::{
    BackError, Identity, Look, RollbackOptions, RollbackReport, Surroundings, diff_deployed, history,
    rollback, status,
};
use asagi::rollout::{Cancellation, NoJournal, Unobserved};
use asagi::words::Foreign;

use super::target::{calm, direct, runtime, server};
use crate::drive::rollout::Rollout;
use crate::drive::{embedded, whole};
use crate::support::Boto;

#[test]
fn the_client_of_aws_and_the_embedded_target_agree() {
    let server = server();
    let cloud = direct(&server, "test");
    let (steps, stacks) = whole(Rollout::new(&cloud, "poc"), || calm(&mut Boto::of(&server)));
    let (embedded_steps, embedded_stacks) = embedded();
    assert_eq!(steps, embedded_steps);
    assert_eq!(stacks, embedded_stacks);
}

/// The way back of role `web`, watched by nobody.
pub(super) async fn give_back(cloud: &dyn Cloud, identity: &Identity) -> Result<RollbackReport, BackError> {
    let around = Surroundings {
        cloud,
        observer: &Unobserved,
        journal: &NoJournal,
        origin: None,
        cancelled: &Cancellation::default(),
        zone: &jiff::tz::TimeZone::UTC.into(),
    };
    let options = RollbackOptions {
        owner: identity.owner(),
        account: identity.account.clone(),
        role: "web".to_owned(),
        reason: "login fails".to_owned(),
        keep_candidate: false,
        all_the_same: false,
    };
    rollback(&around, &options).await
}

#[test]
fn half_way_there_is_a_way_back_and_everybody_can_see_where_things_stand() {
    let server = server();
    let cloud = direct(&server, "test");
    let run = runtime();
    let mut rollout = Rollout::new(&cloud, "poc");
    rollout.apply(&rollout.plan(), false);
    calm(&mut Boto::of(&server));
    rollout.apply(&rollout.plan(), false);
    let quiet = run.block_on(diff_deployed(&cloud, rollout.loaded())).unwrap();
    assert!(quiet.is_empty(), "{quiet:#?}");

    rollout = rollout.release("1.1", "ami-0ad8fabc2e4057f9a");
    let shifted = loop {
        let step = rollout.apply(&rollout.plan(), true);
        if step.phase == "shift-50" {
            break step;
        }
    };
    assert_eq!(shifted.weights, (50, 50));
    let environment = &rollout.loaded().environment;
    let (identity, zone) = (Identity::of(environment), jiff::tz::TimeZone::UTC.into());
    let loaded = Some(rollout.loaded());
    let look = Look { identity: &identity, loaded, broken: false, typed: "poc", zone: &zone };
    let seen = run.block_on(status(&cloud, look)).unwrap();
    let web = &seen.roles[0];
    assert!(web.rollback.ready, "{:?}", web.rollback);
    assert_eq!(web.next, "asagi apply poc --phase next");

    let back = run.block_on(give_back(&cloud, &identity)).unwrap();
    assert_eq!(back.to.as_str(), "blue");
    let seen = run.block_on(status(&cloud, look)).unwrap().roles.remove(0).state;
    assert_eq!((seen.blue.weight, seen.green.weight, seen.green.desired), (100, 0, 0));
    let past = run.block_on(history(&cloud, &identity, &["web".to_owned()])).unwrap();
    let last = past.last().unwrap();
    assert_eq!(
        (last.phase.as_str(), last.reason.as_ref().map(Foreign::as_given)),
        ("rolled-back", Some("login fails"))
    );
}
