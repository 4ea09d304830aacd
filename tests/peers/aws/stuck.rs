//! Stacks that are stuck, and traffic that was moved by hand: both are told first, with the one right command.

use std::fs;
use std::thread;

use asagi::cloud::{Cloud, CloudFormation};
use asagi::ops::{
    Identity, Loaded, Look, Mend, ReadError, Reverted, RollbackOptions, StuckStack, Surroundings,
    diff_deployed, drift, mend, plan, revert, rollback, status, stuck,
};
use asagi::rollout::{Cancellation, NoJournal, Unobserved};
use serde_json::{Value, json};

use super::cli::{asagi, run as run_program};
use super::live::live;
use super::target::{direct, runtime, server};
use crate::drive::rollout::Rollout;
use crate::support::{Account, Boto, said};

/// What nothing can be deployed to.
async fn stuck_now(cloud: &dyn Cloud, loaded: &Loaded) -> Result<Vec<StuckStack>, ReadError> {
    let (identity, zone) = (Identity::of(&loaded.environment), jiff::tz::TimeZone::UTC.into());
    let look = Look { identity: &identity, loaded: Some(loaded), broken: false, typed: "poc", zone: &zone };
    stuck(cloud, look).await
}

/// A rule of a group that is not there cannot be made.
pub(super) const FAILS: &str = "
Resources:
  First:
    Type: AWS::EC2::SecurityGroupIngress
    Properties: { GroupId: sg-0f1e2d3c4b5a69780, IpProtocol: tcp, FromPort: 1, ToPort: 1, CidrIp: 10.0.0.0/8 }
";

#[test]
fn a_stack_whose_creation_failed_is_explained_deleted_and_made_anew() {
    let server = server();
    let (cloud, run, mut boto) = (direct(&server, "test"), runtime(), Boto::of(&server));
    let rollout = Rollout::new(&cloud, "poc");
    let tags = ["Project", "Environment"].map(|key| json!({ "Key": key, "Value": "poc" }));
    let made = json!({ "StackName": "poc-poc-security", "TemplateBody": FAILS, "Tags": tags });
    boto.call("cloudformation", "create_stack", made);
    let status = || {
        let stack = run.block_on(cloud.describe_stack("poc-poc-security")).unwrap();
        stack.map(|stack| stack.status.to_string())
    };
    while status().is_some_and(|status| status.ends_with("_IN_PROGRESS")) {}
    assert_eq!(status().as_deref(), Some("ROLLBACK_COMPLETE"));

    let refused = run.block_on(plan(&cloud, rollout.loaded())).unwrap_err().to_string();
    assert!(refused.contains("`asagi mend poc` deletes it"), "{refused}");
    let found = run.block_on(stuck_now(&cloud, rollout.loaded())).unwrap();
    assert_eq!((found.len(), found[0].mend), (1, Mend::Delete));
    let reason = found[0].reason.clone().unwrap();
    assert!(reason.starts_with("First CREATE_FAILED: "), "{reason}");
    run.block_on(mend(&cloud, &found[0])).unwrap();
    while status().is_some() {}
    rollout.apply(&rollout.plan(), false);
}

#[test]
fn weights_moved_by_hand_are_told_by_everything_that_reads() {
    let server = live();
    let (cloud, run, mut boto) = (direct(&server, "test"), runtime(), Boto::of(&server));
    let rollout = Rollout::new(&cloud, "poc").release("1.1", "ami-0ad8fabc2e4057f9a");
    let asked = json!({ "StackName": "poc-poc-web-traffic", "LogicalResourceId": "AllRule" });
    let rule = boto.call("cloudformation", "describe_stack_resource", asked);
    let arn = rule["StackResourceDetail"]["PhysicalResourceId"].clone();
    let rules = boto.call("elbv2", "describe_rules", json!({ "RuleArns": [arn] }));
    let mut actions = rules["Rules"][0]["Actions"].clone();
    actions[0]["ForwardConfig"]["TargetGroups"][0]["Weight"] = 70.into();
    actions[0]["ForwardConfig"]["TargetGroups"][1]["Weight"] = 30.into();
    boto.call("elbv2", "modify_rule", json!({ "RuleArn": arn, "Actions": actions }));

    let told = "rule AllRule (priority 100) sends 70/30 to blue/green, the stack says 100/0";
    let loaded = rollout.loaded();
    let identity = Identity::of(&loaded.environment);
    let zone = jiff::tz::TimeZone::UTC.into();
    let look = Look { identity: &identity, loaded: Some(loaded), broken: false, typed: "poc", zone: &zone };
    let seen = run.block_on(drift(&cloud, look)).unwrap();
    assert_eq!(seen.roles[0].drift, [told]);
    let seen = run.block_on(status(&cloud, look)).unwrap();
    assert_eq!(
        (&seen.roles[0].state.drift[0], seen.roles[0].next.as_str()),
        (&told.to_owned(), "asagi mend poc")
    );
    let seen = run.block_on(diff_deployed(&cloud, loaded)).unwrap();
    assert_eq!(seen.drift, [told]);
    let refused = run.block_on(plan(&cloud, loaded)).unwrap_err().to_string();
    let cancelled = Cancellation::default();
    let around = Surroundings {
        cloud: &cloud,
        observer: &Unobserved,
        journal: &NoJournal,
        origin: None,
        cancelled: &cancelled,
        zone: &asagi::model::Zone::from(jiff::tz::TimeZone::UTC),
    };
    let options = RollbackOptions {
        owner: identity.owner(),
        account: identity.account.clone(),
        role: "web".to_owned(),
        reason: "moved by hand".to_owned(),
        keep_candidate: false,
        all_the_same: false,
    };
    assert!(refused.contains(told) && refused.contains("only `asagi rollback` may proceed"), "{refused}");

    // The server knows no drift-aware change sets and compares with the template before, as AWS does without the mode:
    // it sees nothing to change, and asagi tells that it is so instead of saying that all is well.
    let unseen =
        run.block_on(revert(&around, &identity.owner(), Some(&loaded.environment.account), "web")).unwrap();
    assert_eq!(unseen, Reverted::Unseen(vec![told.to_owned()]));

    run.block_on(rollback(&around, &options)).unwrap();
    assert_eq!(run.block_on(drift(&cloud, look)).unwrap().roles, []);
}

/// Lets the next work on a resource fail, on the way forward or back.
fn fail(boto: &mut Boto, way: &str, resource: &str) {
    let name = format!("/faults/{way}/{resource}");
    boto.call("ssm", "put_parameter", json!({ "Name": name, "Value": "quota exceeded", "Type": "String" }));
}

/// Updates record and weights of the traffic stack by boto3, as somebody with a console does; gives where that ends.
fn update(boto: &mut Boto, stack: &str, disable_rollback: bool) -> String {
    let found = boto.call("cloudformation", "describe_stacks", json!({ "StackName": stack }));
    let same = |given: &Value| json!({ "ParameterKey": given["ParameterKey"], "UsePreviousValue": true });
    let mut given: Vec<Value> =
        found["Stacks"][0]["Parameters"].as_array().unwrap().iter().map(same).collect();
    for (name, value) in [("RolloutRecord", "{\"v\":1,\"phase\":\"none\"}"), ("BlueWeight", "60")] {
        given.retain(|parameter| parameter["ParameterKey"] != name);
        given.push(json!({ "ParameterKey": name, "ParameterValue": value }));
    }
    let asked = json!({
        "StackName": stack, "UsePreviousTemplate": true, "Parameters": given, "DisableRollback": disable_rollback,
    });
    boto.call("cloudformation", "update_stack", asked);
    settled(boto, stack)
}

/// Where a stack comes to rest.
pub(super) fn settled(boto: &mut Boto, stack: &str) -> String {
    loop {
        let found = boto.call("cloudformation", "describe_stacks", json!({ "StackName": stack }));
        let status = found["Stacks"][0]["StackStatus"].as_str().unwrap().to_owned();
        if !status.ends_with("_IN_PROGRESS") {
            return status;
        }
    }
}

const TRAFFIC: &str = "poc-poc-web-traffic";

#[test]
fn a_rollback_that_failed_is_explained_and_continued() {
    let server = live();
    let (cloud, run, mut boto) = (direct(&server, "test"), runtime(), Boto::of(&server));
    let rollout = Rollout::new(&cloud, "poc");
    fail(&mut boto, "forward", "poc-poc-web-traffic/RolloutRecordParameter");
    fail(&mut boto, "back", "poc-poc-web-traffic/AllRule");
    assert_eq!(update(&mut boto, TRAFFIC, false), "UPDATE_ROLLBACK_FAILED");

    let refused = run.block_on(plan(&cloud, rollout.loaded())).unwrap_err().to_string();
    assert!(refused.contains("`asagi mend poc` continues its rollback"), "{refused}");
    let found = run.block_on(stuck_now(&cloud, rollout.loaded())).unwrap();
    assert_eq!((found.len(), found[0].mend), (1, Mend::ContinueRollback));
    let reason = found[0].reason.clone().unwrap();
    assert!(
        reason.starts_with("RolloutRecordParameter UPDATE_FAILED: ") && reason.contains("quota"),
        "{reason}"
    );
    run.block_on(mend(&cloud, &found[0])).unwrap();
    assert_eq!(settled(&mut boto, TRAFFIC), "UPDATE_ROLLBACK_COMPLETE");
    assert_eq!(run.block_on(stuck_now(&cloud, rollout.loaded())).unwrap(), []);
    assert!(rollout.plan().is_empty(), "everything is as it was");
}

#[test]
fn an_update_that_failed_without_rollback_is_rolled_back_by_the_program() {
    let server = live();
    let (cloud, run, mut boto) = (direct(&server, "test"), runtime(), Boto::of(&server));
    let rollout = Rollout::new(&cloud, "poc");
    fail(&mut boto, "forward", "poc-poc-web-traffic/RolloutRecordParameter");
    assert_eq!(update(&mut boto, TRAFFIC, true), "UPDATE_FAILED");
    let refused = run.block_on(plan(&cloud, rollout.loaded())).unwrap_err().to_string();
    assert!(refused.contains("`asagi mend poc` rolls its failed update back"), "{refused}");

    let told = said(&run_program(asagi(&server, &["mend", "poc", "--yes"]), 0));
    let lines = [
        "poc-poc-web-traffic is UPDATE_FAILED\n  why   RolloutRecordParameter UPDATE_FAILED: ",
        "  next  roll poc-poc-web-traffic back to how it was before its failed update\n",
        "poc-poc-web-traffic: asked for\n",
    ];
    assert!(lines.iter().all(|line| told.contains(line)), "{told}");
    assert_eq!(settled(&mut boto, TRAFFIC), "UPDATE_ROLLBACK_COMPLETE");
    assert!(rollout.plan().is_empty(), "everything is as it was");
}

/// A stack that takes four seconds to be made.
const SLOW: &str = "
Resources:
  Handle: { Type: AWS::CloudFormation::WaitConditionHandle }
  Wait:
    Type: AWS::CloudFormation::WaitCondition
    Properties: { Handle: !Ref Handle, Timeout: \"4\", Count: 1 }
";

#[test]
fn a_busy_stack_tells_who_is_at_it_and_since_when() {
    let head = "retention: delete\n";
    let account =
        Account::with("poc", &[(head, &format!("{head}stacks: {{ slow: {{ template: ./slow.yaml }} }}\n"))]);
    fs::write(account.root().join("environments/slow.yaml"), SLOW).unwrap();
    let mut boto = account.client();
    boto.call("iam", "create_user", json!({ "UserName": "hanako" }));
    let made = boto.call("iam", "create_access_key", json!({ "UserName": "hanako" }));
    let key = made["AccessKey"]["AccessKeyId"].as_str().unwrap();
    let (hers, mine) = (direct(&account.server, key), direct(&account.server, "test"));
    let root = account.root().to_owned();
    let other = thread::spawn(move || drop(Rollout::of(&hers, &root, "poc").finish(false)));

    let (rollout, run) = (Rollout::of(&mine, account.root(), "poc"), runtime());
    let found = loop {
        let found = run.block_on(stuck_now(&mine, rollout.loaded())).unwrap();
        if let Some(slow) = found.into_iter().find(|it| it.stack == "poc-poc-slow" && it.status.is_busy()) {
            break slow;
        }
    };
    assert_eq!(found.mend, Mend::Wait);
    let reason = found.reason.unwrap();
    assert!(
        reason.starts_with("CREATE_IN_PROGRESS since 2") && reason.contains("hanako's, begun at"),
        "{reason}"
    );
    let refused = run.block_on(plan(&mine, rollout.loaded())).unwrap_err().to_string();
    let lines =
        ["stack poc-poc-slow is CREATE_IN_PROGRESS: ", "hanako's", "wait for it, or `asagi rollback poc`"];
    assert!(lines.iter().all(|line| refused.contains(line)), "{refused}");
    other.join().unwrap();
}
