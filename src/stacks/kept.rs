//! What becomes of data and logs: the policy when their stack goes, and for how long logs are kept at all.

use serde::Serialize;

use crate::model::Retention;

/// As templates name it.
#[derive(Debug, Clone, Copy, Serialize)]
pub(super) struct Kept {
    /// `DeletionPolicy`. What a failed creation leaves behind would stop the next one by its name.
    deletion: &'static str,
    /// `UpdateReplacePolicy`.
    policy: &'static str,
    /// `RetentionInDays` of log groups: more than a year where they are kept, which audits ask for.
    days: u32,
}

impl From<Retention> for Kept {
    fn from(retention: Retention) -> Self {
        match retention {
            Retention::Retain => Self { deletion: "RetainExceptOnCreate", policy: "Retain", days: 400 },
            Retention::Delete => Self { deletion: "Delete", policy: "Delete", days: 30 },
        }
    }
}
