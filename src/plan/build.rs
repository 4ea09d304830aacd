//! From what is desired, deployed and seen to a plan.

use indexmap::IndexMap;
use jiff::Timestamp;

use crate::cfn::{Effective, Problem, ResourceChange, Stack};
use crate::diff::{Certainty, Side, StackDiff, diff_stack};
use crate::model::{Approval, Environment, Role, Slot};
use crate::stacks::{Argument, StackGraph, names};

use super::compare::{Comparison, DeployedStack, compare, deployed_side};
use super::leaving::{Leaving, Left};
use super::order::Circle;
use super::ordering::Ordering;
use super::phase::{Move, Moved};
use super::plan::{Pin, Plan, PlannedStack, RefusedChange, VERSION};
use super::protected::lowered;
use super::refusal::Refusal;
use super::role_plan::{Outdated, RolePlan, role_plan};
use super::split::waiting;
use super::taken::taken;
use super::{Readings, RoleState, StackDeferral};

/// All that a plan is made from.
#[derive(Debug, Clone, Copy)]
pub struct Inputs<'a> {
    /// The environment.
    pub environment: &'a Environment,
    /// Its stacks.
    pub graph: &'a StackGraph,
    /// Digest of what the spec means.
    pub spec_digest: &'a str,
    /// By key; absent ones are left out.
    pub deployed: &'a IndexMap<String, DeployedStack>,
    /// By name.
    pub roles: &'a IndexMap<String, RoleState>,
    /// What was read for parameters of a team's own stacks.
    pub readings: &'a Readings,
    /// Stacks that cannot be created yet.
    pub deferred: &'a [StackDeferral],
    /// Stacks that are deployed and no longer in the spec.
    pub left: &'a [Left],
    /// Those are removed.
    pub prune: bool,
    /// A person says that a release which was taken back is to roll out again.
    pub again: bool,
    /// Now.
    pub now: Timestamp,
}

/// Makes the plan.
///
/// # Errors
/// When a role cannot be planned as it is: every such role.
pub fn build_plan(inputs: &Inputs<'_>) -> Result<Plan, Vec<Refusal>> {
    let environment = inputs.environment;
    let compared = compare(environment, inputs.graph, inputs.deployed, inputs.roles, inputs.readings);
    let protects = |it: &Comparison<'_>| {
        let found = inputs.deployed.get(&it.stack.key).map(|deployed| deployed.stack.termination_protection);
        let wanted = it.stack.termination_protection;
        (found.unwrap_or(false) != wanted).then_some(wanted)
    };
    let unchanged =
        |it: &Comparison<'_>| it.diff.is_empty() && !it.diff.sends_again() && protects(it).is_none();
    let mut deferred = inputs.deferred.to_vec();
    let is_among = |deferred: &[StackDeferral], key: &str| deferred.iter().any(|it| it.stack == key);
    let changes = |key: &str| compared.get(key).is_some_and(|it| !unchanged(it) && !is_among(&deferred, key));
    let waiting = waiting(environment, inputs.graph, inputs.roles, changes);
    let waits = |key: &str| is_among(&waiting, key);
    deferred.extend(waiting.iter().cloned());
    let changed = |key: &str| compared.get(key).filter(|it| !unchanged(it) && !is_among(&deferred, key));
    let ordering = Ordering {
        graph: inputs.graph,
        deployed: inputs.deployed,
        compared: &compared,
        left: inputs.left,
        prune: inputs.prune,
        changes: &|key| changed(key).is_some(),
    };
    let (order, leaving) = ordering.made().map_err(|Circle { before }| {
        vec![Refusal::Circle { first: before.first, then: before.then, why: before.why }]
    })?;
    let level = |keys: &Vec<String>| -> Vec<PlannedStack> {
        keys.iter()
            .filter_map(|key| changed(key))
            .map(|it| planned_stack(it, protects(it), inputs.readings))
            .collect()
    };
    let levels: Vec<Vec<PlannedStack>> = order.iter().map(level).collect();
    let planned = compared.values().filter(|it| changed(&it.stack.key).is_some());
    let refused = planned.flat_map(|it| {
        let of =
            |problem: &Problem| RefusedChange { stack: it.stack.key.clone(), why: problem.message.clone() };
        it.diff.refused.iter().map(of)
    });
    let refused: Vec<RefusedChange> = refused.collect();
    let sides: IndexMap<String, Side> = compared
        .iter()
        .map(|(key, it)| {
            let deployed = inputs.deployed.get(key).filter(|_| waits(key));
            let as_it_is = deployed.and_then(|deployed| deployed_side(environment, deployed));
            (key.clone(), as_it_is.unwrap_or_else(|| settled(&it.side)))
        })
        .collect();
    let (mut roles, mut refusals, mut withheld) = (Vec::new(), Vec::new(), Vec::new());
    for role in &environment.roles {
        let absent = RoleState::absent(&role.name);
        let seen = inputs.roles.get(&role.name).unwrap_or(&absent);
        let live = seen.live().and_then(|live| compared.get(&role.slot_stack(live)));
        let target = seen.live().is_some_and(|live| target_group_changed(role, live, inputs.deployed));
        let candidate = compared.get(&role.slot_stack(seen.candidate()));
        let outdated = Outdated {
            again: inputs.again,
            live: target || live.is_some_and(Comparison::holds),
            candidate: candidate.is_some_and(Comparison::holds),
        };
        if let (Some(live), true) = (seen.live(), outdated.live && role.rollout.strategy.is_in_place()) {
            deferred.push(never_in_place(role, live));
        }
        match role_plan(environment, role, seen, outdated) {
            Ok(plan) => roles.extend(plan.map(|plan| predicted(plan, &sides))),
            Err(refusal) => {
                withheld.push(RolePlan::withheld(role, seen, refusal.to_string()));
                refusals.push(refusal);
            }
        }
    }
    // One role that cannot go on does not keep another from it.
    if !roles.is_empty() {
        refusals.clear();
        roles.extend(withheld);
    }
    refusals.extend(compared.values().filter(|it| !waits(&it.stack.key)).filter_map(|it| {
        let before = inputs.deployed.get(&it.stack.key)?;
        taken(it, before.template.as_ref()?)
    }));
    if !refusals.is_empty() {
        return Err(refusals);
    }
    let lowered = all_lowered(inputs, &roles);
    let unchanged = compared.values().filter(|it| unchanged(it)).map(|it| it.stack.key.clone());
    Ok(Plan {
        version: VERSION,
        asagi: env!("CARGO_PKG_VERSION").to_owned(),
        project: environment.project.clone(),
        environment: environment.name.clone(),
        account: environment.account.clone(),
        region: environment.region.clone(),
        template_bucket: environment.template_bucket.clone(),
        made: inputs.now,
        spec: inputs.spec_digest.to_owned(),
        approval: if lowered.is_empty() { environment.protection.approval } else { Approval::Manual },
        lowered,
        policy: environment.policy.clone(),
        window: environment.protection.window.as_ref().map(Into::into),
        promote_from: environment.protection.promote_from.clone(),
        levels,
        unchanged: unchanged.collect(),
        notes: notes(&compared),
        deferred,
        refused,
        roles,
        pins: pins(inputs, &leaving),
        leaving,
    })
}

/// What the spec protects less than the records of its roles say, each once.
fn all_lowered(inputs: &Inputs<'_>, plans: &[RolePlan]) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    for (name, seen) in inputs.roles {
        let plan = plans.iter().find(|plan| plan.role == *name);
        let (phases, start) = plan.map_or((&[][..], 0), |plan| (plan.phases.as_slice(), plan.start));
        let of_role = lowered(&inputs.environment.protection, seen, phases, start);
        let new: Vec<String> = of_role.into_iter().filter(|it| !all.contains(it)).collect();
        all.extend(new);
    }
    all
}

/// What instances are launched as, or their target group, has changed, and no release in place brings that.
fn never_in_place(role: &Role, live: Slot) -> StackDeferral {
    let until = format!(
        "`rollout` of {} names a strategy that fills the other slot, such as `blue-green`: what is launched has changed, \
         and a refresh in place moves the image alone",
        role.name
    );
    StackDeferral { stack: role.slot_stack(live), until }
}

/// The live slot's target group was made with other create-only properties than the spec has now: only a release to the
/// other slot can bring them.
fn target_group_changed(role: &Role, live: Slot, deployed: &IndexMap<String, DeployedStack>) -> bool {
    let Some(traffic) = deployed.get(&role.traffic_stack()) else { return false };
    let wanted = &role.target_group;
    let values = [&wanted.port.to_string(), &wanted.protocol, &wanted.protocol_version];
    names::TARGET_GROUP_PROPERTIES.into_iter().zip(values).any(|(property, value)| {
        let now = traffic.stack.parameter(&names::target_group_property(live, property));
        now.is_some_and(|now| now != value)
    })
}

fn pins(inputs: &Inputs<'_>, leaving: &[Leaving]) -> IndexMap<String, Pin> {
    let pin = |stack: &crate::stacks::RenderedStack| {
        let found = inputs.deployed.get(&stack.key).map(|deployed| &deployed.stack);
        Pin {
            stack: found.map(|stack| stack.id.clone()),
            last_operation: found.and_then(|stack| stack.last_operation.clone()),
        }
    };
    let goes = |left: &&Left| leaving.iter().any(|it| it.key == left.key && it.goes.is_some());
    let gone = inputs.left.iter().filter(goes).map(|left| {
        let Stack { name, id, last_operation, .. } = left.deployed.stack.clone();
        (name, Pin { stack: Some(id), last_operation })
    });
    inputs.graph.stacks.values().map(|stack| (stack.name.clone(), pin(stack))).chain(gone).collect()
}

fn planned_stack(compared: &Comparison<'_>, protects: Option<bool>, readings: &Readings) -> PlannedStack {
    let stack = compared.stack;
    let kept = compared.kept_parameters.iter().map(|name| {
        let bootstrap = compared.side.parameters.get(name).and_then(Effective::as_text).unwrap_or_default();
        (name.clone(), Argument::Phase { bootstrap })
    });
    let declared = |name: &String| {
        compared.side.template.parameters.contains_key(name) && !compared.kept_parameters.contains(name)
    };
    let arguments = stack.arguments.iter().filter(|(name, _)| declared(name));
    PlannedStack {
        key: stack.key.clone(),
        name: stack.name.clone(),
        region: stack.region.clone(),
        create: compared.diff.is_new,
        possible: !compared.diff.is_empty() && is_only_possible(&compared.diff),
        sent_again: if compared.diff.sends_again() { compared.diff.unreadable.clone() } else { Vec::new() },
        template: compared.template.clone(),
        arguments: arguments.map(|(name, argument)| (name.clone(), argument.clone())).chain(kept).collect(),
        readings: readings.told(stack, &compared.side.template),
        values: readings.of(&stack.key),
        tags: stack.tags.clone(),
        notification_topics: stack.notification_topics.clone(),
        capabilities: stack.capabilities.clone(),
        protects,
        service_role: stack.kind.takes_service_role(),
        predicted: compared.diff.predicted(),
        unforeseen: compared.is_unforeseen(),
    }
}

/// What has moved behind the names that stacks look up, a sentence each.
fn notes(compared: &IndexMap<String, Comparison<'_>>) -> Vec<String> {
    let each = compared.values().flat_map(|it| it.diff.moved.iter().map(|moved| (&it.stack.name, moved)));
    each.map(|(stack, moved)| format!("{stack}: {moved}")).collect()
}

/// Nothing in it is certain to change.
fn is_only_possible(diff: &StackDiff) -> bool {
    let certain = |certainty: Certainty| certainty == Certainty::Certain;
    let resources = diff.resources.iter().filter(|it| it.held.is_none()).any(|it| certain(it.certainty));
    let values =
        diff.outputs.iter().chain(&diff.tags).chain(&diff.parameters).any(|it| certain(it.certainty));
    !(diff.is_new || diff.is_removed || diff.text.is_some() || resources || values)
}

/// Predicts every move of every phase, each from where the moves before it have brought its stack.
fn predicted(mut plan: RolePlan, sides: &IndexMap<String, Side>) -> RolePlan {
    let mut sides = sides.clone();
    let phases = plan.phases.iter().map(|phase| {
        let moves = phase.moves.iter().map(|step| one_move(&mut sides, &phase.name, step));
        moves.collect()
    });
    plan.predicted = phases.collect();
    plan
}

/// The side as it is once the infrastructure is applied: nothing is held any more, it is simply so.
fn settled(side: &Side) -> Side {
    Side { held: Vec::new(), ..side.clone() }
}

fn one_move(sides: &mut IndexMap<String, Side>, phase: &str, step: &Move) -> Vec<ResourceChange> {
    let Some(before) = sides.get(&step.stack).cloned() else { return Vec::new() };
    let mut after = before.clone();
    for (name, moved) in &step.parameters {
        let value = match moved {
            Moved::To(text) => Effective::text(text),
            // Settled when the phase starts: that it moves is predicted, how far is not. Each phase's is another.
            Moved::LiveSize { .. } => Effective::unknown(format!("the live size at {phase}")),
            Moved::Output { stack, output } => Effective::unknown(format!("{stack}.{output} at {phase}")),
            Moved::Record => Effective::unknown(format!("the record of {phase}")),
        };
        after.parameters.insert(name.clone(), value);
    }
    let changes = diff_stack(&after, Some(&before)).predicted();
    sides.insert(step.stack.clone(), after);
    changes
}
