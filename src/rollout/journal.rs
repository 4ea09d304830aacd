//! The write-ahead journal: said before each call that changes something. It only speeds resuming; losing it loses
//! nothing.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// One line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Entry {
    /// When.
    pub at: Timestamp,
    /// The stack's name.
    pub stack: String,
    /// The verb, such as `CreateChangeSet`, `ExecuteChangeSet` or `CancelUpdateStack`.
    pub verb: String,
    /// The call's token, which makes a repeated call the same call; what it is about where the call has none.
    pub token: String,
}

/// Where the lines go.
pub trait Journal: Send + Sync {
    /// Writes a line and makes it last before the call is made.
    ///
    /// # Errors
    /// A sentence that says why it could not be written, once; the call is made all the same.
    fn write(&self, entry: &Entry) -> Result<(), String>;
}

/// Keeps nothing.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoJournal;

impl Journal for NoJournal {
    fn write(&self, _: &Entry) -> Result<(), String> {
        Ok(())
    }
}
