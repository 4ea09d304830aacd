//! Statuses of stacks and of the resources in them, and what each allows.

use serde::{Deserialize, Serialize};

/// A word from the service, kept even when this version does not know it.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$arm_doc:meta])* $arm:ident = $word:literal,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(from = "String", into = "String")]
        pub enum $name {
            $($(#[$arm_doc])* $arm,)*
            /// A word that this version does not know.
            Unknown(String),
        }

        impl $name {
            /// The service's own word.
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$arm => $word,)*
                    Self::Unknown(word) => word,
                }
            }
        }

        impl From<String> for $name {
            fn from(word: String) -> Self {
                match word.as_str() {
                    $($word => Self::$arm,)*
                    _ => Self::Unknown(word),
                }
            }
        }

        impl From<$name> for String {
            fn from(value: $name) -> Self {
                value.as_str().to_owned()
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.as_str())
            }
        }
    };
}
pub(super) use words;

words! {
    /// A stack's status.
    /// <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/view-stack-events.html#cfn-stack-status-codes>
    StackStatus {
        /// Being created.
        CreateInProgress = "CREATE_IN_PROGRESS",
        /// Creation failed and rollback was off.
        CreateFailed = "CREATE_FAILED",
        /// Created.
        CreateComplete = "CREATE_COMPLETE",
        /// Creation failed; what was made is being removed.
        RollbackInProgress = "ROLLBACK_IN_PROGRESS",
        /// Creation failed and removal too: it can only be deleted.
        RollbackFailed = "ROLLBACK_FAILED",
        /// Creation failed: it can only be deleted.
        RollbackComplete = "ROLLBACK_COMPLETE",
        /// Being deleted.
        DeleteInProgress = "DELETE_IN_PROGRESS",
        /// Could not be deleted.
        DeleteFailed = "DELETE_FAILED",
        /// Gone; known by its id for 90 days.
        DeleteComplete = "DELETE_COMPLETE",
        /// Being updated, or baking after an update.
        UpdateInProgress = "UPDATE_IN_PROGRESS",
        /// Updated; old resources are being removed.
        UpdateCompleteCleanupInProgress = "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS",
        /// Updated.
        UpdateComplete = "UPDATE_COMPLETE",
        /// An update failed and rollback was off.
        UpdateFailed = "UPDATE_FAILED",
        /// An update is being taken back.
        UpdateRollbackInProgress = "UPDATE_ROLLBACK_IN_PROGRESS",
        /// Taking an update back failed: it must be continued.
        UpdateRollbackFailed = "UPDATE_ROLLBACK_FAILED",
        /// Taken back; new resources are being removed.
        UpdateRollbackCompleteCleanupInProgress = "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS",
        /// An update was taken back.
        UpdateRollbackComplete = "UPDATE_ROLLBACK_COMPLETE",
        /// A name with a change set and nothing else: it does not exist yet.
        ReviewInProgress = "REVIEW_IN_PROGRESS",
    }
}

impl StackStatus {
    /// An operation is running; a new one is refused.
    pub fn is_busy(&self) -> bool {
        *self != Self::ReviewInProgress && self.as_str().ends_with("_IN_PROGRESS")
    }

    /// An update may be made from here.
    pub fn is_updatable(&self) -> bool {
        matches!(self, Self::CreateComplete | Self::UpdateComplete | Self::UpdateRollbackComplete)
            || self.as_str().starts_with("IMPORT_") && self.as_str().ends_with("COMPLETE")
    }

    /// Its creation failed: what is left of it can only be deleted, and then it is made anew.
    pub fn is_unmade(&self) -> bool {
        matches!(self, Self::RollbackComplete | Self::RollbackFailed | Self::CreateFailed)
    }

    /// There is nothing deployed under this name: a change set of type CREATE is needed.
    pub fn is_absent(&self) -> bool {
        matches!(self, Self::ReviewInProgress | Self::DeleteComplete)
    }
}

words! {
    /// A resource's status inside its stack.
    ResourceStatus {
        /// Being created.
        CreateInProgress = "CREATE_IN_PROGRESS",
        /// Could not be created.
        CreateFailed = "CREATE_FAILED",
        /// Created.
        CreateComplete = "CREATE_COMPLETE",
        /// Being updated or replaced.
        UpdateInProgress = "UPDATE_IN_PROGRESS",
        /// Could not be updated.
        UpdateFailed = "UPDATE_FAILED",
        /// Updated or replaced.
        UpdateComplete = "UPDATE_COMPLETE",
        /// Being deleted.
        DeleteInProgress = "DELETE_IN_PROGRESS",
        /// Could not be deleted.
        DeleteFailed = "DELETE_FAILED",
        /// Deleted.
        DeleteComplete = "DELETE_COMPLETE",
        /// Left in the account on purpose.
        DeleteSkipped = "DELETE_SKIPPED",
        /// The stack itself is being taken back.
        RollbackInProgress = "ROLLBACK_IN_PROGRESS",
        /// The stack itself was taken back.
        RollbackComplete = "ROLLBACK_COMPLETE",
        /// The stack's update is being taken back.
        UpdateRollbackInProgress = "UPDATE_ROLLBACK_IN_PROGRESS",
        /// The stack's update was taken back.
        UpdateRollbackComplete = "UPDATE_ROLLBACK_COMPLETE",
        /// The stack removes what the update replaced.
        UpdateCompleteCleanupInProgress = "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS",
        /// The stack removes what the taken-back update had made.
        UpdateRollbackCompleteCleanupInProgress = "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS",
        /// The stack is a name with a change set.
        ReviewInProgress = "REVIEW_IN_PROGRESS",
    }
}

impl ResourceStatus {
    /// The stack has it no longer.
    pub fn is_gone(&self) -> bool {
        matches!(self, Self::DeleteComplete | Self::DeleteSkipped)
    }

    /// Something went wrong here.
    pub fn is_failed(&self) -> bool {
        self.as_str().ends_with("_FAILED")
    }
}
