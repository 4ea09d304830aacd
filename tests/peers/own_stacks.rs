//! A team's own stacks among asagi's: YAML with short tags, JSON, and templates that macros rewrite, in one graph with
//! outputs going both ways, built on the embedded target, on the server, and by Sceptre.

use std::fs;
use std::path::Path;

use asagi::cloud::Cloud;
use asagi::cloud::local::{LocalCloud, Settings};
use asagi::diff::StackDiff;
use asagi::ops::{Loaded, diff_deployed, load};
use asagi::rollout::Built;
use asagi::workspace::Workspace;
use serde_json::json;
use tokio::runtime::Builder;

use crate::cloud::BotoCloud;
use crate::drive::Rollout;
use crate::support::{Account, REGION};

/// Gives the load balancer what asagi's spec asks for, and takes nothing.
const SHIELD: &str = r#"Parameters:
  Name: { Type: String }
Conditions:
  IsNamed: !Not [!Equals [!Ref Name, ""]]
Resources:
  Kept:
    Type: AWS::SSM::Parameter
    Properties:
      Type: String
      Name: /poc/poc/shield
      Value: !If [IsNamed, !Sub "arn:aws:wafv2:${AWS::Region}:${AWS::AccountId}:regional/webacl/${Name}/1", none]
Outputs:
  WebAclArn: { Value: !GetAtt Kept.Value }
"#;

/// Takes from asagi's stacks and from the other one.
const WATCH: &str = r#"{
  "Parameters": { "LoadBalancer": { "Type": "String" }, "Group": { "Type": "String" }, "Shield": { "Type": "String" } },
  "Resources": { "Seen": { "Type": "AWS::SSM::Parameter", "Properties": {
    "Type": "String", "Name": "/poc/poc/watch",
    "Value": { "Fn::Join": ["|", [{ "Ref": "LoadBalancer" }, { "Ref": "Group" }, { "Ref": "Shield" }]] }
  } } },
  "Outputs": { "Seen": { "Value": { "Fn::GetAtt": ["Seen", "Value"] } } }
}
"#;

/// A macro rewrites it, from a piece that lies in a bucket.
const PIECES: &str = "# version one
Parameters: { Size: { Type: String } }
Resources:
  Fixed:
    Type: AWS::SSM::Parameter
    Properties: { Type: String, Name: /poc/poc/fixed, Value: !Ref Size }
  Fn::Transform: { Name: AWS::Include, Parameters: { Location: s3://poc-pieces/piece.yaml } }
Outputs:
  Size: { Value: !GetAtt Fixed.Value }
";

const STACKS: &str = "
stacks:
  shield: { template: ./stacks/shield.yaml, parameters: { Name: poc } }
  watch:
    template: ./stacks/watch.json
    parameters:
      LoadBalancer: { output: load-balancer.LoadBalancerFullName }
      Group: { output: web-traffic.BlueTargetGroupArn }
      Shield: { output: shield.WebAclArn }
  pieces: { template: ./stacks/pieces.yaml, parameters: { Size: 3 } }
";

/// The poc with these stacks.
fn account() -> Account {
    let account = Account::with(
        "poc",
        &[("  scheme: internal\n", "  scheme: internal\n  webAcl: { output: shield.WebAclArn }\n")],
    );
    let root = account.root().join("environments");
    for (name, text) in [("shield.yaml", SHIELD), ("watch.json", WATCH), ("pieces.yaml", PIECES)] {
        fs::write(root.join("stacks").join(name), text).unwrap();
    }
    let spec = fs::read_to_string(root.join("poc.yaml")).unwrap();
    fs::write(root.join("poc.yaml"), spec + STACKS).unwrap();
    let mut cloud = account.client();
    cloud.call(
        "s3",
        "create_bucket",
        json!({ "Bucket": "poc-pieces", "CreateBucketConfiguration": { "LocationConstraint": REGION } }),
    );
    let piece = "Piece:\n  Type: AWS::SNS::Topic\n";
    cloud.call("s3", "put_object", json!({ "Bucket": "poc-pieces", "Key": "piece.yaml", "Body": piece }));
    for layer in ["base", "middleware"] {
        account.build_image(&format!("/poc/images/web/{layer}/1.0"));
    }
    account
}

fn loaded(root: &Path) -> Loaded {
    load(&Workspace::open(root).unwrap(), "poc").unwrap()
}

fn differing(cloud: &dyn Cloud, root: &Path) -> Vec<StackDiff> {
    let run = Builder::new_current_thread().enable_all().build().unwrap();
    let diff = run.block_on(diff_deployed(cloud, &loaded(root))).unwrap();
    diff.stacks.into_iter().filter(|stack| !stack.is_empty()).collect()
}

fn outputs(cloud: &dyn Cloud, stack: &str) -> indexmap::IndexMap<String, String> {
    let run = Builder::new_current_thread().enable_all().build().unwrap();
    run.block_on(cloud.describe_stack(stack)).unwrap().unwrap().outputs
}

/// What goes from stack to stack arrived.
fn assert_joined(cloud: &dyn Cloud) {
    let seen = outputs(cloud, "poc-poc-watch")["Seen"].clone();
    let [balancer, group, shield] = seen.split('|').collect::<Vec<_>>()[..] else { panic!("{seen}") };
    assert_eq!(balancer, outputs(cloud, "poc-poc-load-balancer")["LoadBalancerFullName"]);
    assert_eq!(group, outputs(cloud, "poc-poc-web-traffic")["BlueTargetGroupArn"]);
    assert_eq!(shield, format!("arn:aws:wafv2:{REGION}:444455556666:regional/webacl/poc/1"));
}

/// Builds everything, then a new text of the template that macros rewrite.
fn build_and_edit(cloud: &dyn Cloud, root: &Path) {
    let rollout = Rollout::of(cloud, root, "poc");
    rollout.run(&rollout.plan(), false);
    assert_joined(cloud);
    assert_eq!(differing(cloud, root), []);

    let path = root.join("environments/stacks/pieces.yaml");
    fs::write(
        &path,
        PIECES.replace("version one", "version two").replace("Value: !Ref Size", "Value: !Sub \"${Size}!\""),
    )
    .unwrap();
    let [pieces] = &differing(cloud, root)[..] else { panic!("{:#?}", differing(cloud, root)) };
    let text = pieces.text.as_deref().unwrap();
    assert!(text.contains("-# version one\n+# version two\n"), "{text}");
    let rollout = Rollout::of(cloud, root, "poc");
    let plan = rollout.plan();
    let planned: Vec<_> =
        plan.levels.iter().flatten().map(|stack| (stack.key.as_str(), stack.unforeseen)).collect();
    assert_eq!(planned, [("pieces", true)]);
    rollout.run(&plan, false);
    assert_eq!(outputs(cloud, "poc-poc-pieces")["Size"], "3!");
    assert_eq!(differing(cloud, root), []);

    // No plan can show that a resource goes: when the change set does, a person is asked, and for exactly that.
    fs::write(&path, PIECES.replace("Fixed", "Renamed").replace("/poc/poc/fixed", "/poc/poc/renamed"))
        .unwrap();
    let rollout = Rollout::of(cloud, root, "poc");
    let built = rollout.build(&rollout.plan(), &["0a1b-2c3d-4e5f-6071-8293-a4b5-c6d7-e8f9".to_owned()]);
    let Built::Asks { stack, question } = built else { panic!("{built:#?}") };
    assert_eq!(
        (stack.as_str(), &question.severe[..]),
        ("pieces", &["removes Fixed (AWS::SSM::Parameter)".to_owned()][..])
    );
    assert_eq!(outputs(cloud, "poc-poc-pieces")["Size"], "3!", "nothing was executed");
    let built = rollout.build(&rollout.plan(), &[question.digest]);
    assert_eq!(built, Built::Done(vec!["pieces".to_owned()]));
    assert_eq!(differing(cloud, root), []);
}

#[test]
fn own_stacks_on_the_server() {
    let account = account();
    build_and_edit(&BotoCloud::of(&account.server), account.root());
}

#[test]
fn own_stacks_on_the_embedded_target() {
    let account = account();
    let start = "2026-11-09T00:00:00Z".parse().unwrap();
    let cloud = LocalCloud::in_memory(Settings {
        account: "444455556666".to_owned(),
        region: REGION.to_owned(),
        start,
    });
    for layer in ["base", "middleware"] {
        cloud.put_parameter(&format!("/poc/images/web/{layer}/1.0"), "ami-07a5c7e9fb1d24c67").unwrap();
    }
    build_and_edit(&cloud, account.root());
}

#[test]
fn own_stacks_by_sceptre() {
    let account = account();
    let rendered = account.rendered();
    let sceptre = account.sceptre(&rendered);
    sceptre.succeed(&["--var-file", "vars/bootstrap.yaml", "launch", "-y", "poc"]);
    let cloud = BotoCloud::of(&account.server);
    assert_joined(&cloud);
    assert_eq!(differing(&cloud, account.root()), []);
    let said = sceptre.succeed(&["--var-file", "vars/bootstrap.yaml", "diff", "poc"]);
    assert!(!said.contains("Difference detected"), "{said}");
}

#[test]
fn an_output_that_is_not_there_is_told_where_it_is_asked_for() {
    let account = account();
    let path = account.root().join("environments/poc.yaml");
    let spec = fs::read_to_string(&path).unwrap();
    fs::write(
        &path,
        spec.replace("webAcl: { output: shield.WebAclArn }", "webAcl: { output: shield.Nothing }"),
    )
    .unwrap();
    let error = load(&Workspace::open(account.root()).unwrap(), "poc").unwrap_err();
    let asagi::ops::LoadError::Findings(read) = error else { panic!("{error}") };
    let told: Vec<_> =
        read.findings.iter().map(|finding| format!("{}: {}", finding.code, finding.message)).collect();
    assert_eq!(
        told,
        [
            "ASG0507: stack `load-balancer`: parameter `WebAclArn` takes output `Nothing` of `shield`, which has no such output"
        ]
    );
}
