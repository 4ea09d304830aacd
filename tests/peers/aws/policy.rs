//! The policies that `asagi iam-policy` prints are enough, and no call goes beyond them: the server checks signatures and
//! enforces the policies of those who call.

use asagi::ops::{Audience, Identity, Look, diff_deployed, drift, history, iam_policy, plan, status};
use serde_json::json;

use super::live::{IMAGES, end, expected, first_release, release};
use super::proxy::{Fate, Proxy, changes};
use super::target::{Keys, client_of, direct, runtime};
use crate::drive::ACCOUNT;
use crate::drive::rollout::Rollout;
use crate::support::{Boto, Server};

/// A person of the account who may do what that policy says.
pub(super) fn person(boto: &mut Boto, name: &str, rollout: &Rollout<'_>, audience: Audience) -> Keys {
    boto.call("iam", "create_user", json!({ "UserName": name }));
    let mut policy = iam_policy(&rollout.loaded().environment, audience);
    // AWS holds a change set that is named by its ARN against that; the server knows resources of stacks only.
    let named_by_arn = ["DescribeChangeSet", "ExecuteChangeSet", "DeleteChangeSet"];
    let named_by_arn = named_by_arn.map(|action| format!("cloudformation:{action}"));
    let beyond = json!({ "Effect": "Allow", "Action": named_by_arn, "Resource": "*" });
    if audience != Audience::Ci {
        policy["Statement"].as_array_mut().unwrap().push(beyond);
    }
    let given = json!({ "UserName": name, "PolicyName": "asagi", "PolicyDocument": policy.to_string() });
    boto.call("iam", "put_user_policy", given);
    let made = boto.call("iam", "create_access_key", json!({ "UserName": name }));
    let part = |key: &str| made["AccessKey"][key].as_str().unwrap().to_owned();
    Keys { id: part("AccessKeyId"), secret: part("SecretAccessKey") }
}

#[test]
fn operators_and_ci_need_no_more_than_their_policies() {
    let server = Server::start_with(&[("MINISTACK_ACCOUNT_ID", ACCOUNT), ("AUTH", "true")]);
    first_release(&server);
    let root = direct(&server, "test");
    let rollout = release(&root, IMAGES[0]);
    let mut boto = Boto::of(&server);
    let ci = person(&mut boto, "ci", &rollout, Audience::Ci);
    let operator = person(&mut boto, "operator", &rollout, Audience::Operator);
    let proxy = Proxy::before(server.port(), |_, _| Fate::Through);
    let run = runtime();

    let reader = client_of(proxy.port, &ci);
    let loaded = rollout.loaded();
    let identity = Identity::of(&loaded.environment);
    let zone = jiff::tz::TimeZone::UTC.into();
    let look = Look { identity: &identity, loaded: Some(loaded), broken: false, typed: "poc", zone: &zone };
    run.block_on(status(&reader, look)).unwrap();
    run.block_on(diff_deployed(&reader, loaded)).unwrap();
    run.block_on(plan(&reader, loaded)).unwrap();
    run.block_on(drift(&reader, look)).unwrap();
    run.block_on(history(&reader, &identity, &["web".to_owned()])).unwrap();
    assert!(proxy.take_calls().iter().all(|call| !changes(&call.name)), "what reads changes nothing");
    let refused = release(&reader, IMAGES[0]).finish(false).unwrap_err();
    assert!(refused.contains("not authorized"), "{refused}");

    release(&client_of(proxy.port, &operator), IMAGES[0]).finish(false).unwrap();
    assert_eq!(end(&root), expected(IMAGES[0]));
}

/// Whether CloudFormation may make what a template says the server does not ask; that the calls are allowed it does.
#[test]
fn a_founder_makes_an_environment_from_nothing() {
    let server = Server::start_with(&[("MINISTACK_ACCOUNT_ID", ACCOUNT), ("AUTH", "true")]);
    let root = direct(&server, "test");
    let mut boto = Boto::of(&server);
    let founder = person(&mut boto, "founder", &Rollout::new(&root, "poc"), Audience::Founder);
    let cloud = client_of(Proxy::before(server.port(), |_, _| Fate::Through).port, &founder);
    let rollout = Rollout::new(&cloud, "poc");
    rollout.apply(&rollout.plan(), false);
    assert!(rollout.deployed().contains_key("web-alarms"));
}
