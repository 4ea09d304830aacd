//! Stacks that are stuck: what is asked is true, and nothing that is in use goes by `--yes`.

use std::fmt::Write;

use asagi::cfn::StackStatus;
use asagi::ops::{Identity, Mend, StuckStack, stuck};

use super::block;
use super::doctored::Doctored;
use super::session::{Session, look, tokyo};

const STUCK: [&str; 8] = [
    "ROLLBACK_COMPLETE",
    "ROLLBACK_FAILED",
    "CREATE_FAILED",
    "DELETE_FAILED",
    "REVIEW_IN_PROGRESS",
    "UPDATE_ROLLBACK_FAILED",
    "UPDATE_FAILED",
    "IMPORT_ROLLBACK_FAILED",
];

/// The stack of that name, were it there.
fn in_status(session: &Session, stack: &str, status: &str) -> StuckStack {
    let name = format!("{}-{stack}", session.prefix);
    let status = Some((name.clone(), StackStatus::from(status.to_owned())));
    let cloud = Doctored { status, ..Doctored::of(&session.cloud) };
    let (loaded, zone) = (session.loaded(), tokyo());
    let identity = Identity::of(&loaded.environment);
    let found = block(stuck(&cloud, look(&loaded, &identity, &zone))).unwrap();
    found.into_iter().find(|it| it.stack == name).unwrap()
}

#[test]
fn nothing_that_is_in_use_is_deleted_by_yes() {
    let session = Session::poc();
    let stacks: Vec<String> = session.loaded().graph.stacks.keys().cloned().collect();
    for stack in &stacks {
        for status in STUCK {
            let found = in_status(&session, stack, status);
            let deletes = found.mend == Mend::Delete && found.is_safe();
            let nothing_lost =
                found.holds.is_empty() && found.needed_by.is_empty() && status != "DELETE_FAILED";
            assert_eq!(deletes, found.mend == Mend::Delete && nothing_lost, "{found:?}");
        }
        let asked = in_status(&session, stack, "DELETE_FAILED");
        assert!(!asked.is_safe(), "a delete that failed is never tried again by `--yes`: {asked:?}");
    }
}

#[test]
fn what_a_stack_holds_decides_what_is_asked() {
    let session = Session::poc();
    let mut text = String::new();
    for stack in ["web-traffic", "web-blue", "web-green", "network", "security", "load-balancer"] {
        if !session.loaded().graph.stacks.contains_key(stack) {
            continue;
        }
        for status in ["ROLLBACK_FAILED", "DELETE_FAILED"] {
            let found = in_status(&session, stack, status);
            let mut holds: Vec<&str> = found.holds.iter().map(asagi::ops::Hold::text).collect();
            holds.truncate(2);
            let safe = if found.is_safe() { "by --yes" } else { "a person" };
            let needed = found.needed_by.len();
            writeln!(text, "{stack} {status}: {:?} {safe}; {holds:?}; needed by {needed}", found.mend)
                .unwrap();
        }
    }
    insta::assert_snapshot!(text, @r#"
    web-traffic ROLLBACK_FAILED: Leave a person; ["2 targets of BlueTargetGroup", "AWS::Logs::LogGroup BlueLogGroup"]; needed by 3
    web-traffic DELETE_FAILED: Leave a person; ["2 targets of BlueTargetGroup", "AWS::Logs::LogGroup BlueLogGroup"]; needed by 3
    web-blue ROLLBACK_FAILED: Leave a person; ["100 % of users' requests go to its instances", "2 instances of Group"]; needed by 1
    web-blue DELETE_FAILED: Leave a person; ["100 % of users' requests go to its instances", "2 instances of Group"]; needed by 1
    web-green ROLLBACK_FAILED: Delete a person; []; needed by 1
    web-green DELETE_FAILED: Leave a person; []; needed by 1
    security ROLLBACK_FAILED: Delete a person; []; needed by 4
    security DELETE_FAILED: Leave a person; []; needed by 4
    load-balancer ROLLBACK_FAILED: Leave a person; ["AWS::S3::Bucket AccessLogBucket", "AWS::S3::BucketPolicy AccessLogBucketPolicy"]; needed by 2
    load-balancer DELETE_FAILED: Leave a person; ["AWS::S3::Bucket AccessLogBucket", "AWS::S3::BucketPolicy AccessLogBucketPolicy"]; needed by 2
    "#);
}
