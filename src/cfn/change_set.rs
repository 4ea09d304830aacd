//! A change set and what it would do to each resource.

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

use super::status::words;
use crate::words::Foreign;

/// A change set as `DescribeChangeSet` gives it.
/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeChangeSet.html>
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangeSet {
    /// ARN.
    pub id: String,
    /// Its name.
    pub name: String,
    /// ARN of its stack.
    pub stack_id: String,
    /// CREATE or UPDATE.
    pub kind: ChangeSetType,
    /// How far its making is.
    pub status: ChangeSetStatus,
    /// Whether it can be executed.
    pub execution_status: ExecutionStatus,
    /// Why it failed.
    pub status_reason: Option<Foreign>,
    /// What it would do.
    pub changes: Vec<ResourceChange>,
    /// The parameters it would set, NoEcho ones as `****`.
    pub parameters: IndexMap<String, String>,
}

impl ChangeSet {
    /// It failed because there is nothing to change, which is success. The two sentences are the service's; only
    /// their beginning is compared.
    pub fn is_empty(&self) -> bool {
        const NOTHING: [&str; 2] =
            ["The submitted information didn't contain changes.", "No updates are to be performed."];
        let reason = self.status_reason.as_ref().map(Foreign::as_given).unwrap_or_default();
        self.status == ChangeSetStatus::Failed && NOTHING.iter().any(|text| reason.starts_with(text))
    }

    /// It can be executed.
    pub fn is_executable(&self) -> bool {
        self.status == ChangeSetStatus::CreateComplete && self.execution_status == ExecutionStatus::Available
    }
}

words! {
    /// What kind of change set.
    ChangeSetType {
        /// For a stack that does not exist.
        Create = "CREATE",
        /// For one that does.
        Update = "UPDATE",
        /// Takes existing resources in.
        Import = "IMPORT",
    }
}

words! {
    /// How far a change set's making is.
    ChangeSetStatus {
        /// Queued.
        CreatePending = "CREATE_PENDING",
        /// Being worked out.
        CreateInProgress = "CREATE_IN_PROGRESS",
        /// Ready.
        CreateComplete = "CREATE_COMPLETE",
        /// Deleted.
        DeleteComplete = "DELETE_COMPLETE",
        /// Refused, or nothing to change.
        Failed = "FAILED",
    }
}

words! {
    /// Whether a change set can be executed.
    ExecutionStatus {
        /// Not yet, or never.
        Unavailable = "UNAVAILABLE",
        /// Yes.
        Available = "AVAILABLE",
        /// It is being executed.
        ExecuteInProgress = "EXECUTE_IN_PROGRESS",
        /// It was.
        ExecuteComplete = "EXECUTE_COMPLETE",
        /// It was, and failed.
        ExecuteFailed = "EXECUTE_FAILED",
        /// The stack has moved on.
        Obsolete = "OBSOLETE",
    }
}

/// What a change set would do to one resource.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ResourceChange {
    /// What happens.
    pub action: Action,
    /// Name in the template.
    pub logical_id: String,
    /// Name in the account, when it exists.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub physical_id: Option<String>,
    /// Such as `AWS::EC2::LaunchTemplate`.
    pub resource_type: String,
    /// For [`Action::Modify`]: whether a new one takes its place.
    pub replacement: Replacement,
    /// Which parts change.
    pub scope: Vec<Scope>,
    /// What becomes of the old one when it is removed or replaced.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub policy_action: Option<PolicyAction>,
    /// Property by property.
    pub details: Vec<ChangeDetail>,
}

/// One reason for a change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ChangeDetail {
    /// Which part.
    pub scope: Scope,
    /// The property's name, `LaunchTemplateData`; absent for parts without properties.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub property: Option<String>,
    /// Whether this property's change recreates the resource.
    pub recreation: Recreation,
    /// What the change comes from: a parameter's name, or `Resource.Attribute`.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub causing_entity: Option<String>,
    /// Value before, as text, where the service tells it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub before: Option<String>,
    /// Value after, as text, where the service tells it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub after: Option<String>,
}

words! {
    /// What happens to a resource.
    Action {
        /// It is created.
        Add = "Add",
        /// It is updated or replaced.
        Modify = "Modify",
        /// It is removed.
        Remove = "Remove",
        /// It is taken in.
        Import = "Import",
        /// Only execution will tell.
        Dynamic = "Dynamic",
    }
}

words! {
    /// Whether a changed resource is replaced by a new one, from mild to severe.
    Replacement {
        /// Updated in place.
        Never = "False",
        /// It depends on the values.
        Conditional = "Conditional",
        /// A new one takes its place.
        Always = "True",
    }
}

words! {
    /// Which part of a resource changes.
    Scope {
        /// Its properties.
        Properties = "Properties",
        /// Its metadata.
        Metadata = "Metadata",
        /// How creation is judged.
        CreationPolicy = "CreationPolicy",
        /// How updates are made.
        UpdatePolicy = "UpdatePolicy",
        /// What happens when it is removed.
        DeletionPolicy = "DeletionPolicy",
        /// What happens to the old one when it is replaced.
        UpdateReplacePolicy = "UpdateReplacePolicy",
        /// Its tags.
        Tags = "Tags",
    }
}

words! {
    /// Whether a property's change recreates the resource.
    Recreation {
        /// Never.
        Never = "Never",
        /// It depends.
        Conditionally = "Conditionally",
        /// Always.
        Always = "Always",
    }
}

words! {
    /// What becomes of the old resource.
    PolicyAction {
        /// Deleted.
        Delete = "Delete",
        /// Kept in the account, out of the stack.
        Retain = "Retain",
        /// Deleted after a snapshot.
        Snapshot = "Snapshot",
        /// Replaced, the old one deleted.
        ReplaceAndDelete = "ReplaceAndDelete",
        /// Replaced, the old one kept.
        ReplaceAndRetain = "ReplaceAndRetain",
        /// Replaced, a snapshot of the old one kept.
        ReplaceAndSnapshot = "ReplaceAndSnapshot",
    }
}
