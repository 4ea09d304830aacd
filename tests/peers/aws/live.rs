//! The poc with a release that is live, and what must be the same however the next one got there.

use asagi::cloud::Cloud;
use asagi::rollout::observe;
use serde_json::{Value, json};

use super::target::{calm, direct, runtime, server};
use crate::drive::rollout::Rollout;
use crate::support::{Boto, Server};

/// The two images that releases go back and forth between.
pub(super) const IMAGES: [&str; 2] = ["ami-0ad8fabc2e4057f9a", "ami-0b19c7d5e83f6a042"];

/// A server on which the poc's first release is live.
pub(super) fn live() -> Server {
    let server = server();
    first_release(&server);
    server
}

/// Makes the poc's first release live.
pub(super) fn first_release(server: &Server) {
    let cloud = direct(server, "test");
    let rollout = Rollout::new(&cloud, "poc");
    rollout.apply(&rollout.plan(), false);
    calm(&mut Boto::of(server));
    rollout.apply(&rollout.plan(), false);
}

/// The poc with the release of that image wanted.
pub(super) fn release<'a>(cloud: &'a dyn Cloud, image: &str) -> Rollout<'a> {
    Rollout::new(cloud, "poc").release(image, image)
}

/// What is live, by image, and that nothing else is: phase, image, weight and size of the live slot, and of the other.
pub(super) fn end(cloud: &dyn Cloud) -> String {
    let state = runtime().block_on(observe(cloud, "poc-poc", "web")).unwrap().state;
    let live = state.live().unwrap();
    let (on, off) = (state.slot(live), state.slot(live.other()));
    format!(
        "{} {} weight {} healthy {}/{}; other: weight {} min {} desired {} healthy {}; drift {:?}",
        state.record.phase,
        on.image.as_deref().unwrap_or_default(),
        on.weight,
        on.healthy,
        on.desired,
        off.weight,
        off.min,
        off.desired,
        off.healthy,
        state.drift
    )
}

/// The end of an undisturbed rollout.
pub(super) fn expected(image: &str) -> String {
    format!("complete {image} weight 100 healthy 2/2; other: weight 0 min 0 desired 0 healthy 0; drift []")
}

/// Change sets that could still be executed, and stacks that are nothing but a name.
pub(super) fn orphans(client: &mut Boto) -> Vec<String> {
    let stacks = client.call("cloudformation", "describe_stacks", json!({}));
    let mut found = Vec::new();
    for stack in stacks["Stacks"].as_array().unwrap() {
        let name = stack["StackName"].as_str().unwrap();
        if stack["StackStatus"] == "REVIEW_IN_PROGRESS" {
            found.push(name.to_owned());
        }
        let sets = client.call("cloudformation", "list_change_sets", json!({ "StackName": name }));
        let open = |set: &&Value| set["ExecutionStatus"] == "AVAILABLE";
        let open = sets["Summaries"].as_array().into_iter().flatten().filter(open);
        found.extend(open.map(|set| format!("{name}: {}", set["ChangeSetName"])));
    }
    found
}
