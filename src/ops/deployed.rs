//! Reads what is deployed of an environment: its stacks, and its roles as they really are.

use std::collections::BTreeSet;

use futures_util::future::join_all;
use indexmap::IndexMap;

use crate::cfn::{Stack, Template, ssm_parameter_name};
use crate::cloud::{Cloud, CloudError};
use crate::model::Environment;
use crate::plan::{DeployedStack, Readings, RoleState, compare};
use crate::rollout::{ObservedRole, RoleStacks, observe_stacks};
use crate::stacks::{Argument, Owner, RenderedStack, StackGraph, Stranger};

use super::elsewhere::{ReadError, check_place};
use super::left::{Listed, listed};

/// What is deployed of an environment.
#[derive(Debug, Clone, Default)]
pub struct Deployed {
    /// By key; absent ones are left out.
    pub stacks: IndexMap<String, DeployedStack>,
    /// By name, every role of the spec.
    pub roles: IndexMap<String, ObservedRole>,
    /// What was read for parameters of a team's own stacks; nothing until somebody reads it.
    pub readings: Readings,
}

impl Deployed {
    /// Stacks that have a name of the environment's and are not its own.
    pub(super) fn strangers(&self, environment: &Environment) -> Vec<Stranger> {
        let owner = Owner::of(environment);
        self.stacks.values().filter_map(|deployed| owner.check(&deployed.stack).err()).collect()
    }
}

/// Reads every stack of the graph and every role of the environment, without the ids of the stacks' resources; beside them
/// all that has the environment's names.
///
/// # Errors
/// When a call does not succeed. Absent stacks are no error.
pub(super) async fn read_without_ids<'a>(
    cloud: &dyn Cloud,
    environment: &'a Environment,
    graph: &StackGraph,
) -> Result<(Deployed, Listed), ReadError> {
    let mut deployed = Deployed::default();
    let listed = listed(cloud, &Owner::of(environment), graph).await?;
    let mut found = listed.planned.clone();
    check_place(cloud, Some(&environment.account), found.values().next()).await?;
    found.retain(|_, stack| !stack.status.is_absent());
    let there: Vec<_> = graph.stacks.values().filter_map(|it| Some((it, found.get(&it.name)?))).collect();
    let texts = join_all(there.iter().map(|(_, stack)| cloud.get_template(&stack.id))).await;
    for ((desired, stack), text) in there.into_iter().zip(texts) {
        let text = text?;
        let template = Template::parse_read_back(&text, &desired.template).ok();
        let physical_ids = IndexMap::new();
        let present = read_present(cloud, desired, stack).await;
        let read = DeployedStack { stack: stack.clone(), text, template, physical_ids, present };
        deployed.stacks.insert(desired.key.clone(), read);
    }
    let prefix = prefix(environment);
    let names = environment.roles.iter().map(|role| role.name.as_str());
    let look = |name: &'a str| observe_stacks(cloud, name, RoleStacks::among(&found, &prefix, name));
    let seen = join_all(names.clone().map(look)).await;
    for (name, role) in names.zip(seen) {
        deployed.roles.insert(name.to_owned(), role?);
    }
    Ok((deployed, listed))
}

/// The SSM parameters that the types of a stack's parameters name, as they are now. Who may not read one plans without it.
async fn read_present(
    cloud: &dyn Cloud,
    desired: &RenderedStack,
    deployed: &Stack,
) -> IndexMap<String, String> {
    let named = desired.template.parameters.iter().filter_map(|(parameter, declared)| {
        let value = match desired.arguments.get(parameter) {
            Some(Argument::Value(text)) => text.clone(),
            Some(_) => deployed.parameter(parameter)?.to_owned(),
            None => declared.default.clone()?,
        };
        ssm_parameter_name(&declared.kind, &value).map(str::to_owned)
    });
    let names: BTreeSet<String> = named.collect();
    let there = desired.region.as_ref().and_then(|region| cloud.in_region(region)).unwrap_or(cloud);
    let found = join_all(names.iter().map(|name| there.parameter(name))).await;
    let found = names.iter().zip(found).filter_map(|(name, found)| Some((name.clone(), found.ok()??)));
    found.collect()
}

/// The ids that resources have in the account, of stacks that would change: for all others they make no difference.
///
/// # Errors
/// When a call does not succeed.
pub(super) async fn read_ids_of_changed(
    cloud: &dyn Cloud,
    environment: &Environment,
    graph: &StackGraph,
    deployed: &mut Deployed,
    roles: &IndexMap<String, RoleState>,
) -> Result<(), CloudError> {
    let compared = compare(environment, graph, &deployed.stacks, roles, &deployed.readings);
    let changed: Vec<String> =
        compared.iter().filter(|(_, it)| !it.diff.is_empty()).map(|(key, _)| key.clone()).collect();
    read_ids(cloud, deployed, &changed).await
}

/// The ids that the resources of those stacks have in the account.
///
/// # Errors
/// When a call does not succeed.
async fn read_ids(cloud: &dyn Cloud, deployed: &mut Deployed, keys: &[String]) -> Result<(), CloudError> {
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
