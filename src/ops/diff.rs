//! What a spec would change: against what is deployed, or against another version of the spec.

use indexmap::IndexMap;
use jiff::Timestamp;

use crate::cfn::Effective;
use crate::cloud::Cloud;
use crate::diff::{Awaited, Certainty, StackDiff, diff_removed_stack, diff_stack};
use crate::plan::{
    Inputs, Readings, Refusal, RoleState, StackDeferral, awaited, awaited_between, build_plan, compare, taken,
};
use crate::stacks::names::LAUNCH_RESOURCES;
use crate::stacks::{Argument, Owner};

use super::beside::protection;
use super::deployed::{Deployed, read_ids_of_changed, read_without_ids};
use super::left;
use super::load::Loaded;
use super::plan::{PlanError, deferred, mend};
use super::readings::{self, Read};
use crate::model::{Environment, PolicyEntry, Role, Slot};

/// What would change.
#[derive(Debug, Clone, Default)]
pub struct DiffReport {
    /// Every stack, in the order in which they would be applied.
    pub stacks: Vec<StackDiff>,
    /// Stacks that cannot be created yet; they are among the others all the same.
    pub deferred: Vec<StackDeferral>,
    /// What was moved outside CloudFormation, a sentence each.
    pub drift: Vec<String>,
    /// Stacks that have a name of this environment and are not its own, a sentence each.
    pub strangers: Vec<String>,
    /// Stacks whose termination protection apply would switch, a sentence each.
    pub protection: Vec<String>,
    /// Stacks that no change set can be made for before they are mended, a sentence each.
    pub unsettled: Vec<String>,
    /// What reaches roles by a rollout.
    pub roles: Vec<Awaited>,
    /// What plan refuses as things are, a sentence each.
    pub refused: Vec<String>,
    /// Values that cannot be read back, a sentence a stack.
    pub unreadable: Vec<String>,
    /// Values that parameters take from elsewhere and that are not looked at or not there, a sentence each.
    pub unread: Vec<String>,
    /// Stacks that are deployed and no longer in the spec, a sentence each.
    pub leaving: Vec<String>,
    /// Those of them that are this environment's own.
    pub left: Vec<String>,
    /// Severities that the spec sets otherwise than before; only of two versions of a spec, as stacks do not show them.
    pub policy: Vec<PolicyChange>,
}

/// A severity that a spec sets otherwise than before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyChange {
    /// The rule.
    pub code: String,
    /// As it was; `None` is as asagi says.
    pub before: Option<PolicyEntry>,
    /// As it is.
    pub after: Option<PolicyEntry>,
}

fn policy_changes(before: Option<&Loaded>, after: &Loaded) -> Vec<PolicyChange> {
    let none = IndexMap::new();
    let (before, after) = (before.map_or(&none, |it| &it.environment.policy), &after.environment.policy);
    let codes = after.keys().chain(before.keys().filter(|code| !after.contains_key(*code)));
    let change = |code: &String| PolicyChange {
        code: code.clone(),
        before: before.get(code).cloned(),
        after: after.get(code).cloned(),
    };
    codes.map(change).filter(|change| change.before != change.after).collect()
}

impl DiffReport {
    /// Nothing would change.
    pub fn is_empty(&self) -> bool {
        let stacks = self.stacks.iter().all(|stack| stack.is_empty() && stack.resources.is_empty());
        stacks
            && self.policy.is_empty()
            && self.protection.is_empty()
            && self.roles.is_empty()
            && self.unsettled.is_empty()
            && self.left.is_empty()
    }
}

/// Against what is deployed.
///
/// # Errors
/// When a call does not succeed.
pub async fn diff_deployed(cloud: &dyn Cloud, loaded: &Loaded) -> Result<DiffReport, PlanError> {
    let (environment, graph) = (&loaded.environment, &loaded.graph);
    let (mut deployed, listed) = read_without_ids(cloud, environment, graph).await?;
    let beside = listed.beside(cloud, graph, &[]).await?.unwrap_or_default();
    let own = beside.iter().filter(|it| it.own);
    let left = own.map(|it| it.stack.name.clone()).collect();
    let leaving = beside.iter().map(|it| left::told(&it.stack.name, it.own, &environment.name)).collect();
    let unsettled = unsettled(environment, &deployed);
    // What was taken back whole is not there, though its template can still be read.
    deployed.stacks.retain(|_, found| !found.stack.status.is_unmade());
    let roles: IndexMap<String, RoleState> =
        deployed.roles.iter().map(|(name, role)| (name.clone(), role.state.clone())).collect();
    let Read { readings, missing } = readings::read(cloud, graph, None).await?;
    deployed.readings = readings;
    let mut unread: Vec<String> = missing.into_iter().map(|it| format!("{}: {}", it.why, it.help)).collect();
    unread.extend(readings::unlooked(graph));
    read_ids_of_changed(cloud, environment, graph, &mut deployed, &roles).await?;
    let compared = compare(environment, graph, &deployed.stacks, &roles, &deployed.readings);
    let deferred = deferred(cloud, &loaded.environment, &loaded.graph, &deployed.stacks).await?;
    let (awaiting, refused) = awaiting(loaded, &deployed, &roles, &deferred, cloud.now());
    let drift = deployed.roles.values().flat_map(|role| role.state.drift.clone()).collect();
    let strangers = deployed.strangers(environment).iter().map(ToString::to_string).collect();
    let found = deployed.stacks.into_values().map(|it| (it.stack.name.clone(), it.stack)).collect();
    let protection = protection(loaded, &found).iter().map(ToString::to_string).collect();
    let stacks: Vec<StackDiff> = compared.into_values().map(|it| it.diff).collect();
    let unreadable = stacks.iter().filter_map(|it| Some(format!("{}: {}", it.stack, it.unreadable_words()?)));
    let unreadable = unreadable.collect();
    let policy = Vec::new();
    let roles = awaiting;
    Ok(DiffReport {
        stacks,
        deferred,
        drift,
        strangers,
        protection,
        unsettled,
        roles,
        refused,
        unreadable,
        unread,
        leaving,
        left,
        policy,
    })
}

/// Stacks of the environment that stand where nothing can be deployed from, and do not leave there by themselves.
fn unsettled(environment: &Environment, deployed: &Deployed) -> Vec<String> {
    let owner = Owner::of(environment);
    let own = deployed.stacks.values().map(|found| &found.stack).filter(|stack| owner.check(stack).is_ok());
    let stuck = own.filter(|stack| !stack.status.is_updatable() && !stack.status.is_busy());
    stuck.map(|it| format!("{} is {}: {}", it.name, it.status, mend(&it.status, environment))).collect()
}

/// What a plan made now would do to the roles, or what it would refuse.
fn awaiting(
    loaded: &Loaded,
    deployed: &Deployed,
    roles: &IndexMap<String, RoleState>,
    deferred: &[StackDeferral],
    now: Timestamp,
) -> (Vec<Awaited>, Vec<String>) {
    let environment = &loaded.environment;
    let inputs = Inputs {
        environment,
        graph: &loaded.graph,
        spec_digest: &loaded.spec_digest(),
        deployed: &deployed.stacks,
        roles,
        readings: &deployed.readings,
        deferred,
        left: &[],
        prune: false,
        again: false,
        now,
    };
    match build_plan(&inputs) {
        Ok(plan) => {
            let each = plan.roles.iter().filter_map(|it| Some((it, environment.role(&it.role)?)));
            (
                each.map(|(it, role)| awaited(it, role, &environment.name, &deployed.stacks)).collect(),
                Vec::new(),
            )
        }
        // What is moved outside CloudFormation is told already.
        Err(refusals) => {
            let told = refusals.iter().filter(|it| !matches!(it, Refusal::Drift { .. }));
            (Vec::new(), told.map(|it| format!("plan refuses this: {it}")).collect())
        }
    }
}

/// The output was there, and is for certain another one that only the account will know.
fn is_made_anew(source: &StackDiff, output: &str) -> bool {
    let found = source.outputs.iter().find(|change| change.name == output);
    found.is_some_and(|change| {
        let known = change.after.as_ref().is_none_or(Effective::is_known);
        change.before.is_some() && change.certainty == Certainty::Certain && !known
    })
}

/// Against another version of the spec, offline: both sides with the values that stacks are created with.
pub fn diff_specs(loaded: &Loaded, before: Option<&Loaded>) -> DiffReport {
    let none = IndexMap::new();
    let no_roles = IndexMap::new();
    let policy = policy_changes(before, loaded);
    let unread = Readings::default();
    let desired = compare(&loaded.environment, &loaded.graph, &none, &no_roles, &unread);
    let Some(before) = before else {
        let stacks = desired.into_values().map(|it| it.diff).collect();
        return DiffReport { stacks, policy, ..DiffReport::default() };
    };
    let former = compare(&before.environment, &before.graph, &none, &no_roles, &unread);
    let mut done: IndexMap<String, StackDiff> = IndexMap::new();
    let mut refused = Vec::new();
    for (key, it) in &desired {
        let mut side = it.side.clone();
        let was = former.get(key).map(|former| &former.side);
        for (name, argument) in &it.stack.arguments {
            // Phases alone move these: what a spec says of them comes by a rollout.
            let kept = was.and_then(|was| was.parameters.get(name));
            if let (true, Some(kept)) = (argument.is_phase(), kept) {
                side.parameters.insert(name.clone(), kept.clone());
            }
        }
        let priority = was.and_then(|was| taken(it, &was.template));
        refused.extend(priority.map(|it| format!("plan refuses this: {it}")));
        for (name, argument) in &it.stack.arguments {
            if let Argument::Output { stack, output } = argument
                && done.get(stack).is_some_and(|source| is_made_anew(source, output))
            {
                side.parameters.insert(name.clone(), Effective::anew(format!("{stack}.{output}")));
            }
        }
        done.insert(key.clone(), diff_stack(&side, was).without_order_alone());
    }
    let mut stacks: Vec<StackDiff> = done.into_values().collect();
    let gone = former.iter().filter(|(key, _)| !desired.contains_key(*key));
    stacks.extend(gone.map(|(_, it)| diff_removed_stack(&it.side)));
    let name = &loaded.environment.name;
    let launched = |role: &Role| {
        let slot =
            stacks.iter().find(|it| it.stack == loaded.environment.stack_name(&role.slot_stack(Slot::Blue)));
        slot.is_some_and(|slot| !slot.is_new && LAUNCH_RESOURCES.iter().any(|id| slot.resource(id).is_some()))
    };
    let both = loaded.environment.roles.iter();
    let both = both
        .filter_map(|role| awaited_between(before.environment.role(&role.name)?, role, launched(role), name));
    let both: Vec<Awaited> = both.collect();
    DiffReport { stacks, policy, refused, roles: both, ..DiffReport::default() }
}
