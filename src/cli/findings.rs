//! Findings of several environments as text. One that several environments share, because a base has it, is shown once.

use super::{Console, ExitCode, Failure};
use crate::diagnostics::render::{self, Paint};
use crate::diagnostics::{Findings, Report, Severity};
use crate::ops::load::Read;
use crate::shown;
use crate::words::Shown;

/// Every finding that is not known already, as a block with its source.
pub(super) fn human(report: &Report<'_>, colored: bool) -> Shown {
    let paint = if colored { Paint::Colour } else { Paint::Plain };
    let blocks = report.new_ones().map(|found| {
        let block = render::human_one(&found.diagnostic, found.sources, paint);
        match found.environments.as_slice() {
            [] | [_] => block,
            names => shown!("{}   = in: {}\n", block, names.join(", ")),
        }
    });
    Shown::join(blocks, "\n")
}

/// `checked 4 environments: 0 errors, 2 warnings`, and below it what their policies set and what is gone.
pub(super) fn summary(report: &Report<'_>) -> Vec<String> {
    let mut line = format!(
        "checked {}: {}, {}",
        plural(report.environments.len(), "environment"),
        plural(report.count(Severity::Error), "error"),
        plural(report.count(Severity::Warning), "warning")
    );
    for (count, word) in [(report.count(Severity::Note), "note"), (report.ignored.len(), "ignored finding")] {
        if count > 0 {
            line += &format!(", {}", plural(count, word));
        }
    }
    let known = report.found.iter().filter(|found| found.known).count();
    if known > 0 {
        line += &format!("; {known} more that the baseline knows");
    }
    let mut lines = vec![line];
    for (set, names) in &report.policy {
        let is = set.severity.map_or("ignored".to_owned(), |severity| format!("set to {}", severity.word()));
        let found = plural(set.findings, "finding");
        lines.push(format!("policy: {} is {is} in {}: {} ({found})", set.code, names.join(", "), set.reason));
    }
    let gone = report.gone.iter().flatten();
    lines.extend(gone.map(|known| format!("gone: {} in {}: {}", known.code, known.file, known.message)));
    if report.gone.as_ref().is_some_and(|gone| !gone.is_empty()) {
        lines.push(
            "what is gone stays in the baseline until it is written anew with `--write-baseline`".to_owned(),
        );
    }
    lines
}

pub(super) fn plural(count: usize, word: &str) -> String {
    if count == 1 { format!("1 {word}") } else { format!("{count} {word}s") }
}

/// Says what is wrong with specs that were to be used for something else, and fails.
pub(super) fn fail(broken: &[Read], console: &mut Console) -> Failure {
    let report = Report::of(broken.iter().map(Read::examined), None);
    let shown = human(&report, console.is_error_colored());
    console.say(shown.trim_end());
    let errors = plural(report.count(Severity::Error), "error");
    Failure::new(format!("{errors} in the spec, nothing was done")).code(ExitCode::Findings)
}

/// `2 warnings in prod` where there are any, for commands that do something else.
pub(super) fn hint(findings: &Findings, name: &str) -> Option<String> {
    let warnings = findings.count(Severity::Warning);
    (warnings > 0).then(|| format!("{} in {name}: see `asagi check {name}`", plural(warnings, "warning")))
}
