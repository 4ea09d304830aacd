//! Out of every state that a stack can be stuck in, by doing just what the first screen says: until nothing is stuck, or a
//! person is named. Never in circles, and never over a stack that users need.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::time::Duration;

use asagi::cfn::{ChangeSetType, CreateChangeSet, RollbackConfiguration};
use asagi::cloud::local::Fault;
use asagi::cloud::{Clock, CloudFormation};
use asagi::ops::{self, Identity, Mend};

use super::block;
use super::cloud::Death;
use super::session::{Session, look, tokyo};

/// So many commands get a stack on its way, or lead to a person.
const STEPS: usize = 4;

/// How it ends.
#[derive(PartialEq, Debug)]
enum End {
    Free,
    Person(String),
}

/// Does what the first screen says, and tells it.
fn walk(session: &mut Session, told: &mut String) -> End {
    session.cloud.hurry();
    let ids = ids_in_use(session);
    let mut before = Vec::new();
    for _ in 0..STEPS {
        let screen = session.first_screen();
        let stuck = screen.stuck.iter().filter(|one| one.mend != Mend::Wait);
        let stands: Vec<String> = stuck.map(|one| format!("{} {}", one.stack, one.status)).collect();
        if stands.is_empty() && screen.running.is_empty() {
            stay(session, &ids, told);
            return End::Free;
        }
        let next = screen.roles[0].next.clone();
        let note = screen.roles[0].note.clone().unwrap_or_default();
        write!(told, "  {next}").unwrap();
        assert!(!before.contains(&(stands.clone(), next.clone())), "in circles: {told}{}", session.story());
        before.push((stands, next.clone()));
        if let Some(person) = step(session, &next) {
            assert!(note.contains("person"), "{note}: {told}");
            stay(session, &ids, told);
            return End::Person(person);
        }
        session.cloud.revive();
        session.wait(Duration::from_secs(600));
    }
    panic!("no end after {STEPS} commands: {told}{}", session.story())
}

/// Runs it; what only a person does where `mend` leaves a stack.
fn step(session: &mut Session, command: &str) -> Option<String> {
    match command {
        "asagi mend poc" => mend(session),
        "asagi apply poc" | "asagi plan poc" => {
            session.apply();
            None
        }
        "asagi rollback poc --role web" => {
            session.rollback("web");
            None
        }
        other => panic!("nobody knows `{other}`"),
    }
}

/// `asagi mend`, of a person who reads what is asked and agrees.
fn mend(session: &mut Session) -> Option<String> {
    let (loaded, zone) = (session.loaded(), tokyo());
    let identity = Identity::of(&loaded.environment);
    let stuck = block(ops::stuck(&session.cloud, look(&loaded, &identity, &zone))).unwrap();
    let mut left = None;
    for one in stuck {
        match one.mend {
            Mend::Wait => {}
            Mend::Leave => left = Some(format!("{} is left: {}", one.stack, one.status)),
            _ => block(ops::mend(&session.cloud, &one)).unwrap(),
        }
    }
    left
}

/// Stacks that users' requests go through, and their ids.
fn ids_in_use(session: &Session) -> BTreeMap<&'static str, String> {
    let id = |name| Some((name, block(session.cloud.describe_stack(name)).unwrap()?.id));
    ["poc-poc-web-traffic", "poc-poc-web-blue", "poc-poc-load-balancer"].into_iter().filter_map(id).collect()
}

/// Those that were there are the same ones still.
fn stay(session: &Session, before: &BTreeMap<&'static str, String>, told: &str) {
    let now = ids_in_use(session);
    assert!(before.iter().all(|(name, id)| now.get(name) == Some(id)), "{told}: {before:?} {now:?}");
}

/// The next change of that resource fails, on the way forward or back; of any where none is named.
fn fails(session: &mut Session, stack: &str, logical_id: &str, back: bool) {
    let (name, reason) = (format!("poc-poc-{stack}"), "injected".to_owned());
    let logical_id = logical_id.to_owned();
    let fault = match back {
        false => Fault::ResourceFails { stack: name, logical_id, reason, times: 1 },
        true => Fault::RollbackFails { stack: name, logical_id, reason, times: 1 },
    };
    session.inject(&format!("{stack} fails, back: {back}"), fault);
}

/// Every status, on stacks that users need and on others.
#[test]
fn a_stack_that_stands_in_any_status_gets_out_or_a_person_is_named() {
    const STUCK: [&str; 8] = [
        "CREATE_FAILED",
        "ROLLBACK_COMPLETE",
        "ROLLBACK_FAILED",
        "DELETE_FAILED",
        "UPDATE_FAILED",
        "IMPORT_ROLLBACK_FAILED",
        "REVIEW_IN_PROGRESS",
        "A_NEW_STATUS",
    ];
    let mut told = String::new();
    for stack in ["web-traffic", "web-blue", "load-balancer", "web-green", "web-alarms"] {
        writeln!(told, "{stack}").unwrap();
        for status in STUCK {
            // Nothing that was deployed goes back into review.
            if status == "REVIEW_IN_PROGRESS" {
                continue;
            }
            let mut session = Session::poc();
            session.cloud.put_in(&format!("poc-poc-{stack}"), status);
            write!(told, "  {status}:").unwrap();
            match walk(&mut session, &mut told) {
                End::Free => {
                    session.apply();
                    assert!(session.plan().unwrap().is_empty(), "{told}{}", session.story());
                    writeln!(told, "  free, and whole again").unwrap();
                }
                End::Person(why) => writeln!(told, "  a person: {why}").unwrap(),
            }
        }
    }
    insta::assert_snapshot!(told);
}

/// States that a creation, an update or a delete has come to by itself.
#[test]
fn what_failed_by_itself_gets_on_its_way_again() {
    let mut told = String::new();
    let mut go = |what: &str, session: &mut Session| {
        let stuck = session.first_screen().stuck;
        let stands: Vec<String> = stuck.iter().map(|one| one.status.to_string()).collect();
        write!(told, "{what}: {}:", stands.join(" ")).unwrap();
        let end = walk(session, &mut told);
        writeln!(told, "  {end:?}").unwrap();
    };

    let mut session = Session::new("poc");
    fails(&mut session, "web-alarms", "", false);
    session.apply();
    go("a creation that failed", &mut session);

    let mut session = Session::poc();
    session.edit("minRequests: 20", "minRequests: 30");
    fails(&mut session, "web-alarms", "GreenBakeErrorRate", false);
    fails(&mut session, "web-alarms", "BlueBakeErrorRate", true);
    session.apply();
    go("an update of alarms that could not be taken back", &mut session);

    let mut session = Session::poc_to_1_1();
    session.until("shift-10");
    fails(&mut session, "web-traffic", "RolloutRecordParameter", false);
    fails(&mut session, "web-traffic", "AllRule", true);
    session.die(Death::Executing("web-traffic"));
    session.next();
    session.cloud.revive();
    session.wait(Duration::from_secs(60));
    go("a shift that could not be taken back", &mut session);

    let mut session = Session::poc();
    fails(&mut session, "web-alarms", "", false);
    block(session.cloud.local.delete_stack("poc-poc-web-alarms", "by-hand")).unwrap();
    session.wait(Duration::from_secs(600));
    go("a delete by hand that failed", &mut session);

    let mut session = Session::new("poc");
    review(&session);
    session.wait(Duration::from_secs(2 * 3_600));
    go("a name and nothing else", &mut session);
    insta::assert_snapshot!(told);
}

/// A change set for a stack that is not there, which nobody executes.
fn review(session: &Session) {
    let tags = ["Project", "Environment"].map(|key| (key.to_owned(), "poc".to_owned()));
    let request = CreateChangeSet {
        stack_name: "poc-poc-web-alarms".to_owned(),
        name: "by-hand".to_owned(),
        kind: ChangeSetType::Create,
        template: Some("Resources: { Topic: { Type: 'AWS::SNS::Topic' } }".to_owned()),
        template_bucket: None,
        revert_drift: false,
        parameters: indexmap::IndexMap::new(),
        tags: tags.into(),
        notification_topics: Vec::new(),
        capabilities: Vec::new(),
        rollback_configuration: RollbackConfiguration::default(),
        role_arn: None,
        description: "by hand".to_owned(),
        client_token: "by-hand".to_owned(),
    };
    block(session.cloud.local.create_change_set(&request)).unwrap();
}

/// What runs when the process that began it ends, or that somebody began by hand, is followed to its end.
#[test]
fn what_runs_is_followed() {
    let mut told = String::new();
    let mut go = |what: &str, session: &mut Session| {
        session.cloud.revive();
        let running = session.first_screen().running;
        let status: Vec<String> = running.iter().map(|it| it.status.to_string()).collect();
        write!(told, "{what}: {}:", status.join(" ")).unwrap();
        let end = walk(session, &mut told);
        session.apply();
        assert!(session.plan().unwrap().levels.is_empty(), "{told}{}", session.story());
        writeln!(told, "  {end:?}").unwrap();
    };
    let begins = |session: &mut Session, stack: &'static str| {
        session.die(Death::Executing(stack));
        session.next();
    };

    let mut session = Session::new("poc");
    begins(&mut session, "security");
    go("a creation", &mut session);

    let mut session = Session::new("poc");
    fails(&mut session, "security", "", false);
    begins(&mut session, "security");
    block(session.cloud.local.sleep(Duration::from_secs(6)));
    go("a creation that fails", &mut session);

    let mut session = Session::poc_to_1_1();
    session.edit("minRequests: 20", "minRequests: 30");
    begins(&mut session, "web-alarms");
    go("alarms", &mut session);

    let mut session = Session::poc_to_1_1();
    session.edit("minRequests: 20", "minRequests: 30");
    fails(&mut session, "web-alarms", "GreenBakeErrorRate", false);
    begins(&mut session, "web-alarms");
    block(session.cloud.local.sleep(Duration::from_secs(6)));
    go("alarms that fail", &mut session);

    let mut session = Session::poc_to_1_1();
    session.until("verify");
    begins(&mut session, "web-traffic");
    go("traffic", &mut session);

    let mut session = Session::poc();
    block(session.cloud.local.delete_stack("poc-poc-web-alarms", "by-hand")).unwrap();
    go("a delete by hand", &mut session);
    insta::assert_snapshot!(told);
}
