//! What happened in a stack.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::ResourceStatus;
use crate::words::Foreign;

/// One line of a stack's history.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct StackEvent {
    /// Unique.
    pub id: String,
    /// When.
    pub at: Timestamp,
    /// The stack's name.
    pub stack_name: String,
    /// Logical id; the stack's name for events of the stack itself.
    pub logical_id: String,
    /// Name in the account, once known.
    pub physical_id: Option<String>,
    /// Such as `AWS::CloudFormation::Stack`.
    pub resource_type: String,
    /// What it became.
    pub status: ResourceStatus,
    /// Why, in the service's words.
    pub reason: Option<Foreign>,
    /// The token of the call that caused it.
    pub token: Option<String>,
}

impl StackEvent {
    /// It is about the stack itself.
    pub fn is_of_stack(&self) -> bool {
        self.resource_type == "AWS::CloudFormation::Stack" && self.logical_id == self.stack_name
    }
}
