//! Templates and resources that were read already. Both change only by an operation on their stack, so they are good for
//! as long as the stack is described as it was then; of one that is being changed nothing is kept.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use crate::cfn::{Stack, StackResource};

/// What is kept of the stacks that were described, by ARN.
#[derive(Debug, Default)]
pub(super) struct Memory(Mutex<BTreeMap<String, Kept>>);

#[derive(Debug, Default)]
struct Kept {
    /// As the stack was described last; `None` while it is being changed.
    version: Option<String>,
    template: Option<String>,
    resources: Option<Vec<StackResource>>,
}

impl Memory {
    /// A stack was described: what was kept of another version of it is forgotten.
    pub(super) fn note(&self, stack: &Stack) {
        let version = format!("{} {:?} {:?}", stack.status, stack.updated, stack.last_operation);
        let version = Some(version).filter(|_| !stack.status.is_busy());
        self.with(&stack.id, |kept| {
            if kept.version.is_none() || kept.version != version {
                *kept = Kept { version, ..Kept::default() };
            }
        });
    }

    pub(super) fn template(&self, stack: &str) -> Option<String> {
        self.with(stack, |kept| kept.template.clone())
    }

    pub(super) fn keep_template(&self, stack: &str, text: &str) {
        self.with(stack, |kept| kept.template = kept.version.is_some().then(|| text.to_owned()));
    }

    pub(super) fn resources(&self, stack: &str) -> Option<Vec<StackResource>> {
        self.with(stack, |kept| kept.resources.clone())
    }

    pub(super) fn keep_resources(&self, stack: &str, resources: &[StackResource]) {
        self.with(stack, |kept| kept.resources = kept.version.is_some().then(|| resources.to_vec()));
    }

    fn with<T>(&self, stack: &str, act: impl FnOnce(&mut Kept) -> T) -> T {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        act(kept.entry(stack.to_owned()).or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cfn::{RollbackConfiguration, StackStatus};

    fn stack(status: StackStatus, operation: &str) -> Stack {
        Stack {
            id: "arn".to_owned(),
            name: "traffic".to_owned(),
            status,
            status_reason: None,
            parameters: indexmap::IndexMap::new(),
            outputs: indexmap::IndexMap::new(),
            tags: indexmap::IndexMap::new(),
            created: jiff::Timestamp::UNIX_EPOCH,
            updated: None,
            last_operation: Some(operation.to_owned()),
            role_arn: None,
            termination_protection: false,
            notification_topics: Vec::new(),
            rollback_configuration: RollbackConfiguration::default(),
        }
    }

    #[test]
    fn what_was_read_is_good_until_the_stack_is_another() {
        let memory = Memory::default();
        memory.keep_template("arn", "of a stack that nobody described");
        assert_eq!(memory.template("arn"), None);
        memory.note(&stack(StackStatus::UpdateComplete, "1"));
        memory.keep_template("arn", "first");
        memory.note(&stack(StackStatus::UpdateComplete, "1"));
        assert_eq!(memory.template("arn").as_deref(), Some("first"));
        memory.note(&stack(StackStatus::UpdateComplete, "2"));
        assert_eq!(memory.template("arn"), None);
        memory.note(&stack(StackStatus::UpdateInProgress, "3"));
        memory.keep_template("arn", "of a stack that is being changed");
        assert_eq!(memory.template("arn"), None);
    }
}
