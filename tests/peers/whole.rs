//! Every environment of the repository, whole: what Sceptre builds asagi adopts, what asagi builds Sceptre finds
//! unchanged, and neither touches traffic and slots unasked.

use std::collections::BTreeMap;
use std::fs;

use asagi::cloud::Cloud;
use asagi::ops::{Loaded, diff_deployed, load, plan};
use asagi::stacks::{StackGraph, StackKind, names};
use asagi::workspace::Workspace;
use serde_json::{Value, json};
use tokio::runtime::Builder;

use crate::cloud::BotoCloud;
use crate::drive::Rollout;
use crate::support::{Account, Sceptre, Seen, changes, seen};

/// All of them; `environments.rs` says which there are.
pub(crate) const TESTED: [&str; 4] = ["dev", "poc", "prod", "stg"];

const NOTHING: [&str; 0] = [];

fn loaded(account: &Account) -> Loaded {
    load(&Workspace::open(account.root()).unwrap(), &account.environment).unwrap()
}

/// Layers whose recipe names an image that the layer below makes: the parameters that its pipeline writes.
pub(crate) fn registry(loaded: &Loaded) -> Vec<(String, String)> {
    let of = |stack: &asagi::stacks::RenderedStack| {
        let parent = stack.template.resources.get("Recipe")?.properties["ParentImage"].as_str()?;
        Some((stack.key.clone(), parent.strip_prefix("ssm:")?.to_owned()))
    };
    loaded.graph.stacks.values().filter_map(of).collect()
}

/// The stacks that phases move.
pub(crate) fn phased(graph: &StackGraph) -> Vec<String> {
    let stacks = graph.stacks.values();
    let moved = stacks.filter(|stack| stack.arguments.values().any(asagi::stacks::Argument::is_phase));
    moved.map(|stack| stack.key.clone()).collect()
}

/// By Sceptre, as the README beside the files says: image layers one after the other, then everything.
fn bootstrap(account: &Account, loaded: &Loaded, sceptre: &Sceptre) {
    let environment = &account.environment;
    for (stack, parent) in registry(loaded) {
        let below = if stack.ends_with("middleware") { "base" } else { "middleware" };
        let role = stack.split("-images").next().unwrap();
        sceptre.succeed(&["launch", "-y", &format!("{environment}/{role}-images-{below}.yaml")]);
        account.build_image(&parent);
    }
    sceptre.succeed(&["--var-file", "vars/bootstrap.yaml", "launch", "-y", environment]);
}

/// Every stack came after all it depends on were there.
fn assert_order(made: &BTreeMap<String, Seen>, loaded: &Loaded, cloud: &BotoCloud) {
    let run = Builder::new_current_thread().build().unwrap();
    let whole = |name: &str| {
        let events = run.block_on(async { cloud_events(cloud, name).await });
        *events.last().unwrap()
    };
    for stack in loaded.graph.stacks.values() {
        for before in &stack.depends_on {
            let before = &loaded.graph.stacks[before].name;
            let begun: jiff::Timestamp = made[&stack.name].created.parse().unwrap();
            assert!(whole(before) <= begun, "{} was begun before {before} was there", stack.name);
        }
    }
}

async fn cloud_events(cloud: &BotoCloud, stack: &str) -> Vec<jiff::Timestamp> {
    let cloud: &dyn Cloud = cloud;
    let events = cloud.describe_stack_events(stack, None).await.unwrap();
    let created =
        events.iter().filter(|event| event.is_of_stack() && event.status.as_str() == "CREATE_COMPLETE");
    created.map(|event| event.at).collect()
}

/// `sceptre diff` always ends well: what it says decides.
fn assert_no_difference(sceptre: &Sceptre, arguments: &[&str], stacks: usize) {
    let said = sceptre.succeed(arguments);
    assert_eq!(said.matches("No difference to deployed stack").count(), stacks, "{said}");
    assert!(!said.contains("Difference detected"), "{said}");
}

/// What was moved. The server updates a stack with a dynamic reference whenever it is launched, although nothing of it
/// moves; CloudFormation compares the reference, not what it stands for.
fn moved(loaded: &Loaded, before: &BTreeMap<String, Seen>, after: &BTreeMap<String, Seen>) -> Vec<String> {
    let resolves = |line: &String| {
        let mut stacks = loaded.graph.stacks.values().filter(|stack| stack.text.contains("{{resolve:"));
        stacks.any(|stack| line.starts_with(&format!("{}: its last update ", stack.name)))
    };
    changes(before, after).into_iter().filter(|line| !resolves(line)).collect()
}

/// What asagi would change: nothing, but for the protection that Sceptre cannot switch on.
fn assert_adopted(loaded: &Loaded, cloud: &BotoCloud) {
    let run = Builder::new_current_thread().enable_all().build().unwrap();
    let mut diff = run.block_on(diff_deployed(cloud, loaded)).unwrap();
    let unprotected = std::mem::take(&mut diff.protection);
    let protects = if loaded.environment.protection.termination { diff.stacks.len() } else { 0 };
    let switches = |line: &String| line.ends_with(" is off; the spec says on, and apply switches it on");
    assert_eq!(unprotected.iter().filter(|line| switches(line)).count(), protects, "{unprotected:#?}");
    assert_eq!(unprotected.len(), protects, "{unprotected:#?}");
    // Sceptre makes slots without instances: each role's first release is still to come, and nothing else.
    let first = std::mem::take(&mut diff.roles);
    assert_eq!(first.len(), loaded.environment.roles.len(), "{first:#?}");
    assert!(first.iter().all(|role| role.changes.iter().all(|it| it.before.is_none())), "{first:#?}");
    assert!(diff.is_empty(), "{diff:#?}");
    assert!(diff.deferred.is_empty(), "{:?}", diff.deferred);
    let plan = run.block_on(plan(cloud, loaded)).unwrap();
    let planned: Vec<_> = plan.levels.iter().flatten().collect();
    assert!(
        planned.iter().all(|stack| stack.protects == Some(true) && stack.predicted.is_empty()),
        "{planned:#?}"
    );
    assert_eq!(planned.is_empty(), !loaded.environment.protection.termination);
}

fn sceptre_builds_and_asagi_adopts(environment: &str) {
    let account = Account::of(environment);
    let (rendered, loaded) = (account.rendered(), loaded(&account));
    let (sceptre, mut cloud) = (account.sceptre(&rendered), account.client());
    bootstrap(&account, &loaded, &sceptre);
    let made = seen(&mut cloud);
    let stacks: Vec<_> = rendered.templates().into_iter().map(|(stack, _)| stack).collect();
    assert!(made.keys().eq(&stacks), "{:?} of {stacks:?}", made.keys());
    assert!(made.values().all(|stack| stack.status == "CREATE_COMPLETE"), "{made:#?}");
    let target = BotoCloud::of(&account.server);
    assert_order(&made, &loaded, &target);

    let phased = phased(&loaded.graph);
    assert_no_difference(&sceptre, &["diff", environment], stacks.len() - phased.len());
    sceptre.succeed(&["launch", "-y", environment]);
    for stack in &phased {
        let output = sceptre.run(&["update", "-y", &format!("{environment}/{stack}.yaml")]);
        assert!(!output.status.success(), "an update of {stack} went through");
    }
    assert_eq!(moved(&loaded, &made, &seen(&mut cloud)), NOTHING, "without a var file");
    assert_adopted(&loaded, &target);
    assert_eq!(moved(&loaded, &made, &seen(&mut cloud)), NOTHING, "while asagi looked");
}

#[test]
fn sceptre_builds_dev_and_asagi_adopts_it() {
    sceptre_builds_and_asagi_adopts("dev");
}

#[test]
fn sceptre_builds_poc_and_asagi_adopts_it() {
    sceptre_builds_and_asagi_adopts("poc");
}

#[test]
fn sceptre_builds_prod_and_asagi_adopts_it() {
    sceptre_builds_and_asagi_adopts("prod");
}

#[test]
fn sceptre_builds_stg_and_asagi_adopts_it() {
    sceptre_builds_and_asagi_adopts("stg");
}

/// Everything that is deployed, as a var file: what phases move, where they have moved it.
fn live(loaded: &Loaded, deployed: &BTreeMap<String, Seen>) -> Value {
    let stacks = loaded.graph.stacks.values();
    let vector = stacks.filter_map(|stack| {
        let moved = stack.arguments.iter().filter(|(_, argument)| argument.is_phase());
        let values = &deployed[&stack.name].parameters;
        let moved: BTreeMap<_, _> = moved.map(|(name, _)| (name.clone(), values[name].clone())).collect();
        (!moved.is_empty()).then(|| (stack.key.clone(), moved))
    });
    json!({ "stacks": vector.collect::<BTreeMap<_, _>>() })
}

fn asagi_builds_and_sceptre_finds_no_difference(environment: &str) {
    let account = Account::of(environment);
    let loaded = loaded(&account);
    for (_, parent) in registry(&loaded) {
        account.build_image(&parent);
    }
    let cloud = BotoCloud::of(&account.server);
    let rollout = Rollout::of(&cloud, account.root(), environment);
    let first = rollout.plan();
    assert!(first.deferred.is_empty(), "{:?}", first.deferred);
    rollout.run(&first, false);

    let rendered = account.rendered();
    let (sceptre, mut client) = (account.sceptre(&rendered), account.client());
    let deployed = seen(&mut client);
    let stacks = loaded.graph.stacks.len();
    assert_eq!(deployed.len(), stacks);
    assert_no_difference(&sceptre, &["diff", environment], stacks - phased(&loaded.graph).len());
    fs::write(rendered.folder.join("vars/live.yaml"), live(&loaded, &deployed).to_string()).unwrap();
    assert_no_difference(&sceptre, &["--var-file", "vars/live.yaml", "diff", environment], stacks);
    sceptre.succeed(&["--var-file", "vars/live.yaml", "launch", "-y", environment]);
    assert_eq!(moved(&loaded, &deployed, &seen(&mut client)), NOTHING, "by a launch of what is there");
    assert_roles(&loaded, &deployed);
}

/// A team's own stacks, and the one that makes the role, are made with the permissions of whoever applies them.
fn assert_roles(loaded: &Loaded, deployed: &BTreeMap<String, Seen>) {
    for stack in loaded.graph.stacks.values() {
        let own = matches!(stack.kind, StackKind::Own | StackKind::Foundation);
        assert_eq!(deployed[&stack.name].role.is_none(), own, "{}", stack.name);
    }
    assert!(loaded.graph.stacks["foundation"].template.outputs.contains_key(names::SERVICE_ROLE_ARN));
}

#[test]
fn asagi_builds_dev_and_sceptre_finds_no_difference() {
    asagi_builds_and_sceptre_finds_no_difference("dev");
}

#[test]
fn asagi_builds_poc_and_sceptre_finds_no_difference() {
    asagi_builds_and_sceptre_finds_no_difference("poc");
}

#[test]
fn asagi_builds_prod_and_sceptre_finds_no_difference() {
    asagi_builds_and_sceptre_finds_no_difference("prod");
}

#[test]
fn asagi_builds_stg_and_sceptre_finds_no_difference() {
    asagi_builds_and_sceptre_finds_no_difference("stg");
}
