//! Several Regions as one cloud.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{deploy, request, settings};
use crate::cfn::CreateChangeSet;
use crate::cloud::local::{LocalCloud, Settings};
use crate::cloud::{Cloud, CloudFormation, Regions};

const TOPIC: &str = "Resources: { A: { Type: AWS::SNS::Topic } }\n";

#[tokio::test]
async fn a_list_has_what_stands_in_its_own_region_and_nothing_else() {
    let [home, edge, read] = ["ap-northeast-1", "us-east-1", "eu-west-1"]
        .map(|region| LocalCloud::in_memory(Settings { region: region.to_owned(), ..settings() }));
    let made =
        |name: &str| CreateChangeSet { stack_name: name.to_owned(), ..request("first", Some(TOPIC), &[]) };
    for (there, names) in [
        (&home, ["shop-web", "shop-edge"].as_slice()),
        // Another environment has the same names there.
        (&edge, &["shop-web", "shop-edge", "shop-old"]),
        // Values are read there, and no stack of the environment stands there.
        (&read, &["shop-web"]),
    ] {
        for name in names {
            deploy(there, &made(name)).await;
        }
    }
    let ids = async |cloud: &dyn Cloud, name: &str| cloud.describe_stack(name).await.unwrap().unwrap().id;
    let (web, own) = (ids(&home, "shop-web").await, ids(&edge, "shop-edge").await);
    let others: BTreeMap<String, Arc<dyn Cloud>> = BTreeMap::from([
        ("us-east-1".to_owned(), Arc::new(edge) as _),
        ("eu-west-1".to_owned(), Arc::new(read) as _),
    ]);
    let stacks = BTreeMap::from([("shop-edge".to_owned(), "us-east-1".to_owned())]);
    let all = Regions::new(("ap-northeast-1".to_owned(), Arc::new(home)), others, stacks);
    let listed = all.stacks_named("shop-").await.unwrap();
    assert_eq!(listed.into_iter().map(|stack| stack.id).collect::<Vec<_>>(), [web, own]);
}
