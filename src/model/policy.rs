//! How much findings matter in an environment.

use serde::{Deserialize, Serialize};

/// How much the findings of one rule matter here, where that is not what asagi says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PolicyEntry {
    /// What they are.
    pub level: Level,
    /// Why.
    pub reason: String,
}

/// How much findings matter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// They stop everything.
    Error,
    /// They are told.
    Warning,
    /// They are told, and never fail a check.
    Note,
    /// They are counted and not told.
    Ignore,
}

impl Level {
    /// Its word in a spec.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Note => "note",
            Self::Ignore => "ignore",
        }
    }
}
