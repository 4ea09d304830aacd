//! Starting and finishing one thing to do: what a template wants of a resource becomes what is deployed.

use serde_json::Value;

use super::decide::{Decision, decide, failure, name, taken};
use super::desired::{Novelties, View};
use super::lookups;
use super::operation::{Task, TaskState};
use super::record::{ResourceRecord, StackRecord};
use super::refusal::{refused, refused_update, stuck};
use super::stage::Stage;
use crate::cfn::{DeletionPolicy, ResourceStatus, Template};
use crate::cloud::local::resources::{Work, seconds};
use crate::cloud::local::world::{Deployed, Refreshing, later};

const GROUP: &str = "AWS::AutoScaling::AutoScalingGroup";
/// How long a group's creation waits for instances that do not come, in seconds.
const GIVES_UP_AFTER: u64 = 600;

/// Starts a task of the phases in which resources are deployed.
pub(crate) fn start(stage: &mut Stage<'_>, record: &mut StackRecord, template: &Template, id: &str) {
    let view = View::new(stage.world, &stage.exports, record, template, &record.deployed.parameters);
    let kind = view.template().resources.get(id).map(|resource| resource.kind.clone()).unwrap_or_default();
    let wanted = view.wanted(id, &Novelties::new());
    let wanted = wanted.map(|wanted| wanted.into_record(stage.world, id));
    let existing = record.deployed.resources.get(id).cloned();
    let wanted = match wanted {
        Some(Ok(mut wanted)) => {
            existing.iter().for_each(|existing| lookups::keep(existing, &mut wanted));
            wanted
        }
        Some(Err(reason)) => return refuse(stage, record, existing, (id, kind), reason),
        None => return finish_task(record, id, false),
    };
    let decision = decide(existing.as_ref(), &wanted);
    match (decision, existing) {
        (Decision::Keep, Some(existing)) => keep(stage, record, id, &existing, wanted),
        (Decision::Update, Some(existing)) => update(stage, record, &existing, wanted),
        (Decision::Replace, Some(existing)) => replace(stage, record, existing, wanted),
        _ => create(stage, record, wanted),
    }
}

/// Nothing differs; what only CloudFormation itself reads is taken over in silence.
fn keep(
    stage: &Stage<'_>,
    record: &mut StackRecord,
    id: &str,
    existing: &ResourceRecord,
    wanted: ResourceRecord,
) {
    if let Some(resource) = record.deployed.resources.get_mut(id) {
        resource.deletion_policy = wanted.deletion_policy;
        resource.update_replace_policy = wanted.update_replace_policy;
        resource.needs = wanted.needs;
    }
    let touched = task(record, id).is_some_and(|task| task.touched);
    if touched {
        set_status(record, id, &ResourceStatus::UpdateComplete);
        record.resource_becomes(existing, ResourceStatus::UpdateComplete, None, stage.world.now);
    }
    finish_task(record, id, false);
}

fn create(stage: &mut Stage<'_>, record: &mut StackRecord, mut wanted: ResourceRecord) {
    let now = stage.world.now;
    record.resource_becomes(&wanted, ResourceStatus::CreateInProgress, None, now);
    let fails = match refused(&wanted).or_else(|| taken(stage.world, record, &wanted)) {
        Some(reason) => Some(reason),
        None => failure(stage.world, record, &wanted.logical_id),
    };
    if fails.is_none() {
        name(stage.world, record, &mut wanted);
        let told = Some("Resource creation Initiated".to_owned());
        record.resource_becomes(&wanted, ResourceStatus::CreateInProgress, told, now);
    }
    let until = later(now, seconds(&wanted.kind, Work::Create));
    record.deployed.resources.insert(wanted.logical_id.clone(), wanted.clone());
    run(stage, record, wanted, ResourceStatus::CreateComplete, fails, until);
}

fn update(
    stage: &mut Stage<'_>,
    record: &mut StackRecord,
    existing: &ResourceRecord,
    mut wanted: ResourceRecord,
) {
    let now = stage.world.now;
    (wanted.physical_id, wanted.generation) = (existing.physical_id.clone(), existing.generation);
    record.resource_becomes(existing, ResourceStatus::UpdateInProgress, None, now);
    set_status(record, &existing.logical_id, &ResourceStatus::UpdateInProgress);
    let refused = refused_update(existing, &wanted).or_else(|| refused(&wanted));
    let fails = refused.or_else(|| failure(stage.world, record, &wanted.logical_id));
    let until = later(now, seconds(&wanted.kind, Work::Update));
    run(stage, record, wanted, ResourceStatus::UpdateComplete, fails, until);
}

/// The new one first; the old one goes when the stack cleans up.
fn replace(
    stage: &mut Stage<'_>,
    record: &mut StackRecord,
    mut existing: ResourceRecord,
    mut wanted: ResourceRecord,
) {
    const ASKED: &str =
        "Requested update requires the creation of a new physical resource; hence creating one.";
    let now = stage.world.now;
    let id = wanted.logical_id.clone();
    record.resource_becomes(&existing, ResourceStatus::UpdateInProgress, Some(ASKED.to_owned()), now);
    wanted.generation = existing.generation + 1;
    wanted.status = ResourceStatus::UpdateInProgress;
    let until = later(now, seconds(&wanted.kind, Work::Create));
    let refused = stuck(&existing, &wanted).or_else(|| refused(&wanted));
    let refused = refused.or_else(|| taken(stage.world, record, &wanted));
    let fails = refused.or_else(|| failure(stage.world, record, &id));
    if fails.is_some() {
        set_status(record, &id, &ResourceStatus::UpdateInProgress);
        wanted.physical_id.clone_from(&existing.physical_id);
        return run(stage, record, wanted, ResourceStatus::UpdateComplete, fails, until);
    }
    name(stage.world, record, &mut wanted);
    let told = Some("Resource creation Initiated".to_owned());
    record.resource_becomes(&wanted, ResourceStatus::UpdateInProgress, told, now);
    existing.deletion_policy = existing.update_replace_policy.clone().or(Some(DeletionPolicy::Delete));
    if let Some(operation) = &mut record.operation {
        operation.garbage.insert(format!("{id} {}", existing.generation), existing);
    }
    record.deployed.resources.insert(id, wanted.clone());
    run(stage, record, wanted, ResourceStatus::UpdateComplete, None, until);
}

/// What cannot be evaluated fails at once.
fn refuse(
    stage: &mut Stage<'_>,
    record: &mut StackRecord,
    existing: Option<ResourceRecord>,
    (id, kind): (&str, String),
    reason: String,
) {
    let now = stage.world.now;
    let becomes =
        if existing.is_some() { ResourceStatus::UpdateComplete } else { ResourceStatus::CreateComplete };
    let stub = existing.unwrap_or(ResourceRecord {
        logical_id: id.to_owned(),
        kind,
        physical_id: None,
        status: ResourceStatus::CreateInProgress,
        properties: serde_json::Map::new(),
        written: std::collections::BTreeMap::new(),
        metadata: Value::Null,
        creation_policy: Value::Null,
        update_policy: Value::Null,
        deletion_policy: None,
        update_replace_policy: None,
        needs: std::collections::BTreeSet::new(),
        generation: 0,
    });
    run(stage, record, stub, becomes, Some(reason), now);
}

/// The task runs until then. Groups work from the start: their instances take their time.
fn run(
    stage: &mut Stage<'_>,
    record: &mut StackRecord,
    wanted: ResourceRecord,
    becomes: ResourceStatus,
    mut fails: Option<String>,
    mut until: jiff::Timestamp,
) {
    if wanted.kind == GROUP && fails.is_none() {
        apply(stage, record, &wanted);
        let name = wanted.physical_id.clone().unwrap_or_default();
        let ready = if becomes == ResourceStatus::CreateComplete || wanted.generation > 0 {
            stage.world.group_stable_at(&name)
        } else {
            Some(stage.world.now)
        };
        match ready {
            Some(ready) => until = until.max(ready),
            None => {
                until = later(stage.world.now, GIVES_UP_AFTER);
                fails = Some("Group did not stabilize. No instance reached InService state.".to_owned());
            }
        }
        let status =
            record.deployed.resources.get(&wanted.logical_id).map(|resource| resource.status.clone());
        let status = status.unwrap_or(ResourceStatus::UpdateInProgress);
        record
            .deployed
            .resources
            .insert(wanted.logical_id.clone(), ResourceRecord { status, ..wanted.clone() });
    }
    if let Some(task) = task_mut(record, &wanted.logical_id.clone()) {
        task.state = TaskState::Running { until, becomes };
        task.fails = fails;
        task.touched = true;
        task.pending = Some(Box::new(wanted));
    }
}

/// Ends a task that has run its time.
pub(crate) fn finish(stage: &mut Stage<'_>, record: &mut StackRecord, id: &str) {
    let now = stage.world.now;
    let Some(task) = task(record, id).cloned() else { return };
    let (TaskState::Running { becomes, .. }, Some(pending)) = (task.state, task.pending) else { return };
    let refreshing = match pending.kind == GROUP {
        true => stage.world.refreshing(pending.physical_id.as_deref().unwrap_or_default()),
        false => Refreshing::Over,
    };
    let fails = match refreshing {
        Refreshing::Until(until) => {
            if let Some(task) = task_mut(record, id) {
                task.state = TaskState::Running { until, becomes };
            }
            return;
        }
        Refreshing::Failed(reason) => Some(reason),
        Refreshing::Over => task.fails,
    };
    if let Some(reason) = fails {
        let failed = if becomes == ResourceStatus::CreateComplete {
            ResourceStatus::CreateFailed
        } else {
            ResourceStatus::UpdateFailed
        };
        set_status(record, id, &failed);
        record.resource_becomes(&pending, failed, Some(reason), now);
        return finish_task(record, id, true);
    }
    if pending.kind != GROUP {
        apply(stage, record, &pending);
    }
    let deployed = ResourceRecord { status: becomes.clone(), ..*pending };
    record.resource_becomes(&deployed, becomes, None, now);
    record.deployed.resources.insert(id.to_owned(), deployed);
    finish_task(record, id, false);
}

/// Stops what runs, because something else failed.
pub(crate) fn cancel_running(record: &mut StackRecord, now: jiff::Timestamp) {
    let running: Vec<(String, ResourceStatus)> = record
        .operation
        .iter()
        .flat_map(|operation| &operation.tasks)
        .filter_map(|(id, task)| match &task.state {
            TaskState::Running { becomes, .. } => Some((id.clone(), becomes.clone())),
            _ => None,
        })
        .collect();
    for (id, becomes) in running {
        let (failed, reason) = if becomes == ResourceStatus::CreateComplete {
            (ResourceStatus::CreateFailed, "Resource creation cancelled")
        } else {
            (ResourceStatus::UpdateFailed, "Resource update cancelled")
        };
        set_status(record, &id, &failed);
        if let Some(resource) = record.deployed.resources.get(&id).cloned() {
            record.resource_becomes(&resource, failed, Some(reason.to_owned()), now);
        }
    }
}

fn apply(stage: &mut Stage<'_>, record: &StackRecord, resource: &ResourceRecord) {
    let caller = stage.world.caller();
    let role = record.deployed.role_arn.as_deref().and_then(|arn| arn.rsplit('/').next());
    let account = stage.world.account.clone();
    let by = role.map(|role| format!("arn:aws:sts::{account}:assumed-role/{role}/AWSCloudFormation"));
    stage.world.put(&Deployed {
        kind: &resource.kind,
        physical_id: resource.physical_id.as_deref().unwrap_or_default(),
        properties: &resource.properties,
        update_policy: &resource.update_policy,
        by: by.as_deref().unwrap_or(&caller),
    });
}

fn task<'a>(record: &'a StackRecord, id: &str) -> Option<&'a Task> {
    record.operation.as_ref()?.tasks.get(id)
}

fn task_mut<'a>(record: &'a mut StackRecord, id: &str) -> Option<&'a mut Task> {
    record.operation.as_mut()?.tasks.get_mut(id)
}

fn set_status(record: &mut StackRecord, id: &str, status: &ResourceStatus) {
    if let Some(resource) = record.deployed.resources.get_mut(id) {
        resource.status = status.clone();
    }
}

/// The task is over.
pub(crate) fn finish_task(record: &mut StackRecord, id: &str, failed: bool) {
    let Some(operation) = &mut record.operation else { return };
    if let Some(task) = operation.tasks.get_mut(id) {
        task.state = TaskState::Done;
    }
    if failed {
        operation.failed.push(id.to_owned());
    }
}
