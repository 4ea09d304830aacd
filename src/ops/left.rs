//! Stacks that are deployed and no longer in the spec. A stack is an environment's own by its name and its tags; what no run
//! of asagi ever changed may be somebody else's that has the same tags, and is left alone until a person says otherwise.

use futures_util::future::join_all;

use crate::cfn::{Stack, StackResource, Template};
use crate::cloud::{Cloud, CloudError};
use crate::plan::{DeployedStack, Left};
use crate::rollout::was_here;
use crate::stacks::{Owner, StackGraph};

use super::mend::slot_weight;

/// A stack that left the spec.
#[derive(Debug, Clone)]
pub(super) struct Beside {
    pub(super) stack: Stack,
    pub(super) own: bool,
}

/// The stacks of an environment that its graph does not have, in the order of their names; `None` where the caller may not
/// list stacks, so that nobody knows.
///
/// # Errors
/// When a call does not succeed.
pub(super) async fn beside(
    cloud: &dyn Cloud,
    owner: &Owner,
    graph: &StackGraph,
    adopt: &[String],
) -> Result<Option<Vec<Beside>>, CloudError> {
    let Some(all) = all_of(cloud, owner).await? else { return Ok(None) };
    let planned = |stack: &Stack| graph.stacks.values().any(|it| it.name == stack.name);
    let mut found = Vec::new();
    for stack in all.iter().filter(|stack| !planned(stack)) {
        if is_nested(cloud, stack, &all).await? {
            continue;
        }
        let own = adopt.contains(&stack.name) || is_own(cloud, stack).await?;
        found.push(Beside { stack: stack.clone(), own });
    }
    Ok(Some(found))
}

/// Every stack that has an environment's name and tags, in the order of their names.
///
/// # Errors
/// When a call does not succeed.
pub(super) async fn all_of(cloud: &dyn Cloud, owner: &Owner) -> Result<Option<Vec<Stack>>, CloudError> {
    let listed = match cloud.stacks_named(&format!("{}-", owner.prefix())).await {
        Err(CloudError::AccessDenied(_)) => return Ok(None),
        listed => listed?,
    };
    let mut own: Vec<Stack> = listed.into_iter().filter(|stack| owner.check(stack).is_ok()).collect();
    own.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(Some(own))
}

/// Some run of asagi made or changed it.
pub(super) async fn is_own(cloud: &dyn Cloud, stack: &Stack) -> Result<bool, CloudError> {
    Ok(was_here(&cloud.describe_stack_events(&stack.id, None).await?))
}

/// Another of those stacks has it as a resource: it has that one's tags, and goes with it.
pub(super) async fn is_nested(cloud: &dyn Cloud, stack: &Stack, all: &[Stack]) -> Result<bool, CloudError> {
    let begins =
        |other: &&Stack| stack.name.strip_prefix(&other.name).is_some_and(|rest| rest.starts_with('-'));
    for outer in all.iter().filter(begins) {
        let resources = cloud.describe_stack_resources(&outer.id).await?;
        if resources.iter().any(|it| it.physical_id.as_ref() == Some(&stack.id)) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// All that is to be known of them before they are removed.
///
/// # Errors
/// When a call does not succeed.
pub(super) async fn read(
    cloud: &dyn Cloud,
    owner: &Owner,
    beside: Vec<Beside>,
) -> Result<Vec<Left>, CloudError> {
    let each = beside.into_iter().map(|it| one(cloud, owner, it));
    join_all(each).await.into_iter().collect()
}

async fn one(cloud: &dyn Cloud, owner: &Owner, beside: Beside) -> Result<Left, CloudError> {
    let Beside { stack, own } = beside;
    let text = cloud.get_template(&stack.id).await?;
    let resources = cloud.describe_stack_resources(&stack.id).await?;
    let serving = serving(cloud, owner, &stack, &resources).await?;
    let key = stack.name.strip_prefix(&format!("{}-", owner.prefix())).unwrap_or(&stack.name).to_owned();
    let role = stack.tags.get("Role").cloned();
    let template = Template::parse(&text).ok();
    let deployed = DeployedStack {
        stack,
        text,
        template,
        physical_ids: indexmap::IndexMap::new(),
        present: indexmap::IndexMap::new(),
    };
    Ok(Left { key, deployed, resources, serving, role, own })
}

/// Groups that run instances, but for those of a slot that users are not on.
async fn serving(
    cloud: &dyn Cloud,
    owner: &Owner,
    stack: &Stack,
    resources: &[StackResource],
) -> Result<Vec<String>, CloudError> {
    let groups = resources.iter().filter(|it| it.resource_type == "AWS::AutoScaling::AutoScalingGroup");
    let mut running = Vec::new();
    for group in groups {
        let Some(id) = &group.physical_id else { continue };
        let seen = cloud.group(id).await?;
        if seen.is_some_and(|group| group.desired > 0 || !group.instances.is_empty()) {
            running.push(group.logical_id.clone());
        }
    }
    let idle = async || {
        let role = ["-blue", "-green"].iter().find_map(|slot| stack.name.strip_suffix(slot))?;
        let traffic = cloud.describe_stack(&format!("{role}-traffic")).await.ok()??;
        owner.check(&traffic).ok()?;
        slot_weight(cloud, &stack.name).await.is_none().then_some(())
    };
    if !running.is_empty() && idle().await.is_some() {
        running.clear();
    }
    Ok(running)
}

/// How a screen tells of one.
pub fn told(stack: &str, own: bool, environment: &str) -> String {
    if own {
        return format!(
            "{stack} is deployed and no longer in the spec: `asagi apply {environment} --prune` removes it"
        );
    }
    format!(
        "{stack} has the tags of this environment, is not in its spec, and no run of asagi made it: it is left alone; where it is \
         to go, `asagi apply {environment} --prune --adopt {stack}`"
    )
}
