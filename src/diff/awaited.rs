//! What reaches a role by a rollout and not by a change of its stacks.

use super::ValueChange;

/// What a role waits for.
#[derive(Debug, Clone, PartialEq)]
pub struct Awaited {
    /// The role.
    pub role: String,
    /// What brings it, and the command that shows how.
    pub how: String,
    /// What differs: release, sizes, what the target group has for good.
    pub changes: Vec<ValueChange>,
    /// What else a person should know, each a sentence.
    pub notes: Vec<String>,
}
