//! Makes a plan: reads what is deployed, compares, predicts. Nothing is written.

use indexmap::IndexMap;

use crate::cloud::{Cloud, CloudError};
use crate::model::{Environment, LayerKind};
use crate::plan::{Inputs, Plan, Refusal, RoleState, StackDeferral, build_plan};
use crate::stacks::{StackGraph, StackKind};

use super::deployed::read;
use super::load::Loaded;
use super::mend::what_runs;

/// Why no plan could be made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PlanError {
    /// Roles that cannot be planned as they are.
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
    Refused(Vec<Refusal>),
    /// A stack is busy or stuck, so what it will be is not known.
    #[error("stack {name} is {status}: {mend}")]
    Unsettled {
        /// The stack.
        name: String,
        /// Where it stands.
        status: String,
        /// What to do.
        mend: String,
    },
    /// A call did not succeed.
    #[error(transparent)]
    Cloud(#[from] CloudError),
}

/// Makes the plan for an environment as it is now.
///
/// # Errors
/// When a call does not succeed, a stack is stuck, or a role cannot be planned as it is.
pub async fn plan(cloud: &dyn Cloud, loaded: &Loaded) -> Result<Plan, PlanError> {
    let (environment, graph) = (&loaded.environment, &loaded.graph);
    let deployed = read(cloud, environment, graph).await?;
    for found in deployed.stacks.values() {
        let status = &found.stack.status;
        if !status.is_updatable() {
            return Err(PlanError::Unsettled {
                name: found.stack.name.clone(),
                status: status.to_string(),
                mend: match status.is_busy() {
                    true => busy(cloud, &found.stack.name, environment).await?,
                    false => mend(status, environment),
                },
            });
        }
    }
    let deferred = deferred(cloud, environment, graph, &deployed.stacks).await?;
    let roles: IndexMap<String, RoleState> =
        deployed.roles.iter().map(|(name, role)| (name.clone(), role.state.clone())).collect();
    let inputs = Inputs {
        environment,
        graph,
        spec_digest: &loaded.spec_digest(),
        deployed: &deployed.stacks,
        roles: &roles,
        deferred: &deferred,
        now: cloud.now(),
    };
    build_plan(&inputs).map_err(PlanError::Refused)
}

/// Whose work runs on a stack since when, and what can be done meanwhile.
async fn busy(cloud: &dyn Cloud, stack: &str, environment: &Environment) -> Result<String, CloudError> {
    let events = cloud.describe_stack_events(stack, None).await?;
    let (what, name) = (what_runs(&events), &environment.name);
    Ok(format!("{what}; wait for it, or `asagi rollback {name}` where a rollout is to be taken back"))
}

/// The one right thing to do about a stack that cannot be updated.
fn mend(status: &crate::cfn::StackStatus, environment: &Environment) -> String {
    use crate::cfn::StackStatus;
    let name = &environment.name;
    match status {
        StackStatus::RollbackComplete | StackStatus::RollbackFailed | StackStatus::CreateFailed => {
            format!("its creation failed; `asagi mend {name}` deletes it, then plan again")
        }
        StackStatus::UpdateRollbackFailed => {
            format!("`asagi mend {name}` continues its rollback, then plan again")
        }
        StackStatus::UpdateFailed => {
            format!("`asagi mend {name}` rolls its failed update back, then plan again")
        }
        _ => format!("see `asagi status {name}`"),
    }
}

/// A layer's pipeline cannot be created before the layer below it was built once: its recipe names that image.
pub(super) async fn deferred<T: Sync>(
    cloud: &dyn Cloud,
    environment: &Environment,
    graph: &StackGraph,
    deployed: &IndexMap<String, T>,
) -> Result<Vec<StackDeferral>, CloudError> {
    let mut deferred = Vec::new();
    for stack in graph.stacks.values().filter(|stack| !deployed.contains_key(&stack.key)) {
        let StackKind::Images { role, layer } = &stack.kind else { continue };
        let below = match layer {
            LayerKind::Base => continue,
            LayerKind::Middleware => LayerKind::Base,
            LayerKind::Application => LayerKind::Middleware,
        };
        let images = environment.role(role).and_then(|role| role.images.as_ref());
        let Some(below) = images.map(|images| images.layer(below)) else { continue };
        let registry = crate::stacks::names::registry_parameter(&environment.project, role, below);
        if cloud.parameter(&registry).await?.is_none() {
            let until =
                format!("the {} layer {} of {role} was built once", below.kind.as_str(), below.version);
            deferred.push(StackDeferral { stack: stack.key.clone(), until });
        }
    }
    Ok(deferred)
}
