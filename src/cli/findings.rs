//! Findings of several environments as text and as JSON. One that several environments share, because a base has it,
//! is shown once.

use indexmap::IndexMap;
use serde_json::{Value, json};

use super::{Console, ExitCode, Failure};
use crate::diagnostics::render::{self, Paint};
use crate::diagnostics::{Findings, Severity};
use crate::ops::check::CheckReport;
use crate::ops::load::Read;

/// Version of the JSON document.
const VERSION: u32 = 1;

/// Every finding as a block with its source.
pub(super) fn human<'a>(environments: impl Iterator<Item = &'a Read>, colored: bool) -> String {
    let paint = if colored { Paint::Colour } else { Paint::Plain };
    let mut blocks: IndexMap<String, Vec<&str>> = IndexMap::new();
    for read in environments {
        for found in read.findings.sorted(&read.sources) {
            let block = render::human_one(found, &read.sources, paint);
            blocks.entry(block).or_default().push(read.name());
        }
    }
    let blocks = blocks.into_iter().map(|(block, names)| {
        if names.len() > 1 { format!("{block}   = in: {}\n", names.join(", ")) } else { block }
    });
    blocks.collect::<Vec<_>>().join("\n")
}

/// `checked 4 environments: 0 errors, 2 warnings`
pub(super) fn summary(report: &CheckReport) -> String {
    let count = |severity, word: &str| plural(report.count(severity), word);
    format!(
        "checked {}: {}, {}",
        plural(report.environments().count(), "environment"),
        count(Severity::Error, "error"),
        count(Severity::Warning, "warning"),
    )
}

pub(super) fn plural(count: usize, word: &str) -> String {
    if count == 1 { format!("1 {word}") } else { format!("{count} {word}s") }
}

/// All of it, for programs.
pub(super) fn json(report: &CheckReport) -> Value {
    let environments: Vec<Value> = report
        .environments()
        .map(|read| {
            let document = render::json(&read.findings, &read.sources);
            json!({ "environment": read.name(), "path": read.path, "findings": document.get("findings") })
        })
        .collect();
    json!({
        "version": VERSION,
        "environments": environments,
        "errors": report.count(Severity::Error),
        "warnings": report.count(Severity::Warning),
    })
}

/// Says what is wrong with specs that were to be used for something else, and fails.
pub(super) fn fail(broken: &[Read], console: &mut Console) -> Failure {
    let text = human(broken.iter(), false);
    console.say(text.trim_end());
    let errors = broken.iter().map(|read| read.findings.count(Severity::Error)).sum();
    Failure::new(format!("{} in the spec, nothing was done", plural(errors, "error")))
        .code(ExitCode::Findings)
}

/// `2 warnings in prod` where there are any, for commands that do something else.
pub(super) fn hint(findings: &Findings, name: &str) -> Option<String> {
    let warnings = findings.count(Severity::Warning);
    (warnings > 0).then(|| format!("{} in {name}: see `asagi check {name}`", plural(warnings, "warning")))
}
