//! A deployed stack, and the request for a change set.

use indexmap::IndexMap;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{ChangeSetType, ResourceStatus, StackStatus};
use crate::words::{Foreign, Secret};

/// A deployed stack as `DescribeStacks` gives it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Stack {
    /// ARN.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Where it stands.
    pub status: StackStatus,
    /// Why it stands there.
    pub status_reason: Option<Foreign>,
    /// Its parameters.
    pub parameters: IndexMap<String, StackParameter>,
    /// Its outputs.
    pub outputs: IndexMap<String, String>,
    /// Its tags.
    pub tags: IndexMap<String, String>,
    /// When it was created.
    pub created: Timestamp,
    /// When it was last updated.
    pub updated: Option<Timestamp>,
    /// Id of its last operation: it moves whenever anything was done to it.
    pub last_operation: Option<String>,
    /// The role that CloudFormation uses for it.
    pub role_arn: Option<String>,
    /// Whether deletion is refused.
    pub termination_protection: bool,
    /// ARNs of the topics that CloudFormation tells of its events.
    #[serde(default)]
    pub notification_topics: Vec<String>,
    /// What it is watched by; kept by CloudFormation until overridden.
    pub rollback_configuration: RollbackConfiguration,
}

impl Stack {
    /// The value of that parameter.
    pub fn parameter(&self, name: &str) -> Option<&str> {
        self.parameters.get(name).map(|parameter| parameter.value.as_str())
    }
}

/// The value of a deployed parameter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct StackParameter {
    /// As given; `****` for NoEcho.
    pub value: String,
    /// What an SSM parameter type resolved to.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub resolved: Option<String>,
}

/// A resource of a deployed stack.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct StackResource {
    /// Name in the template.
    pub logical_id: String,
    /// Name in the account.
    pub physical_id: Option<String>,
    /// Such as `AWS::AutoScaling::AutoScalingGroup`.
    pub resource_type: String,
    /// Where it stands.
    pub status: ResourceStatus,
    /// When it was last changed, where the target tells.
    pub changed: Option<Timestamp>,
}

/// Alarms that take an update back, and for how long they are watched after it.
/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_RollbackConfiguration.html>
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RollbackConfiguration {
    /// ARNs of alarms or composite alarms, at most five. One that does not exist fails the operation.
    pub triggers: Vec<String>,
    /// 0 to 180.
    pub monitoring_minutes: u64,
}

/// What a parameter is set to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ParameterValue {
    /// This text; a list is joined with commas.
    Value(String),
    /// The same, of a NoEcho parameter: the call alone takes it out.
    Secret(Secret),
    /// `UsePreviousValue`.
    Previous,
}

/// The request for a change set.
/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateChangeSet.html>
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CreateChangeSet {
    /// The stack's name.
    pub stack_name: String,
    /// The change set's own, derived from the plan so that a repeated call finds it.
    pub name: String,
    /// CREATE where the stack is absent or in review.
    pub kind: ChangeSetType,
    /// `None` is `UsePreviousTemplate`.
    pub template: Option<String>,
    /// Bucket that a template goes through which is too large for a request.
    pub template_bucket: Option<String>,
    /// Compares with what the resources really are, so that what was changed beside CloudFormation is put back too; else
    /// the template before is all that counts.
    /// <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/drift-aware-change-sets.html>
    pub revert_drift: bool,
    /// Every parameter of the template.
    pub parameters: IndexMap<String, ParameterValue>,
    /// Tags of the stack; they replace the ones before.
    pub tags: IndexMap<String, String>,
    /// ARNs of topics that are told of the stack's events, at most five; they replace the ones before.
    pub notification_topics: Vec<String>,
    /// Such as `CAPABILITY_NAMED_IAM`; only what the template needs.
    pub capabilities: Vec<String>,
    /// Always sent: CloudFormation keeps triggers on the stack, so an empty one clears them.
    pub rollback_configuration: RollbackConfiguration,
    /// The role that CloudFormation uses, so that credentials cannot run out in the middle.
    pub role_arn: Option<String>,
    /// Shown beside it in the console.
    pub description: String,
    /// Makes a repeated call the same call.
    pub client_token: String,
}
