//! Words in a stack's history.

use jiff::Timestamp;

use super::record::{ResourceRecord, StackRecord};
use crate::cfn::{ResourceStatus, StackEvent, StackStatus};
use crate::cloud::local::ids;
use crate::words::Foreign;

/// The type of events about the stack itself.
const STACK: &str = "AWS::CloudFormation::Stack";

impl StackRecord {
    /// The stack becomes something, and its history says so.
    pub(crate) fn becomes(&mut self, status: StackStatus, reason: Option<String>, at: Timestamp) {
        let word = ResourceStatus::from(status.as_str().to_owned());
        let name = self.name.clone();
        let id = Some(self.id.clone());
        (self.status, self.status_reason) = (status, reason.clone());
        self.tell(at, &name, id, STACK, word, reason);
    }

    /// A resource becomes something, and the history says so.
    pub(crate) fn resource_becomes(
        &mut self,
        resource: &ResourceRecord,
        status: ResourceStatus,
        reason: Option<String>,
        at: Timestamp,
    ) {
        let physical_id = resource.physical_id.clone();
        self.tell(at, &resource.logical_id, physical_id, &resource.kind, status, reason);
    }

    fn tell(
        &mut self,
        at: Timestamp,
        logical_id: &str,
        physical_id: Option<String>,
        resource_type: &str,
        status: ResourceStatus,
        reason: Option<String>,
    ) {
        self.events.push(StackEvent {
            id: ids::uuid(&format!("{} event {}", self.id, self.events.len())),
            at,
            stack_name: self.name.clone(),
            logical_id: logical_id.to_owned(),
            physical_id,
            resource_type: resource_type.to_owned(),
            status,
            reason: reason.map(Foreign::from),
            token: self.operation.as_ref().and_then(|operation| operation.token.clone()),
        });
    }
}
