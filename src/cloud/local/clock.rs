//! The virtual clock.

use std::time::Duration;

use async_trait::async_trait;
use jiff::Timestamp;

use super::LocalCloud;
use crate::cloud::Clock;

#[async_trait]
impl Clock for LocalCloud {
    fn now(&self) -> Timestamp {
        self.now_or_last()
    }

    /// Drawn by counting, so that a session can be played again. Where nothing can be written nothing is run.
    fn lot(&self) -> u64 {
        self.change(|state| Ok(state.world.revision)).unwrap_or_default()
    }

    async fn sleep(&self, duration: Duration) {
        self.pace(duration);
        if let Err(error) = self.advance(duration) {
            self.remember(error);
        }
    }
}
