//! What a spec would change: against what is deployed, or against another version of the spec.

use indexmap::IndexMap;

use crate::cloud::Cloud;
use crate::diff::{StackDiff, diff_removed_stack};
use crate::plan::{RoleState, StackDeferral, compare};

use super::deployed::{read_ids, read_without_ids};
use super::load::Loaded;
use super::plan::{PlanError, deferred};

/// What would change.
#[derive(Debug, Clone)]
pub struct DiffReport {
    /// Every stack, in the order in which they would be applied.
    pub stacks: Vec<StackDiff>,
    /// Stacks that cannot be created yet; they are among the others all the same.
    pub deferred: Vec<StackDeferral>,
    /// What was moved outside CloudFormation, a sentence each.
    pub drift: Vec<String>,
}

impl DiffReport {
    /// Nothing would change.
    pub fn is_empty(&self) -> bool {
        self.stacks.iter().all(|stack| stack.is_empty() && stack.resources.is_empty())
    }
}

/// Against what is deployed.
///
/// # Errors
/// When a call does not succeed.
pub async fn diff_deployed(cloud: &dyn Cloud, loaded: &Loaded) -> Result<DiffReport, PlanError> {
    let (environment, graph) = (&loaded.environment, &loaded.graph);
    let mut deployed = read_without_ids(cloud, environment, graph).await?;
    let roles: IndexMap<String, RoleState> =
        deployed.roles.iter().map(|(name, role)| (name.clone(), role.state.clone())).collect();
    let mut compared = compare(environment, graph, &deployed.stacks, &roles);
    let changed: Vec<String> =
        compared.iter().filter(|(_, it)| !it.diff.is_empty()).map(|(key, _)| key.clone()).collect();
    if !changed.is_empty() {
        read_ids(cloud, &mut deployed, &changed).await?;
        compared = compare(environment, graph, &deployed.stacks, &roles);
    }
    let deferred = deferred(cloud, &loaded.environment, &loaded.graph, &deployed.stacks).await?;
    let drift = deployed.roles.values().flat_map(|role| role.state.drift.clone()).collect();
    Ok(DiffReport { stacks: compared.into_values().map(|it| it.diff).collect(), deferred, drift })
}

/// Against another version of the spec, offline: both sides with the values that stacks are created with.
pub fn diff_specs(loaded: &Loaded, before: Option<&Loaded>) -> DiffReport {
    let none = IndexMap::new();
    let no_roles = IndexMap::new();
    let desired = compare(&loaded.environment, &loaded.graph, &none, &no_roles);
    let Some(before) = before else {
        let stacks = desired.into_values().map(|it| it.diff).collect();
        return DiffReport { stacks, deferred: Vec::new(), drift: Vec::new() };
    };
    let former = compare(&before.environment, &before.graph, &none, &no_roles);
    let mut stacks: Vec<StackDiff> = desired
        .iter()
        .map(|(key, it)| crate::diff::diff_stack(&it.side, former.get(key).map(|former| &former.side)))
        .collect();
    let gone = former.iter().filter(|(key, _)| !desired.contains_key(*key));
    stacks.extend(gone.map(|(_, it)| diff_removed_stack(&it.side)));
    DiffReport { stacks, deferred: Vec::new(), drift: Vec::new() }
}
