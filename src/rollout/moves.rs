//! A phase's moves: what each parameter becomes now, and the change set that makes it so.

use indexmap::IndexMap;

use crate::cfn::{
    ChangeSetType, CreateChangeSet, ParameterValue, Replacement, ResourceChange, RollbackConfiguration, Stack,
};
use crate::cloud::CloudError;
use crate::model::{Release, Slot};
use crate::plan::{CLEAN_UP, Move, Moved, Phase, Protected, ROLLBACK, Record, RoleState};
use crate::stacks::names;

use super::context::{Context, RunError};
use crate::words::Foreign;

/// What the record of a move is made from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Errand {
    /// The role.
    pub role: String,
    /// What rolls out, or is taken back.
    pub release: Option<Release>,
    /// By which strategy.
    pub strategy: String,
    /// The slot users were on.
    pub from: Option<Slot>,
    /// The slot the release goes to.
    pub to: Slot,
    /// Why it is taken back, or applied outside the window.
    pub reason: Option<String>,
    /// What stands between its plan and its run; `None` leaves the record what it says of that.
    pub protection: Option<Protected>,
    /// A person has seen what happened so far: what is watched counts from now on.
    pub anew: bool,
    /// The slot that is left keeps its instances, to be looked at.
    pub keeps: bool,
}

impl Errand {
    /// The AMI that the release takes the place of, where it replaces instances in place: the one seen before it
    /// began, which the record keeps from then on.
    fn before(&self, state: &RoleState) -> Option<String> {
        let slot = self.from.filter(|from| *from == self.to)?;
        let going = state.record.in_place().is_some_and(|_| state.record.in_progress());
        let taken_back = self.release.is_some() && self.release == state.record.release;
        let kept = state.record.before.clone().filter(|_| going || taken_back);
        kept.or_else(|| state.slot(slot).image.clone())
    }
}

/// What the parameters of a move become, given what is seen now.
///
/// # Errors
/// When a stack whose output is wanted cannot be read, or has no such output.
pub(super) async fn settle_values(
    context: &Context<'_>,
    errand: &Errand,
    phase: &Phase,
    step: &Move,
    state: &RoleState,
) -> Result<IndexMap<String, String>, RunError> {
    let mut values = IndexMap::new();
    for (name, moved) in &step.parameters {
        let value = match moved {
            Moved::To(text) => text.clone(),
            Moved::LiveSize { least } => {
                let live = state.live().map_or(0, |live| state.slot(live).desired);
                live.max(state.carried()).max(*least).to_string()
            }
            Moved::Record => record(errand, phase, state, context).to_text(),
            Moved::Output { stack, output } => output_of(context, stack, output).await?,
        };
        values.insert(name.clone(), value);
    }
    Ok(values)
}

async fn output_of(context: &Context<'_>, stack: &str, output: &str) -> Result<String, RunError> {
    let name = context.stack_name(stack);
    let found = context.cloud.describe_stack(&name).await?;
    let value = found.and_then(|stack| stack.outputs.get(output).cloned());
    value.ok_or_else(|| CloudError::NotFound(format!("stack {name} has no output {output}")).into())
}

fn record(errand: &Errand, phase: &Phase, state: &RoleState, context: &Context<'_>) -> Record {
    let (before, now) = (&state.record, context.cloud.now());
    let (same, moves) = (before.in_progress(), phase.moves_traffic());
    // In place the record goes before what it speaks of.
    let began = moves || errand.from == Some(errand.to);
    let started = before.started.filter(|_| same && !errand.anew).or(Some(now).filter(|_| same || began));
    let at = before.at.filter(|_| same && !moves).or(Some(now));
    let (reached, held) = before.after(&phase.name);
    Record {
        v: 1,
        held,
        kept: errand.keeps && phase.name == ROLLBACK,
        phase: reached,
        release: errand.release.clone(),
        strategy: Some(errand.strategy.clone()),
        from: errand.from,
        to: Some(errand.to),
        before: errand.before(state),
        started,
        at,
        plan: Some(context.digest.chars().take(32).collect()),
        by: Some(context.by.clone()),
        protection: match &errand.protection {
            Some(protection) => Some(protection.clone()).filter(|protection| !protection.is_nothing()),
            None => before.protection.clone(),
        },
        reason: match phase.name == CLEAN_UP {
            true => before.reason.clone(),
            false => errand.reason.clone().map(Foreign::from),
        },
    }
}

/// Whether the stack already has all these values, the record aside: then there is nothing to do.
pub(super) fn is_there(stack: &Stack, values: &IndexMap<String, String>, phase: &Phase) -> bool {
    values.iter().all(|(name, value)| {
        let deployed = stack.parameter(name);
        if name != names::ROLLOUT_RECORD {
            return deployed == Some(value.as_str());
        }
        let phase_of =
            |text: &str| Record::parse(text).map(|it| ((it.phase, it.held, it.release, it.to), it.kept));
        let (before, after) = (deployed.and_then(phase_of).unzip(), phase_of(value).unzip());
        // That a slot is kept is said at once; that it no longer is, once it is empty.
        let kept = before.1 == after.1 || before.1 > after.1 && phase.name != CLEAN_UP;
        !phase.name.is_empty() && before.0 == after.0 && kept
    })
}

/// The request that moves these values and nothing else: the previous template, the previous value of every other
/// parameter.
///
/// # Errors
/// When the alarms stack cannot be read.
pub(super) async fn request(
    context: &Context<'_>,
    errand: &Errand,
    phase: &Phase,
    step: &Move,
    stack: &Stack,
    values: &IndexMap<String, String>,
) -> Result<CreateChangeSet, RunError> {
    let parameters = stack.parameters.keys().map(|name| {
        let moved = values.get(name).filter(|text| stack.parameter(name) != Some(text.as_str()));
        let value = moved.map_or(ParameterValue::Previous, |text| ParameterValue::Value(text.clone()));
        (name.clone(), value)
    });
    let token = token(context, phase, stack, values);
    Ok(CreateChangeSet {
        stack_name: stack.name.clone(),
        name: token.clone(),
        kind: ChangeSetType::Update,
        template: None,
        template_bucket: None,
        revert_drift: false,
        parameters: parameters.collect(),
        tags: stack.tags.clone(),
        notification_topics: stack.notification_topics.clone(),
        // Slots hold their instances' role; a change set needs the capability though it moves only sizes.
        capabilities: if step.stack.ends_with("-traffic") {
            Vec::new()
        } else {
            vec!["CAPABILITY_IAM".to_owned()]
        },
        rollback_configuration: watched(context, errand, step).await?,
        role_arn: context.service_role.map(str::to_owned),
        description: format!("asagi {}: {}", errand.role, phase.title),
        client_token: token,
    })
}

/// A call that is made again is the same call. A later run's is another: its record tells another time, and with the
/// change set of the run before it holds and drains would be over too early.
fn token(context: &Context<'_>, phase: &Phase, stack: &Stack, values: &IndexMap<String, String>) -> String {
    let seed =
        format!("{}|{}|{}|{:?}|{values:?}", context.digest, phase.name, stack.id, stack.last_operation);
    format!("asagi-{}-{}", phase.name, crate::plan::short_digest(seed.as_bytes()))
}

/// The candidate's composite alarm and the bake's minutes; empty for every other move, since CloudFormation keeps
/// triggers on the stack.
async fn watched(
    context: &Context<'_>,
    errand: &Errand,
    step: &Move,
) -> Result<RollbackConfiguration, RunError> {
    let Some(bake) = &step.bake else { return Ok(RollbackConfiguration::default()) };
    let alarms =
        context.cloud.describe_stack(&context.stack_name(&format!("{}-alarms", errand.role))).await?;
    let arn = alarms.and_then(|stack| stack.outputs.get(&names::composite_alarm_arn(bake.slot)).cloned());
    let triggers = arn.into_iter().collect();
    Ok(RollbackConfiguration { triggers, monitoring_minutes: bake.time.as_minutes_up() })
}

/// Refuses what a traffic move may never contain: anything but listener rules and the record, updated in place.
///
/// # Errors
/// A sentence naming the resource that does not belong.
pub(super) fn judge_traffic(changes: &[ResourceChange]) -> Result<(), String> {
    const ALLOWED: [&str; 2] = ["AWS::ElasticLoadBalancingV2::ListenerRule", "AWS::SSM::Parameter"];
    let stray = changes.iter().find(|change| {
        !ALLOWED.contains(&change.resource_type.as_str()) || change.replacement != Replacement::Never
    });
    match stray {
        None => Ok(()),
        Some(change) => Err(format!(
            "the change set would also touch {} ({}), which a traffic phase may not",
            change.logical_id, change.resource_type
        )),
    }
}

/// Refuses what was not predicted.
///
/// # Errors
/// A sentence naming the first change beyond the prediction.
pub(super) fn judge_predicted(predicted: &[ResourceChange], actual: &[ResourceChange]) -> Result<(), String> {
    match crate::diff::within(predicted, actual).first() {
        None => Ok(()),
        Some(beyond) => Err(format!("the change set goes beyond the plan: {beyond}")),
    }
}
