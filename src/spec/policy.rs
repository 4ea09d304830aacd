//! `policy`: how much findings matter in an environment, and why.

use schemars::JsonSchema;
use serde::Deserialize;

use super::Text;

/// How much the findings of one rule matter here, where that is not what asagi says.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SetSeverity {
    /// What they are.
    pub severity: Level,
    /// Why; shown wherever the findings would be.
    pub reason: Text,
}

/// How much findings matter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(inline)]
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
