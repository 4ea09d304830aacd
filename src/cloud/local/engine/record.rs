//! What is kept of a stack: one document each.

use std::collections::{BTreeMap, BTreeSet};

use indexmap::IndexMap;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::operation::Operation;
use crate::cfn::{
    ChangeSetStatus, ChangeSetType, DeletionPolicy, ExecutionStatus, ResourceChange, ResourceStatus,
    RollbackConfiguration, Stack, StackEvent, StackParameter, StackResource, StackStatus,
};
use crate::words::Foreign;

/// A stack.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct StackRecord {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) status: StackStatus,
    pub(crate) status_reason: Option<String>,
    pub(crate) created: Timestamp,
    pub(crate) updated: Option<Timestamp>,
    pub(crate) termination_protection: bool,
    /// How many operations there were; the last one's id follows from it.
    pub(crate) operations: u64,
    pub(crate) deployed: Deployment,
    pub(crate) operation: Option<Operation>,
    pub(crate) change_sets: IndexMap<String, ChangeSetRecord>,
    /// Tokens of calls that were made, and which call each was.
    pub(crate) tokens: BTreeMap<String, String>,
    pub(crate) events: Vec<StackEvent>,
}

/// What is deployed, or being deployed.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Deployment {
    /// The text as submitted; `None` before the first.
    pub(crate) template: Option<String>,
    /// Values as given, NoEcho ones too.
    pub(crate) parameters: IndexMap<String, StackParameter>,
    /// Parameters that are not shown.
    #[serde(default)]
    pub(crate) no_echo: BTreeSet<String>,
    pub(crate) tags: IndexMap<String, String>,
    #[serde(default)]
    pub(crate) notification_topics: Vec<String>,
    pub(crate) rollback_configuration: RollbackConfiguration,
    pub(crate) role_arn: Option<String>,
    pub(crate) outputs: IndexMap<String, String>,
    /// Export name to value.
    pub(crate) exports: IndexMap<String, String>,
    /// Names of exports that it imports.
    #[serde(default)]
    pub(crate) imports: BTreeSet<String>,
    pub(crate) resources: IndexMap<String, ResourceRecord>,
}

/// A resource.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ResourceRecord {
    pub(crate) logical_id: String,
    pub(crate) kind: String,
    pub(crate) physical_id: Option<String>,
    pub(crate) status: ResourceStatus,
    pub(crate) properties: Map<String, Value>,
    /// Properties with dynamic references, as they are written.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) written: BTreeMap<String, String>,
    pub(crate) metadata: Value,
    pub(crate) creation_policy: Value,
    pub(crate) update_policy: Value,
    pub(crate) deletion_policy: Option<DeletionPolicy>,
    pub(crate) update_replace_policy: Option<DeletionPolicy>,
    /// Logical ids that it needs.
    pub(crate) needs: BTreeSet<String>,
    /// How many it was replaced by before.
    pub(crate) generation: u64,
}

/// A change set.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ChangeSetRecord {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) kind: ChangeSetType,
    /// What its making comes to.
    pub(crate) status: ChangeSetStatus,
    pub(crate) execution_status: ExecutionStatus,
    pub(crate) status_reason: Option<String>,
    /// When its making is over.
    pub(crate) ready: Timestamp,
    pub(crate) token: String,
    /// It compares with what the resources really are.
    #[serde(default)]
    pub(crate) revert_drift: bool,
    /// How many operations the stack had seen when it was made.
    pub(crate) made_at_operation: u64,
    pub(crate) changes: Vec<ResourceChange>,
    /// What it would deploy; resources and outputs are left empty.
    pub(crate) target: Deployment,
}

impl StackRecord {
    /// Id of its last operation.
    pub(crate) fn last_operation(&self) -> Option<String> {
        let seed = format!("{} operation {}", self.id, self.operations);
        (self.operations > 0).then(|| super::super::ids::uuid(&seed))
    }

    /// As `DescribeStacks` tells it.
    pub(crate) fn describe(&self) -> Stack {
        let hidden = &self.deployed.no_echo;
        let shown = self.deployed.parameters.iter().map(|(name, parameter)| {
            let hide = hidden.contains(name);
            let value = if hide { "****".to_owned() } else { parameter.value.clone() };
            let resolved = parameter.resolved.clone().filter(|_| !hide);
            (name.clone(), StackParameter { value, resolved })
        });
        Stack {
            id: self.id.clone(),
            name: self.name.clone(),
            status: self.status.clone(),
            status_reason: self.status_reason.clone().map(Foreign::from),
            parameters: shown.collect(),
            outputs: self.deployed.outputs.clone(),
            tags: self.deployed.tags.clone(),
            created: self.created,
            updated: self.updated,
            last_operation: self.last_operation(),
            role_arn: self.deployed.role_arn.clone(),
            termination_protection: self.termination_protection,
            notification_topics: self.deployed.notification_topics.clone(),
            rollback_configuration: self.deployed.rollback_configuration.clone(),
        }
    }

    /// As `DescribeStackResources` tells it.
    /// When something last happened to a resource.
    fn changed(&self, logical_id: &str) -> Option<Timestamp> {
        self.events.iter().rev().find(|event| event.logical_id == logical_id).map(|event| event.at)
    }

    pub(crate) fn describe_resources(&self) -> Vec<StackResource> {
        let resources = self.deployed.resources.values().map(|resource| StackResource {
            logical_id: resource.logical_id.clone(),
            physical_id: resource.physical_id.clone(),
            resource_type: resource.kind.clone(),
            status: resource.status.clone(),
            changed: self.changed(&resource.logical_id),
        });
        resources.collect()
    }
}
