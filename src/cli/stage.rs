//! An embedded target in memory, gone with the process.

use std::sync::Arc;

use jiff::Timestamp;

use crate::cloud::local::LocalCloud;
use crate::model::Period;

use super::Failure;
use super::sabotage::Sabotage;
use super::target::{self, OpenTarget};

/// An embedded target in memory.
pub(super) struct Stage {
    /// What a rollout is driven through.
    pub(super) target: OpenTarget,
    /// By which things go wrong in it.
    pub(super) sabotage: Sabotage,
    local: Arc<LocalCloud>,
}

impl Stage {
    /// A new one for the environment whose stacks begin so; its clock starts then, or where that of the embedded target does.
    pub(super) fn new(
        prefix: &str,
        (account, region): (&str, &str),
        start: Option<Timestamp>,
        watched: bool,
    ) -> Result<Self, Failure> {
        let mut settings = target::settings(account, region)?;
        settings.start = start.unwrap_or(settings.start);
        let local = Arc::new(target::paced(LocalCloud::in_memory(settings), watched));
        let sabotage = Sabotage::new(local.clone(), prefix, region);
        Ok(Self { target: OpenTarget::of(local.clone())?, sabotage, local })
    }

    /// Another process takes the place of one that ended; gives whether one had.
    pub(super) fn revive(&self) -> bool {
        self.local.revive()
    }

    /// Lets that much time pass.
    pub(super) fn wait(&self, time: Period) {
        // A clock that cannot be moved fails the next call as well, which tells of it.
        drop(self.local.advance(time.as_duration()));
    }
}
