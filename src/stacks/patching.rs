//! The patching stack: instances are scanned for missing patches and reported, never patched.

use serde::Serialize;

use super::draft::Draft;
use super::graph::StackKind;
use super::kept::Kept;
use super::{foundation, names, notifications};
use crate::model::Environment;

/// Key of the stack.
const KEY: &str = "patching";

#[derive(Serialize)]
struct Context<'a> {
    name: String,
    reports: String,
    group_tag: &'static str,
    group: String,
    schedule: &'a str,
    retention: Kept,
}

/// The stack.
pub(super) fn draft(environment: &Environment) -> Draft {
    let draft = Draft::new(KEY, StackKind::Patching, "patching", context(environment));
    foundation::topic_key(notifications::topic(draft))
}

fn context(environment: &Environment) -> Context<'_> {
    Context {
        name: format!("{}-{}", environment.project, environment.name),
        reports: names::scan_reports(environment),
        group_tag: names::PATCH_GROUP_TAG,
        group: names::patch_group(environment),
        schedule: &environment.patch_scan,
        retention: environment.retention.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::example;

    #[test]
    fn it_scans_and_installs_nothing() {
        let environment = example::prod();
        let text = draft(&environment).render(&environment).unwrap_or_else(|error| panic!("{error}")).text;
        assert!(text.contains("Operation: [Scan]") && text.contains("RebootOption: [NoReboot]"), "{text}");
        assert!(text.contains("ScheduleTimezone: Asia/Tokyo"), "{text}");
        assert!(!text.contains("Install"), "{text}");
    }
}
