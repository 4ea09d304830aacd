//! One rate for all calls of a run, however many of them are asked for at once: AWS counts calls by account, and a
//! person with a console is there as well.

use std::future::Future;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::Semaphore;
use tokio::time::Instant;

/// So many calls are on their way at once.
pub(super) const AT_ONCE: usize = 8;

/// So many calls may leave without waiting after a quiet time.
const BURST: u32 = 20;

/// Lets calls go one after another, at a rate.
pub(super) struct Turns {
    places: Semaphore,
    /// When the next call may leave at that rate.
    next: Mutex<Instant>,
    interval: Duration,
}

impl Turns {
    /// So many calls a second. AWS publishes no rates for CloudFormation; tools that polled many stacks every five
    /// seconds were throttled (aws/aws-cli#5286).
    pub(super) fn per_second(calls: u32) -> Self {
        Self {
            places: Semaphore::new(AT_ONCE),
            next: Mutex::new(Instant::now()),
            interval: Duration::from_secs(1) / calls.max(1),
        }
    }

    /// Makes a call when its turn has come.
    pub(super) async fn take<T>(&self, call: impl Future<Output = T>) -> T {
        // The semaphore is never closed, and a call without a place is better than none.
        let _place = self.places.acquire().await.ok();
        let wait = self.reserve(Instant::now());
        // Waits vary, so that two runs beside each other do not beat in time.
        tokio::time::sleep(wait.mul_f64(1.0 + 0.3 * fastrand::f64())).await;
        call.await
    }

    /// How long the next call waits.
    fn reserve(&self, now: Instant) -> Duration {
        let mut next = self.next.lock().unwrap_or_else(PoisonError::into_inner);
        let earliest = now.checked_sub(self.interval * BURST).unwrap_or(now);
        *next = (*next).max(earliest) + self.interval;
        next.saturating_duration_since(now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_goes_at_once_and_the_rest_at_the_rate() {
        let turns = Turns::per_second(10);
        let now = Instant::now() + Duration::from_secs(3600);
        let waits: Vec<_> = (0..40).map(|_| turns.reserve(now).as_millis()).collect();
        assert_eq!(waits.iter().filter(|wait| **wait == 0).count(), 20);
        assert_eq!(waits.last(), Some(&2000));
        let later = now + Duration::from_secs(10);
        assert_eq!(turns.reserve(later), Duration::ZERO, "quiet time gives the burst back");
    }

    #[tokio::test]
    async fn no_more_than_a_few_are_on_their_way() {
        let turns = Turns::per_second(1_000_000);
        let (on_the_way, most) = (std::cell::Cell::new(0), std::cell::Cell::new(0));
        // Each waits for the others, so that as many as may are on their way, however fast the machine is.
        let together = tokio::sync::Barrier::new(AT_ONCE);
        let call = |_| {
            turns.take(async {
                on_the_way.set(on_the_way.get() + 1);
                most.set(most.get().max(on_the_way.get()));
                together.wait().await;
                on_the_way.set(on_the_way.get() - 1);
            })
        };
        futures_util::future::join_all((0..5 * AT_ONCE).map(call)).await;
        assert_eq!(most.get(), AT_ONCE);
    }
}
