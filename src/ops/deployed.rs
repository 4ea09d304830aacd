//! Reads what is deployed of an environment: its stacks, and its roles as they really are.

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
    let mut deployed = Deployed::default();
    for stack in graph.stacks.values() {
        if let Some(found) = read_stack(cloud, &stack.name).await? {
            deployed.stacks.insert(stack.key.clone(), found);
        }
    }
    let prefix = prefix(environment);
    for role in &environment.roles {
        deployed.roles.insert(role.name.clone(), observe(cloud, &prefix, &role.name).await?);
    }
    Ok(deployed)
}

/// `{project}-{environment}`: what every stack's name begins with.
pub fn prefix(environment: &Environment) -> String {
    format!("{}-{}", environment.project, environment.name)
}

async fn read_stack(cloud: &dyn Cloud, name: &str) -> Result<Option<DeployedStack>, CloudError> {
    let Some(stack) = cloud.describe_stack(name).await?.filter(|stack| !stack.status.is_absent()) else {
        return Ok(None);
    };
    let text = cloud.get_template(&stack.id).await?;
    let template = Template::parse(&text).ok();
    let resources = cloud.describe_stack_resources(&stack.id).await?;
    let physical_ids = resources.into_iter().filter_map(|r| Some((r.logical_id, r.physical_id?))).collect();
    Ok(Some(DeployedStack { stack, text, template, physical_ids }))
}
