//! What every part of a running rollout needs: the cloud, the names, who asks and who watches.

use std::sync::atomic::AtomicBool;
use std::time::Duration;

use jiff::Timestamp;

use crate::cloud::{Cloud, CloudError};
use crate::model::{Period, Zone};

use super::cancellation::Cancellation;
use super::journal::{Entry, Journal};
use super::observer::{Observer, Progress};
use super::outbox::Outbox;
use crate::words::Foreign;

/// What every part of a running rollout needs.
pub struct Context<'a> {
    /// What it is driven through.
    pub cloud: &'a dyn Cloud,
    /// `{project}-{environment}`.
    pub prefix: &'a str,
    /// Digest of the plan, or of what a rollback is made from: tokens and change-set names follow from it.
    pub digest: &'a str,
    /// ARN of the role that CloudFormation uses, once it exists.
    pub service_role: Option<&'a str>,
    /// Bucket that templates go through which are too large for a request.
    pub template_bucket: Option<&'a str>,
    /// ARN of the topic that is told of phases.
    pub topic: Option<&'a str>,
    /// What is still to be told there.
    pub outbox: &'a Outbox,
    /// ARN of the caller.
    pub by: &'a Foreign,
    /// Tells this run's calls from another's, six letters and digits.
    pub run: &'a str,
    /// When this run began.
    pub began: Timestamp,
    /// A gate that holds later than this from now ends the run instead of being waited for.
    pub patience: Period,
    /// A person has agreed: good for one approval that a phase asks for, and only until this run changes something,
    /// since nobody has seen what comes of that.
    pub approved: &'a AtomicBool,
    /// Digests of change sets that no plan could show, and that a person has looked at and agreed to.
    pub unforeseen: &'a [String],
    /// The window does not count in this run; the record says why.
    pub outside_window: bool,
    /// Times are told in it.
    pub zone: &'a Zone,
    /// Set before the first call that moves something: until then nothing was begun.
    pub begun: &'a AtomicBool,
    /// Who watches.
    pub observer: &'a dyn Observer,
    /// Told before each call that changes something.
    pub journal: &'a dyn Journal,
    /// Set when the person cancels.
    pub cancelled: &'a Cancellation,
}

/// Why a run ended without an outcome.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RunError {
    /// A call did not succeed.
    #[error(transparent)]
    Cloud(#[from] CloudError),
    /// Somebody else was faster.
    #[error("stack {stack} is {who}'s: their change began at {at}")]
    Taken {
        /// The stack.
        stack: String,
        /// The other operator.
        who: String,
        /// Since when, as it is told.
        at: String,
    },
    /// Somebody else was faster, and the stack does not tell who.
    #[error("stack {stack} moved while this run was at it: another run or person was faster")]
    Moved {
        /// The stack.
        stack: String,
    },
    /// The person cancelled. What CloudFormation is doing goes on, watched by it.
    #[error("cancelled; what CloudFormation is doing goes on")]
    Cancelled,
}

impl RunError {
    /// Somebody else's work came first: what this run was made from has moved.
    pub fn is_of_others(&self) -> bool {
        matches!(self, Self::Taken { .. } | Self::Moved { .. })
    }
}

impl Context<'_> {
    /// The name of a stack.
    pub fn stack_name(&self, key: &str) -> String {
        format!("{}-{key}", self.prefix)
    }

    /// Tells whoever watches.
    pub fn tell(&self, progress: &Progress<'_>) {
        self.observer.tell(progress);
    }

    /// A read that only informs, within seconds.
    pub(super) async fn informs<T>(
        &self,
        read: impl Future<Output = Result<T, CloudError>>,
    ) -> Result<T, CloudError> {
        informs(self.cloud, read).await
    }

    /// Writes to the journal before a call. A journal that cannot be written is told of, and stops nothing: losing it loses
    /// nothing, and traffic may be on its way back.
    pub fn note(&self, stack: &str, verb: &str, token: &str) {
        let (stack, verb, token) = (stack.to_owned(), verb.to_owned(), token.to_owned());
        let entry = Entry { at: self.cloud.now(), stack, verb, token };
        if let Err(why) = self.journal.write(&entry) {
            self.tell(&Progress::Unread { what: "the journal", why: &why });
        }
    }

    /// Waits until the time is over or the person cancels, which ends the wait at once. Meanwhile people are told what is
    /// to be told.
    pub async fn sleep(&self, time: Duration) -> Result<(), RunError> {
        let both = async {
            tokio::join!(self.deliver(), self.cloud.sleep(time));
        };
        self.wait(both).await
    }

    /// The same while a change set is made that users may be waiting for: words come later.
    pub(super) async fn pause(&self, time: Duration) -> Result<(), RunError> {
        self.wait(self.cloud.sleep(time)).await
    }

    async fn wait(&self, time: impl Future<Output = ()>) -> Result<(), RunError> {
        self.check_cancelled()?;
        tokio::select! {
            biased;
            () = self.cancelled.cancelled() => {}
            () = time => {}
        }
        self.check_cancelled()
    }

    /// Whether the person has cancelled: asked before each call that changes something.
    pub(super) fn check_cancelled(&self) -> Result<(), RunError> {
        if self.cancelled.is_cancelled() { Err(RunError::Cancelled) } else { Ok(()) }
    }

    /// Tells the topic, as soon as something is waited for or [`Context::deliver`] is called: traffic first, then words.
    pub fn publish(&self, subject: &str, message: &str) {
        if self.topic.is_some() {
            self.outbox.put(subject, message);
        }
    }

    /// Tells the topic now what is still to be told; that nobody could be told never stops a rollout.
    pub async fn deliver(&self) {
        if let Some(topic) = self.topic {
            self.outbox.deliver(self.cloud, topic, self.observer).await;
        }
    }
}

/// A read that only informs has so long: what changes must not wait for what is told.
const INFORMS_WITHIN: Duration = Duration::from_secs(5);

/// A read that only informs, within seconds.
///
/// # Errors
/// When it does not succeed, or there is no answer by then.
pub async fn informs<T>(
    cloud: &dyn Cloud,
    read: impl Future<Output = Result<T, CloudError>>,
) -> Result<T, CloudError> {
    tokio::select! {
        biased;
        done = read => done,
        () = cloud.deadline(INFORMS_WITHIN) => {
            Err(CloudError::Unreachable(format!("no answer within {} s", INFORMS_WITHIN.as_secs())))
        }
    }
}
