//! Findings for programs: versioned, lines and columns from one, columns in characters.

use serde::Serialize;
use serde_json::{Value as Json, json as object};

use crate::diagnostics::{Code, Found, Label, Report, SetSeverity, Severity};
use crate::source::SourceMap;

/// Raised when a field changes its meaning or goes; new fields do not raise it.
pub const JSON_VERSION: u32 = 1;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Finding<'a> {
    code: Code,
    severity: Severity,
    message: &'a str,
    places: Vec<Place<'a>>,
    help: Option<&'a str>,
    notes: &'a [String],
    /// The same tomorrow, wherever the lines have gone.
    fingerprint: &'a str,
    /// The baseline has it.
    known: bool,
    /// Why a policy keeps it from being told.
    #[serde(skip_serializing_if = "Option::is_none")]
    ignored: Option<&'a str>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Place<'a> {
    file: &'a str,
    line: usize,
    column: usize,
    end_line: usize,
    end_column: usize,
    label: &'a str,
    primary: bool,
}

/// `{"version": 1, "environments": [{environment, path, findings, policy}], "errors", "warnings", "gone"}`. Findings are
/// in the order of [`crate::diagnostics::Findings::sorted`]; one that several environments share is in each of them and
/// counts once. The end of a place is the character after it.
pub fn json(report: &Report<'_>) -> Json {
    let environments = report.environments.iter().map(|environment| {
        let of = |found: &&Found<'_>| found.environments.contains(&environment.name);
        let findings = report.found.iter().chain(&report.ignored).filter(of).map(finding);
        let policy = report.policy.iter().filter(|(_, names)| names.contains(&environment.name));
        object!({
            "environment": environment.name,
            "path": environment.path,
            "findings": findings.collect::<Vec<_>>(),
            "policy": policy.map(|(set, _)| set_severity(set)).collect::<Vec<_>>(),
        })
    });
    let mut document = object!({
        "version": JSON_VERSION,
        "environments": environments.collect::<Vec<_>>(),
        "errors": report.count(Severity::Error),
        "warnings": report.count(Severity::Warning),
    });
    if let (Some(gone), Some(document)) = (&report.gone, document.as_object_mut()) {
        document.insert("gone".to_owned(), object!(gone));
    }
    document
}

fn set_severity(set: &SetSeverity) -> Json {
    object!({
        "code": set.code,
        "severity": set.severity.map_or(Json::from("ignore"), |severity| object!(severity)),
        "reason": set.reason,
        "findings": set.findings,
    })
}

fn finding<'a>(found: &'a Found<'_>) -> Finding<'a> {
    let diagnostic = &*found.diagnostic;
    Finding {
        code: diagnostic.code,
        severity: diagnostic.severity,
        message: &diagnostic.message,
        places: diagnostic.labels.iter().map(|label| place(label, found.sources)).collect(),
        help: diagnostic.help.as_deref(),
        notes: &diagnostic.notes,
        fingerprint: &found.fingerprint,
        known: found.known,
        ignored: found.ignored,
    }
}

fn place<'a>(label: &'a Label, map: &'a SourceMap) -> Place<'a> {
    let (start, end) = (map.start(label.span), map.end(label.span));
    Place {
        file: map.path(label.span.source),
        line: start.line,
        column: start.column,
        end_line: end.line,
        end_column: end.column,
        label: &label.text,
        primary: label.primary,
    }
}
