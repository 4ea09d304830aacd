//! Stacks that are deployed and no longer in the spec. A stack is an environment's own by its name and its tags; what no run
//! of asagi ever changed may be somebody else's that has the same tags, and is left alone until a person says otherwise.

use futures_util::future::join_all;
use indexmap::IndexMap;

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

/// An environment's stacks as the account lists them.
pub(super) struct Listed {
    /// Those of the graph, by name.
    pub(super) planned: IndexMap<String, Stack>,
    /// All that have its name and tags, in the order of their names; `None` where the caller may not list stacks, so that
    /// nobody knows.
    all: Option<Vec<Stack>>,
}

/// One list tells of the graph's stacks and of those that left the spec. Who may not list asks for each of the graph's.
///
/// # Errors
/// When a call does not succeed.
pub(super) async fn listed(
    cloud: &dyn Cloud,
    owner: &Owner,
    graph: &StackGraph,
) -> Result<Listed, CloudError> {
    let names: Vec<String> = graph.stacks.values().map(|stack| stack.name.clone()).collect();
    let Some(listed) = list(cloud, owner).await? else {
        return Ok(Listed { planned: cloud.describe_stacks(&names).await?, all: None });
    };
    let planned = listed.iter().filter(|stack| names.contains(&stack.name));
    let planned = planned.map(|stack| (stack.name.clone(), stack.clone())).collect();
    Ok(Listed { planned, all: Some(own_of(owner, listed)) })
}

impl Listed {
    /// The stacks that the graph does not have, in the order of their names; `None` where nobody knows.
    ///
    /// # Errors
    /// When a call does not succeed.
    pub(super) async fn beside(
        &self,
        cloud: &dyn Cloud,
        graph: &StackGraph,
        adopt: &[String],
    ) -> Result<Option<Vec<Beside>>, CloudError> {
        let Some(all) = &self.all else { return Ok(None) };
        let planned = |stack: &Stack| graph.stacks.values().any(|it| it.name == stack.name);
        let mut found = Vec::new();
        for stack in all.iter().filter(|stack| !planned(stack)) {
            if is_nested(cloud, stack, all).await? {
                continue;
            }
            let own = adopt.contains(&stack.name) || is_own(cloud, stack).await?;
            found.push(Beside { stack: stack.clone(), own });
        }
        Ok(Some(found))
    }
}

/// Every stack that has an environment's name and tags, in the order of their names.
///
/// # Errors
/// When a call does not succeed.
pub(super) async fn all_of(cloud: &dyn Cloud, owner: &Owner) -> Result<Option<Vec<Stack>>, CloudError> {
    Ok(list(cloud, owner).await?.map(|listed| own_of(owner, listed)))
}

/// Every stack that has an environment's name; `None` where the caller may not list.
async fn list(cloud: &dyn Cloud, owner: &Owner) -> Result<Option<Vec<Stack>>, CloudError> {
    match cloud.stacks_named(&format!("{}-", owner.prefix())).await {
        Err(CloudError::AccessDenied(_)) => Ok(None),
        listed => listed.map(Some),
    }
}

fn own_of(owner: &Owner, mut stacks: Vec<Stack>) -> Vec<Stack> {
    stacks.retain(|stack| !stack.status.is_absent() && owner.check(stack).is_ok());
    stacks.sort_by(|one, other| one.name.cmp(&other.name));
    stacks
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
    let deployed =
        DeployedStack { stack, text, template, physical_ids: IndexMap::new(), present: IndexMap::new() };
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
