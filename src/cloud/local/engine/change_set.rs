//! Change sets: made, described, executed, deleted.

use indexmap::IndexMap;
use std::collections::{BTreeMap, BTreeSet};

use super::desired::{Novelties, View};
use super::operation::{Operation, OperationKind, Phase};
use super::record::{ChangeSetRecord, Deployment, StackRecord};
use super::stage::{Neighbours, Stage, arguments};
use super::{capabilities, changes, checks, drift, parameters, phases};
use crate::cfn::{
    Broken, ChangeSet, ChangeSetStatus, CreateChangeSet, Evaluator, ExecutionStatus, NothingKnown,
    StackParameter, StackStatus, Surroundings, Template,
};
use crate::cloud::local::ids;
use crate::cloud::local::state::State;
use crate::cloud::local::world::World;
use crate::cloud::{CloudError, Result};
use crate::words::Foreign;

/// How long the making of a change set takes, in seconds. Plausible, not AWS's.
const MAKING_SECONDS: u64 = 5;
/// The service's words for a change set that would change nothing.
const NOTHING: &str =
    "The submitted information didn't contain changes. Submit different information to create a change set.";

/// `CreateChangeSet`.
pub(crate) fn create_change_set(state: &mut State, request: &CreateChangeSet) -> Result<String> {
    checks::check_names(request)?;
    let existing = state.stack(&request.stack_name);
    if let Some(known) = existing.and_then(|stack| checks::repeated(stack, request)) {
        return known;
    }
    checks::check_kind(existing, request)?;
    let text = checks::template_text(existing, request)?;
    if let Some(text) = &request.template {
        checks::check_length(text, request.template_bucket.as_deref())?;
    }
    let template = Template::parse(&text);
    let template =
        template.map_err(|error| CloudError::Validation(format!("Template format error: {error}")))?;
    checks::check_types(&template)?;
    capabilities::check(&template, &request.capabilities)?;
    checks::check_triggers(request)?;
    let before = existing.map(|stack| stack.deployed.parameters.clone()).unwrap_or_default();
    let parameters = parameters::resolve(&state.world, &template, &request.parameters, &before)?;
    check_rules(&state.world, &request.stack_name, &template, &parameters)?;
    let mut record = match existing {
        Some(stack) => stack.clone(),
        None => in_review(state, &request.stack_name),
    };
    let target = Deployment {
        no_echo: hidden(&template),
        template: Some(text),
        parameters,
        tags: request.tags.clone(),
        notification_topics: request.notification_topics.clone(),
        rollback_configuration: request.rollback_configuration.clone(),
        role_arn: request.role_arn.clone().or_else(|| record.deployed.role_arn.clone()),
        ..Deployment::default()
    };
    let made = make(state, &record, request, target)?;
    let id = made.id.clone();
    record.change_sets.insert(request.name.clone(), made);
    if let Some(document) = state.document(&request.stack_name) {
        state.take(&document);
    }
    state.put(record);
    Ok(id)
}

/// The template's own rules hold with these values. A rule is told by its description; the service's words around it are
/// not known.
fn check_rules(
    world: &World,
    stack_name: &str,
    template: &Template,
    parameters: &IndexMap<String, StackParameter>,
) -> Result<()> {
    let surroundings = Surroundings {
        account: world.account.clone(),
        region: world.region.clone(),
        stack_name: stack_name.to_owned(),
        ..Surroundings::default()
    };
    let given = arguments(parameters);
    let mut readable = template.clone();
    readable.parameters.values_mut().for_each(|declared| declared.no_echo = false);
    let broken = Evaluator::new(&readable, &given, &surroundings, &NothingKnown).broken_rules();
    match broken.into_iter().next() {
        None => Ok(()),
        Some(Broken { rule, description, .. }) => Err(CloudError::Validation(
            description.unwrap_or_else(|| format!("An assertion of rule {rule} failed")),
        )),
    }
}

/// Parameters that are not shown.
fn hidden(template: &Template) -> BTreeSet<String> {
    let declared = template.parameters.iter().filter(|(_, declaration)| declaration.no_echo);
    declared.map(|(name, _)| name.clone()).collect()
}

/// The change set itself: what it would do, or why it cannot be.
fn make(
    state: &State,
    record: &StackRecord,
    request: &CreateChangeSet,
    target: Deployment,
) -> Result<ChangeSetRecord> {
    let template = state.templates.readable(target.template.as_deref().unwrap_or_default())?;
    let mut seen = record.clone();
    if request.revert_drift {
        drift::take_over(&state.world, &mut seen.deployed);
    }
    let record = &seen;
    let exports = others(state, record);
    let view = View::new(&state.world, &exports, record, &template, &target.parameters);
    checks::check_made(view.template(), &request.capabilities)?;
    let changes = changes::compute(&state.world, &exports, record, &target, &template)?;
    let [outputs, exported] = view.outputs(&Novelties::new());
    let old = &record.deployed;
    // Stack tags alone are a change too; which resources take them over is not listed here.
    let is_empty = record.status != StackStatus::ReviewInProgress
        && changes.is_empty()
        && outputs == old.outputs
        && exported == old.exports
        && target.tags == old.tags;
    let seed = format!("{} change set {} {}", record.id, request.name, request.client_token);
    let place = format!("{}:{}", state.world.region, state.world.account);
    let refused = changes::retyped(&view, record).or_else(|| is_empty.then(|| NOTHING.to_owned()));
    let (status, execution_status) = if refused.is_some() {
        (ChangeSetStatus::Failed, ExecutionStatus::Unavailable)
    } else {
        (ChangeSetStatus::CreateComplete, ExecutionStatus::Available)
    };
    Ok(ChangeSetRecord {
        id: format!("arn:aws:cloudformation:{place}:changeSet/{}/{}", request.name, ids::uuid(&seed)),
        name: request.name.clone(),
        kind: request.kind.clone(),
        status,
        execution_status,
        status_reason: refused,
        ready: state.world.after(MAKING_SECONDS),
        token: request.client_token.clone(),
        revert_drift: request.revert_drift,
        made_at_operation: record.operations,
        changes,
        target,
    })
}

fn others(state: &State, record: &StackRecord) -> BTreeMap<String, String> {
    let exports = super::exports(state).into_iter().filter(|(_, (stack, _))| *stack != record.id);
    exports.map(|(name, (_, value))| (name, value)).collect()
}

/// A stack that is only a name with a change set.
fn in_review(state: &mut State, name: &str) -> StackRecord {
    let world = &mut state.world;
    let incarnation = world.incarnations.entry(name.to_owned()).or_insert(0);
    *incarnation += 1;
    let seed = format!("{} {} {name} {incarnation}", world.account, world.region);
    let place = format!("{}:{}", world.region, world.account);
    let mut record = StackRecord {
        id: format!("arn:aws:cloudformation:{place}:stack/{name}/{}", ids::uuid(&seed)),
        name: name.to_owned(),
        status: StackStatus::ReviewInProgress,
        status_reason: None,
        created: world.now,
        updated: None,
        termination_protection: false,
        operations: 0,
        deployed: Deployment::default(),
        operation: None,
        change_sets: IndexMap::new(),
        tokens: BTreeMap::new(),
        events: Vec::new(),
    };
    record.becomes(StackStatus::ReviewInProgress, Some("User Initiated".to_owned()), world.now);
    record
}

/// The stack's document and the name of a change set, by the change set's ARN.
fn find(state: &State, change_set: &str) -> Option<(String, String)> {
    state.stacks().find_map(|(document, stack)| {
        let found = stack.change_sets.values().find(|found| found.id == change_set)?;
        Some((document.clone(), found.name.clone()))
    })
}

fn not_found(change_set: &str) -> CloudError {
    CloudError::NotFound(format!("ChangeSet [{change_set}] does not exist"))
}

/// `DescribeChangeSet`.
pub(crate) fn describe_change_set(state: &State, change_set: &str) -> Result<ChangeSet> {
    let found = find(state, change_set).and_then(|(document, name)| {
        let stack = state.record(&document)?;
        Some((stack, stack.change_sets.get(&name)?))
    });
    let Some((stack, found)) = found else { return Err(not_found(change_set)) };
    let is_made = found.ready <= state.world.now;
    let shown = found.target.parameters.iter().map(|(name, parameter)| {
        let hide = found.target.no_echo.contains(name);
        (name.clone(), if hide { "****".to_owned() } else { parameter.value.clone() })
    });
    Ok(ChangeSet {
        id: found.id.clone(),
        name: found.name.clone(),
        stack_id: stack.id.clone(),
        kind: found.kind.clone(),
        status: if is_made { found.status.clone() } else { ChangeSetStatus::CreateInProgress },
        execution_status: if is_made { execution_status(stack, found) } else { ExecutionStatus::Unavailable },
        status_reason: found.status_reason.clone().filter(|_| is_made).map(Foreign::from),
        changes: if is_made { found.changes.clone() } else { Vec::new() },
        parameters: shown.collect(),
    })
}

/// A change set is of no use once the stack has moved on.
fn execution_status(stack: &StackRecord, found: &ChangeSetRecord) -> ExecutionStatus {
    let moved_on = found.made_at_operation != stack.operations;
    if found.execution_status == ExecutionStatus::Available && moved_on {
        return ExecutionStatus::Obsolete;
    }
    found.execution_status.clone()
}

/// `ExecuteChangeSet`.
pub(crate) fn execute_change_set(state: &mut State, change_set: &str, token: &str) -> Result<()> {
    checks::check_token("clientRequestToken", token)?;
    let Some((document, name)) = find(state, change_set) else { return Err(not_found(change_set)) };
    let described = describe_change_set(state, change_set)?;
    let Some(stack) = state.record(&document) else { return Err(not_found(change_set)) };
    if stack.tokens.get(token).is_some_and(|call| *call == format!("execute {change_set}")) {
        return Ok(());
    }
    if !described.is_executable() {
        let (what, status) = match described.status {
            ChangeSetStatus::CreateComplete => ("execution status", described.execution_status.to_string()),
            status => ("status", status.to_string()),
        };
        return Err(CloudError::InvalidChangeSetStatus(format!(
            "ChangeSet [{change_set}] cannot be executed in its current {what} of [{status}]"
        )));
    }
    if stack.status != StackStatus::ReviewInProgress && !stack.status.is_updatable() {
        return Err(checks::not_updatable(stack));
    }
    let (exports, neighbours) = (others(state, stack), Neighbours::of(state, &stack.id));
    let Some(mut record) = state.take(&document) else { return Err(not_found(change_set)) };
    record.tokens.insert(token.to_owned(), format!("execute {change_set}"));
    record.change_sets.retain(|other, _| *other == name);
    let mut stage = Stage { world: &mut state.world, templates: &state.templates, exports, neighbours };
    begin(&mut stage, &mut record, &name, token);
    state.put(record);
    super::settle(state);
    Ok(())
}

/// The operation starts: what the change set holds becomes what is being deployed.
fn begin(stage: &mut Stage<'_>, record: &mut StackRecord, name: &str, token: &str) {
    let now = stage.world.now;
    let Some(change_set) = record.change_sets.get_mut(name) else { return };
    change_set.execution_status = ExecutionStatus::ExecuteInProgress;
    let target = change_set.target.clone();
    let is_new = record.status == StackStatus::ReviewInProgress;
    let (kind, status) = if is_new {
        (OperationKind::Create, StackStatus::CreateInProgress)
    } else {
        (OperationKind::Update, StackStatus::UpdateInProgress)
    };
    if change_set.revert_drift {
        drift::take_over(stage.world, &mut record.deployed);
    }
    let mut operation = Operation::new(kind, Phase::Deploying, now, Some(token.to_owned()));
    operation.before = (!is_new).then(|| Box::new(record.deployed.clone()));
    record.deployed = Deployment {
        outputs: std::mem::take(&mut record.deployed.outputs),
        exports: std::mem::take(&mut record.deployed.exports),
        imports: std::mem::take(&mut record.deployed.imports),
        resources: std::mem::take(&mut record.deployed.resources),
        ..target
    };
    record.operations += 1;
    record.updated = (!is_new).then_some(now);
    record.operation = Some(operation);
    record.becomes(status, Some("User Initiated".to_owned()), now);
    phases::plan(stage, record);
}

/// `DeleteChangeSet`; gone already is done.
pub(crate) fn delete_change_set(state: &mut State, change_set: &str) -> Result<()> {
    let Some((document, name)) = find(state, change_set) else { return Ok(()) };
    let Some(mut record) = state.take(&document) else { return Ok(()) };
    let running = record.change_sets.get(&name).map(|found| found.execution_status.clone());
    let is_running = running == Some(ExecutionStatus::ExecuteInProgress);
    if !is_running {
        record.change_sets.shift_remove(&name);
    }
    state.put(record);
    if is_running {
        return Err(CloudError::InvalidChangeSetStatus(format!(
            "ChangeSet [{change_set}] cannot be deleted in its current execution status of [EXECUTE_IN_PROGRESS]"
        )));
    }
    Ok(())
}
