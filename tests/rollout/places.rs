//! Whose stacks they are, and in which account: nothing of another place is read as this environment's, and nothing of
//! somebody else is changed. What is deployed tells enough to be read without a spec.

use asagi::cloud::local::Changes;
use asagi::ops::{
    self, BackError, Identity, Look, PlanError, PlanOptions, ReadError, RollbackOptions, Surroundings,
};
use asagi::rollout::{Cancellation, NoJournal, Unobserved};
use asagi::stacks::Owner;
use jiff::tz::TimeZone;

use super::block;
use super::cloud::Witness;
use super::doctored::Doctored;
use super::session::Session;

/// What everything that reads says.
fn reads(session: &Session) -> Vec<String> {
    let loaded = session.loaded();
    let identity = Identity::of(&loaded.environment);
    let look = Look {
        identity: &identity,
        loaded: Some(&loaded),
        broken: false,
        typed: "poc",
        zone: &TimeZone::UTC.into(),
    };
    let cloud = &session.cloud;
    let told = |result: Result<String, String>| result.unwrap_or_else(|error| error);
    let word = |error: ReadError| error.to_string();
    vec![
        told(block(ops::status(cloud, look)).map(|it| format!("deployed: {}", it.deployed)).map_err(word)),
        told(
            block(ops::history(cloud, &identity, &["web".to_owned()]))
                .map(|it| format!("{} steps", it.len()))
                .map_err(word),
        ),
        told(block(ops::drift(cloud, look)).map(|it| format!("deployed: {}", it.deployed)).map_err(word)),
        told(
            block(ops::diff_deployed(cloud, &loaded))
                .map(|it| format!("{} stacks", it.stacks.len()))
                .map_err(|error| error.to_string()),
        ),
        told(block(ops::stuck(cloud, look)).map(|it| format!("{} stuck", it.len())).map_err(word)),
        told(
            session.plan().map(|it| format!("{} levels", it.levels.len())).map_err(|error| error.to_string()),
        ),
        told(
            block(ops::registered(cloud, &loaded.environment))
                .map(|it| format!("{} images are missing", it.missing.len()))
                .map_err(|error| error.to_string()),
        ),
    ]
}

#[test]
fn another_account_is_told_and_an_absent_environment_is_told_as_that() {
    let mut session = Session::new("poc");
    let there = reads(&session);
    assert_eq!(there[..3], ["deployed: false", "0 steps", "deployed: false"]);
    session.cloud = Witness::new("999999999999", "2026-11-16T03:00:00Z", &Changes::new());
    for told in reads(&session) {
        assert_eq!(told, "this is account 999999999999, the environment is in 444455556666");
    }
    assert!(session.cloud.requests().is_empty());
}

/// A stack tells its account: who may not ask who calls can read all the same.
#[test]
fn who_calls_need_not_be_asked_where_a_stack_is_there() {
    let session = Session::poc();
    let loaded = session.loaded();
    let identity = Identity::of(&loaded.environment);
    let cloud = Doctored::without(&session.cloud, &["caller"]);
    assert!(block(ops::history(&cloud, &identity, &["web".to_owned()])).is_ok());
    assert!(!cloud.calls().iter().any(|call| call.starts_with("caller")));
}

/// `crm` in `qa-one`, and `crm-qa` in `one`: the same names for all stacks.
#[test]
fn two_environments_of_one_prefix_leave_each_other_alone() {
    let mut session = Session::new("poc");
    session.edit("project: poc\nenvironment: poc", "project: crm\nenvironment: qa-one");
    session.edit("    release: \"1.0\"\n", "");
    session.apply();
    let before = session.cloud.executed().len();
    assert!(before > 0, "{}", session.log());

    session.edit("project: crm\nenvironment: qa-one", "project: crm-qa\nenvironment: one");
    let loaded = session.loaded();
    let Err(PlanError::Strangers(strangers)) = session.plan() else { panic!("it was planned over") };
    let owner = Owner { project: "crm".to_owned(), environment: "qa-one".to_owned() };
    assert!(strangers.iter().all(|stranger| stranger.owner.as_ref() == Some(&owner)), "{strangers:?}");
    session.apply();
    let status = session.first_screen();
    assert_eq!((status.deployed, status.strangers.len()), (false, strangers.len()));

    let cancelled = Cancellation::default();
    let around = Surroundings {
        cloud: &session.cloud,
        observer: &Unobserved,
        journal: &NoJournal,
        origin: None,
        cancelled: &cancelled,
        zone: &TimeZone::UTC.into(),
    };
    let options = RollbackOptions {
        owner: Owner::of(&loaded.environment),
        account: None,
        role: "web".to_owned(),
        reason: "asked for".to_owned(),
        keep_candidate: false,
        all_the_same: false,
    };
    assert!(matches!(block(ops::rollback(&around, &options)), Err(BackError::Stranger(_))));
    assert_eq!(session.cloud.executed().len(), before, "something was changed: {}", session.log());

    let names: Vec<String> = strangers.into_iter().map(|stranger| stranger.stack).collect();
    let adopt = |names: &[String]| {
        block(ops::plan_with(
            &session.cloud,
            &loaded,
            PlanOptions { again: false, adopt: names, ..PlanOptions::default() },
        ))
    };
    assert!(matches!(adopt(&names[1..]), Err(PlanError::Strangers(left)) if left.len() == 1));
    assert!(adopt(&names).is_ok());
    let slip = [names[0].replace("-qa", "-aq"), "elsewhere".to_owned()];
    let Err(PlanError::Misnamed(found)) = adopt(&slip) else { panic!("a slip was passed over") };
    insta::assert_snapshot!(format!("{}\n{}\n{}", found[0], found[0].help(), found[1]), @"
    `--adopt crm-aq-one-foundation`: no stack of this environment has that name and is somebody else's
    one of: `crm-qa-one-foundation`, `crm-qa-one-notifications`, `crm-qa-one-security`, `crm-qa-one-load-balancer`, `crm-qa-one-web-images-base`, `crm-qa-one-web-traffic`, `crm-qa-one-patching`; or leave `--adopt` out
    `--adopt elsewhere`: no stack of this environment has that name and is somebody else's
    ");
}

/// The deployed stacks say which roles there are, what is live and that there is a way back.
#[test]
fn an_environment_is_read_without_its_spec() {
    let mut session = Session::poc_to_1_1();
    session.until("shift-50");
    let owners = block(ops::deployed_owners(&session.cloud, "poc")).unwrap();
    let owner = Owner { project: "poc".to_owned(), environment: "poc".to_owned() };
    assert_eq!(owners, std::slice::from_ref(&owner));
    assert_eq!(block(ops::deployed_roles(&session.cloud, &owner)).unwrap(), ["web"]);
    let identity = Identity {
        project: owner.project,
        environment: owner.environment,
        account: None,
        region: "ap-northeast-1".to_owned(),
        roles: Vec::new(),
    };
    let look =
        Look { identity: &identity, loaded: None, broken: true, typed: "poc", zone: &TimeZone::UTC.into() };
    let status = block(ops::status(&session.cloud, look)).unwrap();
    let web = &status.roles[0];
    let told = format!(
        "{} {:?} {:?} {} min, {}: {}",
        web.state.role,
        web.live,
        web.release,
        web.rollback.minutes.unwrap(),
        web.next,
        web.note.clone().unwrap()
    );
    insta::assert_snapshot!(told, @r#"web Some(Blue) Some("1.0") 2 min, asagi check poc: nothing goes on without a spec that can be read; `asagi rollback poc --role web` needs none"#);
    assert!(block(ops::drift(&session.cloud, look)).unwrap().roles.is_empty());
    assert!(!block(ops::history(&session.cloud, &identity, &["web".to_owned()])).unwrap().is_empty());
}
