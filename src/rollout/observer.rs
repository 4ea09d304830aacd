//! What a running rollout tells whoever watches it. The driver prints nothing.

use jiff::Timestamp;

use crate::cfn::{ResourceChange, StackEvent};
use crate::plan::{Phase, RoleState};

/// Something happened.
#[derive(Debug, Clone)]
pub enum Progress<'a> {
    /// A level of stacks begins.
    Level {
        /// Counting from 1.
        number: usize,
        /// How many there are.
        of: usize,
        /// Keys of the stacks that change.
        stacks: &'a [String],
    },
    /// A phase begins.
    Phase {
        /// The role.
        role: &'a str,
        /// Counting from 1.
        number: usize,
        /// How many there are.
        of: usize,
        /// The phase.
        phase: &'a Phase,
    },
    /// A phase is done.
    PhaseDone {
        /// The role.
        role: &'a str,
        /// The phase.
        phase: &'a Phase,
        /// When.
        at: Timestamp,
    },
    /// A change set is about to be executed.
    ChangeSet {
        /// The stack's name.
        stack: &'a str,
        /// What it does.
        changes: &'a [ResourceChange],
    },
    /// There was nothing to change.
    Unchanged {
        /// The stack's name.
        stack: &'a str,
    },
    /// A stack that was there before is protected from deletion, or no longer.
    Protected {
        /// The stack's name.
        stack: &'a str,
        /// It is.
        on: bool,
    },
    /// A stack is about to be removed.
    Removing {
        /// The stack's name.
        stack: &'a str,
        /// How many of its resources are deleted with it, and how many stay.
        resources: (usize, usize),
    },
    /// A line of a stack's history.
    Event(&'a StackEvent),
    /// It waits.
    Waiting {
        /// For what.
        what: String,
        /// Until when, where that is known.
        until: Option<Timestamp>,
        /// Now.
        now: Timestamp,
        /// The role as it is now.
        state: Option<&'a RoleState>,
    },
    /// Something could not be read, and what is done does not depend on it.
    Unread {
        /// The call and what it was about.
        what: &'a str,
        /// Why.
        why: &'a str,
    },
    /// The topic could not be told; said once a run.
    Untold {
        /// Why.
        why: &'a str,
    },
    /// Everything is given back.
    GoingBack {
        /// The role.
        role: &'a str,
        /// Why.
        reason: &'a str,
    },
}

/// Who watches.
pub trait Observer: Send + Sync {
    /// Something happened.
    fn tell(&self, progress: &Progress<'_>);
}

/// Nobody watches.
#[derive(Debug, Clone, Copy, Default)]
pub struct Unobserved;

impl Observer for Unobserved {
    fn tell(&self, _: &Progress<'_>) {}
}
