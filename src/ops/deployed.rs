//! Reads what is deployed of an environment: its stacks, and its roles as they really are.

use futures_util::future::join_all;
use indexmap::IndexMap;

use crate::cfn::Template;
use crate::cloud::{Cloud, CloudError};
use crate::model::Environment;
use crate::plan::DeployedStack;
use crate::rollout::{ObservedRole, observe};
use crate::stacks::StackGraph;

/// What is deployed of an environment.
#[derive(Debug, Clone, Default)]
pub struct Deployed {
    /// By key; absent ones are left out.
    pub stacks: IndexMap<String, DeployedStack>,
    /// By name, every role of the spec.
    pub roles: IndexMap<String, ObservedRole>,
}

/// Reads every stack of the graph and every role of the environment.
///
/// # Errors
/// When a call does not succeed. Absent stacks are no error.
pub async fn read(
    cloud: &dyn Cloud,
    environment: &Environment,
    graph: &StackGraph,
) -> Result<Deployed, CloudError> {
    let mut deployed = read_without_ids(cloud, environment, graph).await?;
    let keys: Vec<String> = deployed.stacks.keys().cloned().collect();
    read_ids(cloud, &mut deployed, &keys).await?;
    Ok(deployed)
}

/// The same without the ids of the stacks' resources: one call a stack, beside the pages that tell of all of them.
///
/// # Errors
/// When a call does not succeed. Absent stacks are no error.
pub(super) async fn read_without_ids(
    cloud: &dyn Cloud,
    environment: &Environment,
    graph: &StackGraph,
) -> Result<Deployed, CloudError> {
    let mut deployed = Deployed::default();
    let names: Vec<String> = graph.stacks.values().map(|stack| stack.name.clone()).collect();
    let mut found = cloud.describe_stacks(&names).await?;
    found.retain(|_, stack| !stack.status.is_absent());
    let there: Vec<_> =
        graph.stacks.values().filter_map(|it| Some((&it.key, found.get(&it.name)?))).collect();
    let texts = join_all(there.iter().map(|(_, stack)| cloud.get_template(&stack.id))).await;
    for ((key, stack), text) in there.into_iter().zip(texts) {
        let text = text?;
        let template = Template::parse(&text).ok();
        let read = DeployedStack { stack: stack.clone(), text, template, physical_ids: IndexMap::new() };
        deployed.stacks.insert(key.clone(), read);
    }
    let prefix = prefix(environment);
    let names = environment.roles.iter().map(|role| role.name.as_str());
    let seen = join_all(names.clone().map(|name| observe(cloud, &prefix, name))).await;
    for (name, role) in names.zip(seen) {
        deployed.roles.insert(name.to_owned(), role?);
    }
    Ok(deployed)
}

/// The ids that the resources of those stacks have in the account.
///
/// # Errors
/// When a call does not succeed.
pub(super) async fn read_ids(
    cloud: &dyn Cloud,
    deployed: &mut Deployed,
    keys: &[String],
) -> Result<(), CloudError> {
    let wanted = keys.iter().filter_map(|key| Some((key, deployed.stacks.get(key)?.stack.id.clone())));
    let wanted: Vec<_> = wanted.collect();
    let resources = join_all(wanted.iter().map(|(_, id)| cloud.describe_stack_resources(id))).await;
    for ((key, _), resources) in wanted.iter().zip(resources) {
        let ids = resources?.into_iter().filter_map(|it| Some((it.logical_id, it.physical_id?))).collect();
        if let Some(stack) = deployed.stacks.get_mut(*key) {
            stack.physical_ids = ids;
        }
    }
    Ok(())
}

/// `{project}-{environment}`: what every stack's name begins with.
pub fn prefix(environment: &Environment) -> String {
    format!("{}-{}", environment.project, environment.name)
}
