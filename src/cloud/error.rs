//! Why a call did not succeed, told apart by what can be done about it.

use crate::words::Foreign;

/// Why a call did not succeed. The service's own sentence is kept for people; code decides by the arm alone, and outside of
/// the targets nobody takes the sentence out of it: it is shown by [`Display`](std::fmt::Display), as foreign text.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CloudError {
    /// The request can never succeed as it is.
    #[error("{}", said(.0))]
    Validation(String),
    /// The stack is busy with another operation.
    #[error("{}", said(.0))]
    Busy(String),
    /// A change set of that name exists already.
    #[error("{}", said(.0))]
    AlreadyExists(String),
    /// No such stack, change set or resource.
    #[error("{}", said(.0))]
    NotFound(String),
    /// The change set is not in a state to be executed.
    #[error("{}", said(.0))]
    InvalidChangeSetStatus(String),
    /// The template needs a capability that was not given.
    #[error("{}", said(.0))]
    InsufficientCapabilities(String),
    /// The caller may not do this.
    #[error("{}", said(.0))]
    AccessDenied(String),
    /// The credentials have run out; the same call works with fresh ones.
    #[error("{}", said(.0))]
    CredentialsExpired(String),
    /// Too many calls, or the service did not answer; the same call may succeed later.
    #[error("{}", said(.0))]
    Transient(String),
    /// There is no way to the service from here, or it has been silent for too long.
    #[error("{}", said(.0))]
    Unreachable(String),
    /// The answer is larger, deeper or longer than is read of one.
    #[error("{0}")]
    Excess(String),
    /// The target's own store is broken or out of reach.
    #[error("{}", said(.0))]
    Store(String),
}

/// The sentence as it is shown: the service quotes what it was given, and names what others made.
fn said(sentence: &str) -> String {
    Foreign::from(sentence).visible()
}

impl CloudError {
    /// The same call may succeed later.
    pub fn is_transient(&self) -> bool {
        matches!(self, Self::Transient(_) | Self::Unreachable(_))
    }

    /// A change set was not made, since there is nothing to change: that is the service's way to say so.
    pub fn is_no_change(&self) -> bool {
        matches!(self, Self::Validation(sentence) if sentence.contains("No updates are to be performed"))
    }

    /// What a call on one's own change set ends with when somebody else was faster with the stack: it is busy, and the
    /// change set is executed, deleted or made in another way by now.
    pub fn is_of_others(&self) -> bool {
        use CloudError::{AlreadyExists, Busy, InvalidChangeSetStatus, NotFound};
        matches!(self, Busy(_) | AlreadyExists(_) | InvalidChangeSetStatus(_) | NotFound(_))
    }
}
