//! `policy`: how much findings matter.

use indexmap::IndexMap;

use crate::model::{Level, PolicyEntry};
use crate::spec;

/// By code, in the order written. Whether there is such a rule is for [`crate::check`] to say, which has the rules.
pub(super) fn policy(spec: &IndexMap<String, spec::SetSeverity>) -> IndexMap<String, PolicyEntry> {
    let entry = |set: &spec::SetSeverity| PolicyEntry {
        level: match set.severity {
            spec::Level::Error => Level::Error,
            spec::Level::Warning => Level::Warning,
            spec::Level::Note => Level::Note,
            spec::Level::Ignore => Level::Ignore,
        },
        reason: set.reason.to_string(),
    };
    spec.iter().map(|(code, set)| (code.clone(), entry(set))).collect()
}
