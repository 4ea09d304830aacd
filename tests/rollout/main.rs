//! Whole rollouts on the embedded target: specs are edited, planned and applied through the library, and each test's
//! session (what was asked, what came of it, on the virtual clock) is its snapshot.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test stops where something is not as it should be")]

mod cloud;
mod doctored;
mod hands;
mod session;
mod transcript;
mod world;

mod advised;
mod alarms;
mod another_tool;
mod approvals;
mod beside;
mod blind;
mod by_hand;
mod cancelled;
mod crashes;
mod days;
mod deployment;
mod edits;
mod evidence;
mod leaving;
mod losses;
mod lowered;
mod places;
mod promotion;
mod protection;
mod read_back;
mod refused;
mod releases;
mod rivals;
mod roles;
mod rollbacks;
mod rolling;
mod stuck;
mod times;
mod unwatched;
mod walks;
mod watched;
mod ways_out;
mod windows;

/// Polls once: the embedded target answers at once and moves its own clock instead of waiting.
fn block<T>(work: impl std::future::Future<Output = T>) -> T {
    let mut work = std::pin::pin!(work);
    match work.as_mut().poll(&mut std::task::Context::from_waker(std::task::Waker::noop())) {
        std::task::Poll::Ready(value) => value,
        std::task::Poll::Pending => panic!("the embedded target waits for something"),
    }
}
