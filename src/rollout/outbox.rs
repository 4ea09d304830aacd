//! What people are told of a rollout beside the screen: kept until there is time for it, so that traffic never waits for
//! words, and told to whoever watches once where it cannot be told.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

use futures_util::future::join_all;

use crate::cloud::Cloud;

use super::observer::{Observer, Progress};

/// Messages that are still to be published.
#[derive(Debug, Default)]
pub struct Outbox {
    messages: Mutex<Vec<(String, String)>>,
    refused: AtomicBool,
}

impl Outbox {
    /// Keeps one until [`Outbox::deliver`].
    pub(super) fn put(&self, subject: &str, message: &str) {
        let kept = (subject.to_owned(), message.to_owned());
        self.messages.lock().unwrap_or_else(PoisonError::into_inner).push(kept);
    }

    /// Publishes all that is kept, side by side. The target bounds how long that takes; what it refuses is told once a run
    /// and stops nothing.
    pub(super) async fn deliver(&self, cloud: &dyn Cloud, topic: &str, observer: &dyn Observer) {
        let messages = std::mem::take(&mut *self.messages.lock().unwrap_or_else(PoisonError::into_inner));
        let told = join_all(messages.iter().map(|(subject, text)| cloud.publish(topic, subject, text))).await;
        let Some(error) = told.into_iter().find_map(Result::err) else { return };
        if !self.refused.swap(true, Ordering::Relaxed) {
            observer.tell(&Progress::Untold { why: &error.to_string() });
        }
    }
}
