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

/// Findings as text.
#[derive(Debug, Default)]
pub(super) struct Shown {
    /// A block for each, with its source.
    pub(super) text: String,
    /// How many errors and warnings that is; shared ones count once.
    pub(super) counts: [usize; 2],
}

/// Every finding as a block with its source.
pub(super) fn human<'a>(environments: impl Iterator<Item = &'a Read>, colored: bool) -> Shown {
    let paint = if colored { Paint::Colour } else { Paint::Plain };
    let mut blocks: IndexMap<String, (Severity, Vec<&str>)> = IndexMap::new();
    for read in environments {
        for found in read.findings.sorted(&read.sources) {
            let block = render::human_one(found, &read.sources, paint);
            blocks.entry(block).or_insert((found.severity, Vec::new())).1.push(read.name());
        }
    }
    let count = |wanted| blocks.values().filter(|(severity, _)| *severity == wanted).count();
    let counts = [count(Severity::Error), count(Severity::Warning)];
    let blocks = blocks.into_iter().map(|(block, (_, names))| {
        if names.len() > 1 { format!("{block}   = in: {}\n", names.join(", ")) } else { block }
    });
    Shown { text: blocks.collect::<Vec<_>>().join("\n"), counts }
}

/// `checked 4 environments: 0 errors, 2 warnings`
pub(super) fn summary(environments: usize, shown: &Shown) -> String {
    let [errors, warnings] = shown.counts;
    let environments = plural(environments, "environment");
    format!("checked {environments}: {}, {}", plural(errors, "error"), plural(warnings, "warning"))
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
    let shown = human(broken.iter(), console.is_error_colored());
    console.say(shown.text.trim_end());
    let [errors, _] = shown.counts;
    Failure::new(format!("{} in the spec, nothing was done", plural(errors, "error")))
        .code(ExitCode::Findings)
}

/// `2 warnings in prod` where there are any, for commands that do something else.
pub(super) fn hint(findings: &Findings, name: &str) -> Option<String> {
    let warnings = findings.count(Severity::Warning);
    (warnings > 0).then(|| format!("{} in {name}: see `asagi check {name}`", plural(warnings, "warning")))
}
