//! Templates on both sides of what a request carries, and of what a bucket does.

use std::fs;

use asagi::ops::{Audience, LoadError, load};
use asagi::workspace::Workspace;
use serde_json::{Value, json};

use super::live::first_release;
use super::policy::person;
use super::proxy::{Fate, Proxy};
use super::target::{client, client_of, direct};
use crate::drive::ACCOUNT;
use crate::drive::rollout::Rollout;
use crate::support::{Account, Boto, REGION, Server, copy, repository, temporary_folder};

const BUCKET: &str = "poc-templates";
const TEMPLATE: &str = "Resources:\n  Topic:\n    Type: AWS::SNS::Topic\n";

/// A template of so many bytes.
fn template(bytes: usize) -> String {
    format!("{TEMPLATE}{:#<1$}", "", bytes - TEMPLATE.len())
}

/// The poc with a stack of its team's own of so many bytes, and with the bucket in its spec or without.
fn account(bytes: usize, bucket: bool) -> Account {
    let head = "retention: delete\n";
    let bucket = if bucket { format!("templateBucket: {BUCKET}\n") } else { String::new() };
    let stacks = "stacks: { own: { template: ./stacks/own.yaml } }\n";
    let account = Account::with("poc", &[(head, &format!("{head}{bucket}{stacks}"))]);
    let folder = account.root().join("environments/stacks");
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("own.yaml"), template(bytes)).unwrap();
    account
}

fn make_bucket(client: &mut Boto) {
    let place = json!({ "LocationConstraint": REGION });
    client.call("s3", "create_bucket", json!({ "Bucket": BUCKET, "CreateBucketConfiguration": place }));
}

fn objects(client: &mut Boto) -> Vec<String> {
    let listed = client.call("s3", "list_objects_v2", json!({ "Bucket": BUCKET }));
    let key = |object: &Value| object["Key"].as_str().unwrap().to_owned();
    listed["Contents"].as_array().into_iter().flatten().map(key).collect()
}

/// What `check` says of the spec; nothing where all is well.
fn findings(account: &Account) -> String {
    match load(&Workspace::open(account.root()).unwrap(), "poc") {
        Ok(_) => String::new(),
        Err(LoadError::Findings(read)) => {
            let told = read
                .findings
                .iter()
                .map(|it| format!("{}: {}; {}", it.code, it.message, it.help.as_deref().unwrap_or_default()));
            told.collect::<Vec<_>>().join("\n")
        }
        Err(other) => panic!("{other}"),
    }
}

#[test]
fn a_template_that_just_fits_goes_with_the_request() {
    for bucket in [false, true] {
        let account = account(51_200, bucket);
        let proxy = Proxy::before(account.server.port(), |_, _| Fate::Through);
        let cloud = client(proxy.port, "test");
        let rollout = Rollout::of(&cloud, account.root(), "poc");
        rollout.run(&rollout.plan(), false);
        assert_eq!(rollout.deployed()["own"].status, "CREATE_COMPLETE");
        assert!(proxy.take_calls().iter().all(|call| call.name != "PutObject"), "no bucket is needed");
    }
}

#[test]
fn one_byte_more_is_refused_before_anything_is_written_unless_there_is_a_bucket() {
    let told = findings(&account(51_201, false));
    assert_eq!(
        told,
        "ASG0508: stack `own`: template has 51201 bytes, more than the 51200 that a request can carry; have fewer routes or cohorts, move what is your own into a stack of its own, \
         or name a bucket that larger templates go through: `templateBucket`"
    );
    assert_eq!(findings(&account(1_000_000, true)), "");
    let told = findings(&account(1_000_001, true));
    assert!(
        told.contains("1000001 bytes, more than the 1000000 that CloudFormation takes from a bucket"),
        "{told}"
    );
    assert!(told.ends_with("divide it into two stacks"), "{told}");
}

#[test]
fn a_large_template_goes_through_the_bucket_in_any_weather() {
    let account = account(60_000, true);
    let mut boto = account.client();
    make_bucket(&mut boto);
    let fates = [Fate::Broken(503), Fate::Reset, Fate::AnswerLost, Fate::Through];
    let mut puts = fates.into_iter();
    let proxy = Proxy::before(account.server.port(), move |name, _| match name {
        "PutObject" => puts.next().unwrap(),
        _ => Fate::Through,
    });
    let cloud = client(proxy.port, "test");
    let rollout = Rollout::of(&cloud, account.root(), "poc");
    rollout.run(&rollout.plan(), false);
    assert_eq!(rollout.deployed()["own"].status, "CREATE_COMPLETE");
    assert!(rollout.plan().levels.is_empty(), "what is deployed is what is wanted");
    let puts: Vec<Fate> = proxy
        .take_calls()
        .into_iter()
        .filter(|call| call.name == "PutObject")
        .map(|call| call.fate)
        .collect();
    assert_eq!(puts, fates);
    let [key] = &objects(&mut boto)[..] else { panic!("one object, whatever was lost") };
    assert!(key.starts_with("asagi/poc-poc-own/") && key.ends_with(".yaml"), "{key}");
}

#[test]
fn a_bucket_that_is_not_there_is_told_and_no_change_set_is_made() {
    let account = account(60_000, true);
    let proxy = Proxy::before(account.server.port(), |_, _| Fate::Through);
    let cloud = client(proxy.port, "test");
    let rollout = Rollout::of(&cloud, account.root(), "poc");
    let why = rollout.finish(false).unwrap_err();
    assert!(why.contains("NoSuchBucket: bucket poc-templates: "), "{why}");
    let stacks = rollout.deployed();
    assert!(!stacks.contains_key("own"), "{stacks:?}");
}

#[test]
fn an_operator_with_the_printed_policy_may_put_it_there() {
    let server = Server::start_with(&[("MINISTACK_ACCOUNT_ID", ACCOUNT), ("AUTH", "true")]);
    first_release(&server);
    let mut boto = Boto::of(&server);
    make_bucket(&mut boto);
    let folder = temporary_folder();
    copy(&repository("environments"), &folder.path().join("environments"));
    // The route's rule makes the traffic stack's template another one, which is large by its comment.
    let spec = folder.path().join("environments/poc.yaml");
    let routes: String = (0..20)
        .map(|n| format!("      - {{ name: r{n}, priority: {}, paths: [\"/r{n}/*\"] }}\n", 200 + n * 10))
        .collect();
    let text = fs::read_to_string(&spec).unwrap();
    let text = text.replace("    routes:\n", &format!("    routes:\n{routes}"));
    fs::write(&spec, format!("templateBucket: {BUCKET}\n{text}")).unwrap();
    let root = direct(&server, "test");
    let wanted = Rollout::of(&root, folder.path(), "poc");
    assert!(wanted.loaded().graph.stacks["web-traffic"].text.len() > 51_200);
    let operator = person(&mut boto, "operator", &wanted, Audience::Operator);
    let proxy = Proxy::before(server.port(), |_, _| Fate::Through);
    let cloud = client_of(proxy.port, &operator);
    Rollout::of(&cloud, folder.path(), "poc").finish(false).unwrap();
    let keys = objects(&mut boto);
    assert!(keys.len() == 1 && keys[0].starts_with("asagi/poc-poc-web-traffic/"), "{keys:?}");
}

#[test]
fn sceptre_sends_it_through_the_same_bucket() {
    let account = account(60_000, true);
    make_bucket(&mut account.client());
    let rendered = account.rendered();
    account.sceptre(&rendered).succeed(&["launch", "-y", "poc/own.yaml"]);
    let mut boto = account.client();
    let stack = boto.call("cloudformation", "describe_stacks", json!({ "StackName": "poc-poc-own" }));
    assert_eq!(stack["Stacks"][0]["StackStatus"], "CREATE_COMPLETE");
    let keys = objects(&mut boto);
    assert!(keys.len() == 1 && keys[0].starts_with("sceptre/poc/own/"), "{keys:?}");
}
