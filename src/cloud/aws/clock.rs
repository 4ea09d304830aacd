//! Real time.
#![expect(clippy::disallowed_methods, reason = "this is where the real clock is read")]

use std::hash::{BuildHasher, RandomState};
use std::time::Duration;

use async_trait::async_trait;
use jiff::Timestamp;

use super::AwsCloud;
use crate::cloud::Clock;

/// The machine's clock.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct RealClock;

#[async_trait]
impl Clock for RealClock {
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }

    fn lot(&self) -> u64 {
        // Keys from the operating system, others each time.
        RandomState::new().hash_one(())
    }

    async fn sleep(&self, duration: Duration) {
        tokio::time::sleep(duration).await;
    }
}

#[async_trait]
impl Clock for AwsCloud {
    fn now(&self) -> Timestamp {
        self.clock.now()
    }

    fn lot(&self) -> u64 {
        self.clock.lot()
    }

    async fn sleep(&self, duration: Duration) {
        self.clock.sleep(duration).await;
    }

    async fn deadline(&self, duration: Duration) {
        tokio::time::sleep(duration).await;
    }
}
