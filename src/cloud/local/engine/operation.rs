//! A running operation: its phase, and what is still to do in it. It is kept with the stack, so that it goes on
//! wherever the clock is moved next, in whichever process.

use std::collections::BTreeSet;

use indexmap::IndexMap;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::record::{Deployment, ResourceRecord};
use crate::cfn::ResourceStatus;

/// A running operation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Operation {
    pub(crate) kind: OperationKind,
    pub(crate) phase: Phase,
    pub(crate) started: Timestamp,
    /// Token of the call that caused it.
    pub(crate) token: Option<String>,
    /// What was deployed before an update.
    pub(crate) before: Option<Box<Deployment>>,
    /// What is to do in this phase.
    pub(crate) tasks: IndexMap<String, Task>,
    /// What is to be deleted at the end.
    pub(crate) garbage: IndexMap<String, ResourceRecord>,
    /// What failed in this phase.
    pub(crate) failed: Vec<String>,
    /// A failed rollback waits to be continued.
    pub(crate) halted: bool,
}

/// What an operation is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum OperationKind {
    /// First deployment.
    Create,
    /// A later one.
    Update,
    /// Removal of the stack.
    Delete,
}

/// How far it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase")]
pub(crate) enum Phase {
    /// Creates and updates resources.
    Deploying,
    /// All deployed; alarms are watched until then.
    Baking {
        /// Until then.
        until: Timestamp,
    },
    /// Removes what the update replaced and dropped.
    Cleaning,
    /// Puts resources back.
    RollingBack,
    /// Removes what the update had made.
    RollbackCleaning,
    /// Removes everything: the stack is deleted, or its creation taken back.
    Deleting,
}

/// One thing to do.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Task {
    pub(crate) state: TaskState,
    /// Keys of the tasks that must be done before.
    pub(crate) waits_for: BTreeSet<String>,
    /// The resource as it will be when the task is done.
    pub(crate) pending: Option<Box<ResourceRecord>>,
    /// It will fail, and why.
    pub(crate) fails: Option<String>,
    /// It was begun or replaced in the update, so taking it back is told even when nothing differs.
    pub(crate) touched: bool,
}

/// How far one thing is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase")]
pub(crate) enum TaskState {
    /// Waits for others.
    Waiting,
    /// Runs until then, and becomes that.
    Running {
        /// Until then.
        until: Timestamp,
        /// What it becomes.
        becomes: ResourceStatus,
    },
    /// Is over.
    Done,
}

impl Task {
    /// Waits for those.
    pub(crate) fn after(waits_for: BTreeSet<String>) -> Self {
        Self { state: TaskState::Waiting, waits_for, pending: None, fails: None, touched: false }
    }
}

impl Operation {
    /// An operation at its start.
    pub(crate) fn new(kind: OperationKind, phase: Phase, started: Timestamp, token: Option<String>) -> Self {
        Self {
            kind,
            phase,
            started,
            token,
            before: None,
            tasks: IndexMap::new(),
            garbage: IndexMap::new(),
            failed: Vec::new(),
            halted: false,
        }
    }

    /// When it next goes on by itself.
    pub(crate) fn next_due(&self) -> Option<Timestamp> {
        let running = self.tasks.values().filter_map(|task| match task.state {
            TaskState::Running { until, .. } => Some(until),
            _ => None,
        });
        match self.phase {
            Phase::Baking { until } => Some(until),
            _ => running.min(),
        }
    }

    /// Alarms are watched now.
    pub(crate) fn is_watched(&self) -> bool {
        matches!(self.phase, Phase::Deploying | Phase::Baking { .. })
    }

    /// Keys of tasks that can start now.
    pub(crate) fn startable(&self) -> Vec<String> {
        let is_done = |key: &String| {
            self.tasks.get(key).is_none_or(|task| task.state == TaskState::Done) && !self.failed.contains(key)
        };
        let ready = self
            .tasks
            .iter()
            .filter(|(_, task)| task.state == TaskState::Waiting && task.waits_for.iter().all(is_done));
        ready.map(|(key, _)| key.clone()).collect()
    }

    /// Keys of tasks that are over at that time, the earliest first.
    pub(crate) fn finished(&self, now: Timestamp) -> Vec<String> {
        let mut over: Vec<(Timestamp, String)> = self
            .tasks
            .iter()
            .filter_map(|(key, task)| match task.state {
                TaskState::Running { until, .. } if until <= now => Some((until, key.clone())),
                _ => None,
            })
            .collect();
        over.sort_by_key(|(until, _)| *until);
        over.into_iter().map(|(_, key)| key).collect()
    }

    /// Nothing is left to do in this phase.
    pub(crate) fn is_idle(&self) -> bool {
        self.tasks.values().all(|task| task.state == TaskState::Done)
    }

    /// Something runs.
    pub(crate) fn is_running(&self) -> bool {
        self.tasks.values().any(|task| matches!(task.state, TaskState::Running { .. }))
    }
}
