//! Where releases come from.

use serde::Serialize;

/// Another environment of the project: what is live there may come here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Origin {
    /// Its name.
    pub environment: String,
    /// Its account, where its file says so.
    pub account: Option<String>,
    /// Its Region, where its file says so.
    pub region: Option<String>,
}
