//! Why nothing can be planned for a role as it is.

/// Why nothing can be planned for a role.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Another release is half way.
    #[error(
        "role {role}: release {running} is at phase `{phase}`, and the spec now asks for {wanted}; \
         finish it with the spec it began with, or `asagi rollback` it first"
    )]
    OtherReleaseRuns {
        /// The role.
        role: String,
        /// What rolls.
        running: String,
        /// Where it is.
        phase: String,
        /// What the spec asks for.
        wanted: String,
    },
    /// The listener rules are not what the stack says.
    #[error("role {role}: {drift}; only `asagi rollback` may proceed")]
    Drift {
        /// The role.
        role: String,
        /// How they disagree.
        drift: String,
    },
    /// A way back is not finished.
    #[error("role {role}: {why}, so it can only go back: `asagi apply` or `asagi rollback` finishes that")]
    GoesBack {
        /// The role.
        role: String,
        /// Why.
        why: String,
    },
    /// A listener rule would take a number that another one has.
    #[error(
        "stack {stack}: {rule} would take priority {priority}, which {holder} has until the update is over; \
         apply a spec with another, free priority first, and this one after it"
    )]
    PriorityTaken {
        /// The stack's key.
        stack: String,
        /// The rule's logical id.
        rule: String,
        /// The number.
        priority: u64,
        /// Logical id of the rule that has it.
        holder: String,
    },
    /// What is deployed and what is wanted ask for opposite orders.
    #[error(
        "no order of stacks does it: {first} comes before {then}, since {why}, and what is wanted has {then} before {first}; \
         make two commits of it: in the first {then} keeps what is in use and {first} lets go of it, in the second {then} \
         removes it"
    )]
    Circle {
        /// What must come first.
        first: String,
        /// Before this.
        then: String,
        /// For what.
        why: String,
    },
    /// The record names a phase that the strategy does not have.
    #[error(
        "role {role}: the rollout is at phase `{phase}`, which strategy `{strategy}` does not have; `asagi rollback` it first"
    )]
    UnknownPhase {
        /// The role.
        role: String,
        /// Where it is.
        phase: String,
        /// What the spec says.
        strategy: String,
    },
}
