//! A target kept in a folder: other processes go on with it, and none leaves it half written.

use std::path::Path;

use super::*;
use crate::cloud::CloudError;
use crate::cloud::local::Fault;
use crate::workspace::Door;

fn opened(folder: &Path) -> LocalCloud {
    LocalCloud::open(&Door::open(folder).unwrap(), settings(), |_| ()).unwrap()
}

/// A shift with a bake of 15 minutes, executed; and the documents of the folder.
async fn baking(cloud: &LocalCloud) {
    deploy(cloud, &request("first", Some(TRAFFIC), &[])).await;
    let shift = CreateChangeSet {
        rollback_configuration: RollbackConfiguration { triggers: Vec::new(), monitoring_minutes: 15 },
        ..request("shift", None, &["Blue=90", "Green=10"])
    };
    start(cloud, &shift).await;
    minutes(cloud, 7).await;
}

#[tokio::test]
async fn another_process_goes_on_with_the_bake_identically() {
    let folder = tempfile::tempdir().unwrap();
    let first = opened(folder.path());
    baking(&first).await;
    drop(first);
    let second = opened(folder.path());
    minutes(&second, 20).await;

    let whole = cloud();
    baking(&whole).await;
    minutes(&whole, 20).await;
    let since = START.parse().unwrap();
    assert_eq!(history(&second, "shop", since).await, history(&whole, "shop", since).await);
    let ids = |stack: Option<Stack>| stack.map(|stack| (stack.id, stack.last_operation, stack.outputs));
    assert_eq!(
        ids(second.describe_stack("shop").await.unwrap()),
        ids(whole.describe_stack("shop").await.unwrap())
    );
}

#[tokio::test]
async fn two_processes_see_each_other() {
    let folder = tempfile::tempdir().unwrap();
    let [operator, onlooker] = [opened(folder.path()), opened(folder.path())];
    assert_eq!(onlooker.stack_names().unwrap(), [""; 0]);
    baking(&operator).await;
    assert_eq!(onlooker.now(), operator.now());
    assert_eq!(onlooker.stack_names().unwrap(), ["shop"]);
}

#[tokio::test]
async fn a_crash_after_a_call_leaves_whole_documents() {
    let folder = tempfile::tempdir().unwrap();
    let cloud = opened(folder.path());
    deploy(&cloud, &request("first", Some(TRAFFIC), &[])).await;
    let made = make(&cloud, &request("shift", None, &["Blue=90"])).await.unwrap();
    cloud.inject(Fault::CrashAfter { calls: 0 }).unwrap();
    let told = cloud.execute_change_set(&made.id, "go").await.unwrap_err();
    assert!(matches!(told, CloudError::Store(_)), "{told}");
    drop(cloud);

    // The next process makes the same call, and finds it done.
    let cloud = opened(folder.path());
    cloud.execute_change_set(&made.id, "go").await.unwrap();
    assert_eq!(finished(&cloud, "shop").await.parameter("Blue"), Some("90"));
}

#[tokio::test]
async fn a_broken_document_is_named_with_what_mends_it() {
    let folder = tempfile::tempdir().unwrap();
    deploy(&opened(folder.path()), &request("first", Some(TRAFFIC), &[])).await;
    let path = folder.path().join(".asagi/local/123456789012/ap-northeast-1/stacks/shop.json");
    std::io::Write::write_all(
        &mut std::fs::OpenOptions::new().write(true).truncate(true).open(&path).unwrap(),
        b"{",
    )
    .unwrap();
    let told = opened(folder.path()).describe_stack("shop").await.unwrap_err().to_string();
    insta::assert_snapshot!(told.replace(&folder.path().display().to_string(), ""), @"`/.asagi/local/123456789012/ap-northeast-1/stacks/shop.json` is not what this asagi wrote: it ends too early in line 1 at character 1; put the file back, or start the embedded target over: `rm -r /.asagi/local/123456789012/ap-northeast-1`");
}
