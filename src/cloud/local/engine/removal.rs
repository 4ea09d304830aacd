//! Deleting resources: those that an update replaced or dropped, those that a rollback leaves over, or all.

use std::collections::BTreeSet;

use indexmap::IndexMap;
use serde_json::Value;

use super::decide::use_up;
use super::operation::{OperationKind, Phase, Task, TaskState};
use super::record::{ResourceRecord, StackRecord};
use super::stage::Stage;
use super::tasks::finish_task;
use crate::cfn::{DeletionPolicy, ResourceStatus};
use crate::cloud::local::resources::{Work, seconds};
use crate::cloud::local::world::{later, text};

/// A task for each, every one after all that need it.
pub(crate) fn plan(garbage: &IndexMap<String, ResourceRecord>) -> IndexMap<String, Task> {
    let tasks = garbage.iter().map(|(key, resource)| {
        let needed_by = garbage.iter().filter(|(_, other)| other.needs.contains(&resource.logical_id));
        let waits_for: BTreeSet<String> =
            needed_by.map(|(other, _)| other.clone()).filter(|other| other != key).collect();
        (key.clone(), Task::after(waits_for))
    });
    tasks.collect()
}

/// Starts the deletion of one.
pub(crate) fn start(stage: &mut Stage<'_>, record: &mut StackRecord, key: &str) {
    let now = stage.world.now;
    let Some(resource) = garbage(record, key) else { return finish_task(record, key, false) };
    if resource.physical_id.is_none() {
        forget(record, &resource);
        return finish_task(record, key, false);
    }
    if is_retained(record, &resource) {
        record.resource_becomes(&resource, ResourceStatus::DeleteSkipped, None, now);
        forget(record, &resource);
        return finish_task(record, key, false);
    }
    record.resource_becomes(&resource, ResourceStatus::DeleteInProgress, None, now);
    set_status(record, &resource, &ResourceStatus::DeleteInProgress);
    let rolls_back =
        !matches!(phase(record), Some(Phase::Cleaning)) && kind(record) != Some(OperationKind::Delete);
    let fault = use_up(stage.world, &record.name, &resource.logical_id, rolls_back);
    let fails = fault.or_else(|| protection(&resource));
    let until = later(now, seconds(&resource.kind, Work::Delete));
    let task = record.operation.as_mut().and_then(|operation| operation.tasks.get_mut(key));
    if let Some(task) = task {
        task.state = TaskState::Running { until, becomes: ResourceStatus::DeleteComplete };
        task.fails = fails;
    }
}

/// Ends the deletion of one.
pub(crate) fn finish(stage: &mut Stage<'_>, record: &mut StackRecord, key: &str) {
    let now = stage.world.now;
    let Some(resource) = garbage(record, key) else { return finish_task(record, key, false) };
    let task = record.operation.as_ref().and_then(|operation| operation.tasks.get(key));
    if let Some(reason) = task.and_then(|task| task.fails.clone()) {
        set_status(record, &resource, &ResourceStatus::DeleteFailed);
        record.resource_becomes(&resource, ResourceStatus::DeleteFailed, Some(reason), now);
        return finish_task(record, key, true);
    }
    stage.world.remove(&resource.kind, resource.physical_id.as_deref().unwrap_or_default());
    record.resource_becomes(&resource, ResourceStatus::DeleteComplete, None, now);
    forget(record, &resource);
    finish_task(record, key, false);
}

fn garbage(record: &StackRecord, key: &str) -> Option<ResourceRecord> {
    record.operation.as_ref()?.garbage.get(key).cloned()
}

fn phase(record: &StackRecord) -> Option<Phase> {
    record.operation.as_ref().map(|operation| operation.phase)
}

fn kind(record: &StackRecord) -> Option<OperationKind> {
    record.operation.as_ref().map(|operation| operation.kind)
}

fn is_retained(record: &StackRecord, resource: &ResourceRecord) -> bool {
    match resource.deletion_policy {
        Some(DeletionPolicy::Retain) => true,
        // Only a creation that is taken back deletes it.
        Some(DeletionPolicy::RetainExceptOnCreate) => {
            kind(record) == Some(OperationKind::Delete) || phase(record) == Some(Phase::Cleaning)
        }
        _ => false,
    }
}

/// Is it still the deployed one, and not what replaced it?
fn is_deployed(record: &StackRecord, resource: &ResourceRecord) -> bool {
    let deployed = record.deployed.resources.get(&resource.logical_id);
    deployed.is_some_and(|deployed| deployed.physical_id == resource.physical_id)
}

fn forget(record: &mut StackRecord, resource: &ResourceRecord) {
    if is_deployed(record, resource) {
        record.deployed.resources.shift_remove(&resource.logical_id);
    }
}

fn set_status(record: &mut StackRecord, resource: &ResourceRecord, status: &ResourceStatus) {
    if is_deployed(record, resource)
        && let Some(deployed) = record.deployed.resources.get_mut(&resource.logical_id)
    {
        deployed.status = status.clone();
    }
}

/// What refuses its own deletion.
fn protection(resource: &ResourceRecord) -> Option<String> {
    let name = resource.physical_id.as_deref().unwrap_or_default();
    match resource.kind.as_str() {
        "AWS::ElasticLoadBalancingV2::LoadBalancer" => {
            let attributes = resource.properties.get("LoadBalancerAttributes").and_then(Value::as_array);
            let is_on = |attribute: &Value| {
                text(attribute.get("Key")).as_deref() == Some("deletion_protection.enabled")
                    && text(attribute.get("Value")).as_deref() == Some("true")
            };
            let protected = attributes.is_some_and(|attributes| attributes.iter().any(is_on));
            protected.then(|| {
                format!("Load balancer '{name}' cannot be deleted because deletion protection is enabled")
            })
        }
        "AWS::AutoScaling::AutoScalingGroup" => {
            let protection = text(resource.properties.get("DeletionProtection"));
            (protection.as_deref() == Some("prevent-all-deletion")).then(|| {
                format!(
                    "Auto Scaling group '{name}' cannot be deleted because deletion protection is enabled"
                )
            })
        }
        _ => None,
    }
}
