//! Findings for programs: versioned, lines and columns from one, columns in characters.

use serde::Serialize;
use serde_json::{Value as Json, json as object};

use crate::diagnostics::{Code, Diagnostic, Findings, Label, Severity};
use crate::source::SourceMap;

/// Raised when a field changes its meaning or goes; new fields do not raise it.
pub const JSON_VERSION: u32 = 1;

#[derive(Serialize)]
struct Finding<'a> {
    code: Code,
    severity: Severity,
    message: &'a str,
    places: Vec<Place<'a>>,
    help: Option<&'a str>,
    notes: &'a [String],
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

/// `{"version": 1, "findings": [{code, severity, message, places, help, notes}]}`, in the order of
/// [`Findings::sorted`]. The end of a place is the character after it.
pub fn json(findings: &Findings, map: &SourceMap) -> Json {
    let findings: Vec<_> = findings.sorted(map).into_iter().map(|found| finding(found, map)).collect();
    object!({ "version": JSON_VERSION, "findings": findings })
}

fn finding<'a>(diagnostic: &'a Diagnostic, map: &'a SourceMap) -> Finding<'a> {
    Finding {
        code: diagnostic.code,
        severity: diagnostic.severity,
        message: &diagnostic.message,
        places: diagnostic.labels.iter().map(|label| place(label, map)).collect(),
        help: diagnostic.help.as_deref(),
        notes: &diagnostic.notes,
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
