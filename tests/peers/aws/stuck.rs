//! Stacks that are stuck, and traffic that was moved by hand: both are told first, with the one right command.

use asagi::cloud::CloudFormation;
use asagi::ops::{
    Mend, RollbackOptions, Surroundings, diff_deployed, drift, mend, plan, rollback, status, stuck,
};
use asagi::rollout::{Cancellation, NoJournal, Unobserved};
use serde_json::json;

use super::live::live;
use super::target::{direct, runtime, server};
use crate::drive::rollout::Rollout;
use crate::support::Boto;

/// A rule of a group that is not there cannot be made.
const FAILS: &str = "
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
    let made = json!({ "StackName": "poc-poc-security", "TemplateBody": FAILS });
    boto.call("cloudformation", "create_stack", made);
    let status = || {
        let stack = run.block_on(cloud.describe_stack("poc-poc-security")).unwrap();
        stack.map(|stack| stack.status.to_string())
    };
    while status().is_some_and(|status| status.ends_with("_IN_PROGRESS")) {}
    assert_eq!(status().as_deref(), Some("ROLLBACK_COMPLETE"));

    let refused = run.block_on(plan(&cloud, rollout.loaded())).unwrap_err().to_string();
    assert!(refused.contains("`asagi mend poc` deletes it"), "{refused}");
    let found = run.block_on(stuck(&cloud, &rollout.loaded().graph)).unwrap();
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
    let seen = run.block_on(drift(&cloud, &loaded.environment)).unwrap();
    assert_eq!(seen.roles[0].drift, [told]);
    let seen = run.block_on(status(&cloud, &loaded.environment)).unwrap();
    assert_eq!(
        (&seen.roles[0].state.drift[0], seen.roles[0].next.as_str()),
        (&told.to_owned(), "asagi rollback poc --role web")
    );
    let seen = run.block_on(diff_deployed(&cloud, loaded)).unwrap();
    assert_eq!(seen.drift, [told]);
    let refused = run.block_on(plan(&cloud, loaded)).unwrap_err().to_string();
    let cancelled = Cancellation::default();
    let around =
        Surroundings { cloud: &cloud, observer: &Unobserved, journal: &NoJournal, cancelled: &cancelled };
    let options = RollbackOptions {
        prefix: "poc-poc".to_owned(),
        role: "web".to_owned(),
        reason: "moved by hand".to_owned(),
        keep_candidate: false,
    };
    assert!(refused.contains(told) && refused.contains("only `asagi rollback` may proceed"), "{refused}");

    run.block_on(rollback(&around, &options)).unwrap();
    assert_eq!(run.block_on(drift(&cloud, &loaded.environment)).unwrap().roles, []);
}
