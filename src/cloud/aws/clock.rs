//! Real time.
#![expect(clippy::disallowed_methods, reason = "this is where the real clock is read")]

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

    async fn sleep(&self, duration: Duration) {
        tokio::time::sleep(duration).await;
    }
}

#[async_trait]
impl Clock for AwsCloud {
    fn now(&self) -> Timestamp {
        self.clock.now()
    }

    async fn sleep(&self, duration: Duration) {
        self.clock.sleep(duration).await;
    }

    async fn deadline(&self, duration: Duration) {
        tokio::time::sleep(duration).await;
    }
}
