//! How an operation goes from phase to phase.

use indexmap::IndexMap;

use super::desired::{Novelties, View};
use super::operation::{Operation, OperationKind, Phase, Task, TaskState};
use super::record::StackRecord;
use super::stage::{Neighbours, Stage};
use super::{removal, tasks};
use crate::cfn::{ExecutionStatus, StackStatus};
use crate::cloud::local::world::{World, later};

/// There is something to do for the stack at this time.
pub(crate) fn is_due(world: &World, record: &StackRecord) -> bool {
    let Some(operation) = &record.operation else { return false };
    let now = world.now;
    if operation.halted {
        return false;
    }
    match operation.phase {
        Phase::Baking { until } => until <= now || breach(world, record, operation).is_some(),
        _ => {
            !operation.finished(now).is_empty()
                || !operation.startable().is_empty()
                || !operation.is_running()
                || breach(world, record, operation).is_some()
        }
    }
}

/// Does what is to be done at this time.
pub(crate) fn step(stage: &mut Stage<'_>, record: &mut StackRecord) {
    let Some(operation) = record.operation.clone() else { return };
    if let Some(reason) = breach(stage.world, record, &operation) {
        return take_back(stage, record, Some(reason));
    }
    let removes = matches!(operation.phase, Phase::Cleaning | Phase::RollbackCleaning | Phase::Deleting);
    for key in operation.finished(stage.world.now) {
        if removes { removal::finish(stage, record, &key) } else { tasks::finish(stage, record, &key) }
    }
    if operation.phase == Phase::Deploying
        && let Some(reason) = failure(record)
    {
        return take_back(stage, record, Some(reason));
    }
    start_ready(stage, record, removes);
    let Some(operation) = &record.operation else { return };
    match operation.phase {
        Phase::Baking { until } if until <= stage.world.now => deployed(stage, record),
        Phase::Baking { .. } => {}
        _ if operation.is_running() => {}
        phase => next(stage, record, phase),
    }
}

fn start_ready(stage: &mut Stage<'_>, record: &mut StackRecord, removes: bool) {
    let ready = record.operation.as_ref().map(Operation::startable).unwrap_or_default();
    if removes {
        return ready.iter().for_each(|key| removal::start(stage, record, key));
    }
    if ready.is_empty() {
        return;
    }
    let text = record.deployed.template.clone().unwrap_or_default();
    let Ok(template) = stage.templates.readable(&text) else { return };
    ready.iter().for_each(|id| tasks::start(stage, record, &template, id));
}

/// Nothing runs any more in the phase: it is over, or stuck because something failed.
fn next(stage: &mut Stage<'_>, record: &mut StackRecord, phase: Phase) {
    let Some(operation) = &record.operation else { return };
    let (is_idle, kind) = (operation.is_idle(), operation.kind);
    let failed = !operation.failed.is_empty();
    match phase {
        // Tasks that came to nothing let others start: the next step does it.
        _ if !operation.startable().is_empty() => {}
        Phase::Deploying if failed => {
            let reason = failure(record);
            take_back(stage, record, reason);
        }
        Phase::Deploying if is_idle => bake(stage, record),
        Phase::RollingBack if failed => halt(stage, record, StackStatus::UpdateRollbackFailed),
        Phase::RollingBack if is_idle => {
            let status = StackStatus::UpdateRollbackCompleteCleanupInProgress;
            clean(stage, record, status, Phase::RollbackCleaning);
        }
        // What cannot be removed when an update cleans up is told, and left.
        Phase::Cleaning => end(stage, record, StackStatus::UpdateComplete),
        Phase::RollbackCleaning => end(stage, record, StackStatus::UpdateRollbackComplete),
        Phase::Deleting if failed && kind == OperationKind::Delete => {
            let reason = failure(record);
            end_for(stage, record, StackStatus::DeleteFailed, reason);
        }
        Phase::Deleting if failed => {
            let reason = failure(record);
            end_for(stage, record, StackStatus::RollbackFailed, reason);
        }
        Phase::Deleting if kind == OperationKind::Delete => end(stage, record, StackStatus::DeleteComplete),
        Phase::Deleting => end(stage, record, StackStatus::RollbackComplete),
        _ => {}
    }
}

/// All resources are deployed.
fn bake(stage: &mut Stage<'_>, record: &mut StackRecord) {
    let text = record.deployed.template.clone().unwrap_or_default();
    let Ok(template) = stage.templates.readable(&text) else { return };
    let ids = record.operation.iter().flat_map(|operation| operation.tasks.keys());
    let kept: Vec<String> = ids.cloned().collect();
    let resources = std::mem::take(&mut record.deployed.resources);
    let (stay, gone): (IndexMap<_, _>, IndexMap<_, _>) =
        resources.into_iter().partition(|(id, _)| kept.contains(id));
    record.deployed.resources = stay;
    let view = View::new(stage.world, &stage.exports, record, &template, &record.deployed.parameters);
    let [outputs, exports] = view.outputs(&Novelties::new());
    let imports = view.imports();
    let refused = refused_exports(&stage.neighbours, &record.deployed.exports, &exports);
    let minutes = record.deployed.rollback_configuration.monitoring_minutes;
    let until = later(stage.world.now, minutes.saturating_mul(60));
    if let Some(operation) = &mut record.operation {
        operation.garbage.extend(gone);
        operation.phase = Phase::Baking { until };
    }
    if refused.is_some() {
        return take_back(stage, record, refused);
    }
    (record.deployed.outputs, record.deployed.exports) = (outputs, exports);
    record.deployed.imports = imports;
    if minutes == 0 {
        deployed(stage, record);
    }
}

/// An export whose name another stack has, or that another one holds on to.
fn refused_exports(
    neighbours: &Neighbours,
    before: &IndexMap<String, String>,
    after: &IndexMap<String, String>,
) -> Option<String> {
    let taken = after.keys().find_map(|name| {
        let exporter = neighbours.exporters.get(name)?;
        Some(format!("Export with name {name} is already exported by stack {exporter}"))
    });
    let held = || {
        before.iter().filter(|(name, value)| after.get(*name) != Some(value)).find_map(|(name, _)| {
            let user = neighbours.users.get(name)?;
            Some(format!("Export {name} cannot be updated as it is in use by {user}"))
        })
    };
    taken.or_else(held)
}

/// Deployed and watched for long enough.
fn deployed(stage: &mut Stage<'_>, record: &mut StackRecord) {
    if record.operation.as_ref().map(|operation| operation.kind) == Some(OperationKind::Create) {
        return end(stage, record, StackStatus::CreateComplete);
    }
    clean(stage, record, StackStatus::UpdateCompleteCleanupInProgress, Phase::Cleaning);
}

fn clean(stage: &mut Stage<'_>, record: &mut StackRecord, status: StackStatus, phase: Phase) {
    record.becomes(status, None, stage.world.now);
    if let Some(operation) = &mut record.operation {
        operation.phase = phase;
        operation.failed.clear();
        operation.tasks = removal::plan(&operation.garbage);
    }
}

fn end(stage: &Stage<'_>, record: &mut StackRecord, status: StackStatus) {
    end_for(stage, record, status, None);
}

fn end_for(stage: &Stage<'_>, record: &mut StackRecord, status: StackStatus, reason: Option<String>) {
    let succeeded = matches!(status, StackStatus::CreateComplete | StackStatus::UpdateComplete);
    record.becomes(status, reason, stage.world.now);
    record.operation = None;
    for change_set in record.change_sets.values_mut() {
        if change_set.execution_status == ExecutionStatus::ExecuteInProgress {
            change_set.execution_status =
                if succeeded { ExecutionStatus::ExecuteComplete } else { ExecutionStatus::ExecuteFailed };
        }
    }
    if record.status == StackStatus::DeleteComplete {
        record.deployed.outputs.clear();
        record.deployed.exports.clear();
    }
}

fn halt(stage: &Stage<'_>, record: &mut StackRecord, status: StackStatus) {
    let reason = failure(record);
    record.becomes(status, reason, stage.world.now);
    if let Some(operation) = &mut record.operation {
        operation.halted = true;
    }
}

/// Takes the operation back: a creation is removed, an update is deployed back to what was there.
pub(crate) fn take_back(stage: &mut Stage<'_>, record: &mut StackRecord, reason: Option<String>) {
    let now = stage.world.now;
    tasks::cancel_running(record, now);
    let Some(mut operation) = record.operation.take() else { return };
    operation.failed.clear();
    let Some(before) = operation.before.take() else {
        operation.garbage = record.deployed.resources.clone();
        operation.phase = Phase::Deleting;
        operation.tasks = removal::plan(&operation.garbage);
        record.operation = Some(operation);
        let reason = reason.map(|reason| format!("{reason} Rollback requested by user."));
        return record.becomes(StackStatus::RollbackInProgress, reason, now);
    };
    let mut touched: Vec<String> =
        operation.tasks.iter().filter(|(_, task)| task.touched).map(|(id, _)| id.clone()).collect();
    let mut before = *before;
    let current = std::mem::take(&mut record.deployed.resources);
    operation.garbage.clear();
    for (id, resource) in current {
        match before.resources.get_mut(&id) {
            Some(old) if old.physical_id == resource.physical_id => *old = resource,
            _ => {
                touched.push(id.clone());
                operation.garbage.insert(format!("{id} {}", resource.generation), resource);
            }
        }
    }
    record.deployed = before;
    operation.phase = Phase::RollingBack;
    operation.tasks = IndexMap::new();
    record.operation = Some(operation);
    record.becomes(StackStatus::UpdateRollbackInProgress, reason, now);
    plan(stage, record);
    if let Some(operation) = &mut record.operation {
        operation.tasks.iter_mut().for_each(|(id, task)| task.touched = touched.contains(id));
    }
}

/// One task for each resource that the stack's template has now.
pub(crate) fn plan(stage: &Stage<'_>, record: &mut StackRecord) {
    let text = record.deployed.template.clone().unwrap_or_default();
    let Ok(template) = stage.templates.readable(&text) else { return };
    let view = View::new(stage.world, &stage.exports, record, &template, &record.deployed.parameters);
    let order = view.order().unwrap_or_default();
    if let Some(operation) = &mut record.operation {
        operation.tasks = order.into_iter().map(|(id, needs)| (id, Task::after(needs))).collect();
    }
}

/// Goes on with a rollback that failed.
pub(crate) fn go_on(stage: &Stage<'_>, record: &mut StackRecord, token: &str) {
    if let Some(operation) = &mut record.operation {
        let failed = std::mem::take(&mut operation.failed);
        for id in failed {
            if let Some(task) = operation.tasks.get_mut(&id) {
                task.state = TaskState::Waiting;
            }
        }
        operation.halted = false;
        operation.token = Some(token.to_owned());
    }
    record.becomes(StackStatus::UpdateRollbackInProgress, Some("User Initiated".to_owned()), stage.world.now);
}

/// What failed, in CloudFormation's words.
fn failure(record: &StackRecord) -> Option<String> {
    let operation = record.operation.as_ref().filter(|operation| !operation.failed.is_empty())?;
    let verb = match (operation.phase, operation.kind) {
        (Phase::Deleting | Phase::Cleaning | Phase::RollbackCleaning, _) => "delete",
        (_, OperationKind::Create) => "create",
        _ => "update",
    };
    let ids: Vec<&str> = operation.failed.iter().filter_map(|key| key.split(' ').next()).collect();
    Some(format!("The following resource(s) failed to {verb}: [{}].", ids.join(", ")))
}

/// An alarm that watches the operation went off, or is not there. Alarms already off before are no transition.
fn breach(world: &World, record: &StackRecord, operation: &Operation) -> Option<String> {
    if !operation.is_watched() || operation.kind == OperationKind::Delete {
        return None;
    }
    record.deployed.rollback_configuration.triggers.iter().find_map(|arn| match world.alarm_by_arn(arn) {
        None => Some(format!("The rollback trigger {arn} does not exist.")),
        Some(alarm) => (alarm.value == crate::cloud::AlarmValue::Alarm && alarm.since >= operation.started)
            .then(|| format!("The rollback trigger {arn} went to ALARM state.")),
    })
}
