//! Findings as SARIF 2.1.0, which code hosts and editors read.
//! <https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html>

use std::fmt::Write as _;

use serde_json::{Value as Json, json as object};

use crate::diagnostics::{Code, Found, Known, Label, Report, RuleText, SetSeverity};
use crate::source::{SourceMap, Span};
use crate::words::visible;

/// Where the standard keeps its schema.
const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";
/// The name of our fingerprint: raised when what it is made of changes.
const FINGERPRINT: &str = "asagi/v1";
/// What paths are relative to: the root of the repository.
const ROOT: &str = "%SRCROOT%";

/// One run. Notes of a policy are configuration overrides, what it keeps from being told are suppressed results, and what
/// a baseline no longer finds are results that are absent.
pub fn sarif(report: &Report<'_>, rules: &[RuleText<'_>]) -> Json {
    let mut codes: Vec<Code> = report.codes().into_iter().collect();
    codes.extend(report.policy.iter().map(|(set, _)| set.code));
    codes.sort_unstable();
    codes.dedup();
    let descriptors: Vec<Json> = codes.iter().map(|code| descriptor(*code, rules)).collect();
    let mut results: Vec<Json> =
        report.found.iter().chain(&report.ignored).map(|found| result(found, report, &codes)).collect();
    results.extend(report.gone.iter().flatten().map(absent));
    let overrides = report.policy.iter().map(|(set, names)| configuration(set, names, &codes));
    object!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "asagi",
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": descriptors,
            }},
            "invocations": [{
                "executionSuccessful": true,
                "ruleConfigurationOverrides": overrides.collect::<Vec<_>>(),
            }],
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    })
}

fn descriptor(code: Code, rules: &[RuleText<'_>]) -> Json {
    let Some(rule) = rules.iter().find(|rule| rule.code == code) else {
        return object!({ "id": code });
    };
    object!({
        "id": code,
        "shortDescription": { "text": rule.title },
        "fullDescription": { "text": rule.docs.trim() },
        "defaultConfiguration": { "level": rule.severity.word() },
        "help": { "text": format!("{}\n\nSee `asagi explain {code}`.", rule.docs.trim()) },
    })
}

fn result(found: &Found<'_>, report: &Report<'_>, codes: &[Code]) -> Json {
    let diagnostic = &found.diagnostic;
    let mut text = message(&diagnostic.message);
    for note in &diagnostic.notes {
        let _ = write!(text, "\nnote: {}", message(note));
    }
    if let Some(help) = &diagnostic.help {
        let _ = write!(text, "\nhelp: {}", message(help));
    }
    let (at, related): (Vec<&Label>, Vec<&Label>) = diagnostic.labels.iter().partition(|label| label.primary);
    let mut locations: Vec<Json> = at.iter().map(|label| location(label, found.sources)).collect();
    if diagnostic.labels.is_empty() {
        locations.push(object!({ "physicalLocation": { "artifactLocation": artifact(found.file()) } }));
    }
    let mut result = object!({
        "ruleId": diagnostic.code,
        "ruleIndex": codes.iter().position(|code| *code == diagnostic.code),
        "level": diagnostic.severity.word(),
        "message": { "text": text },
        "locations": locations,
        "relatedLocations": related.iter().map(|label| location(label, found.sources)).collect::<Vec<_>>(),
        "partialFingerprints": { FINGERPRINT: found.fingerprint },
        "properties": { "environments": found.environments },
    });
    if let Some(result) = result.as_object_mut() {
        if report.gone.is_some() {
            let state = if found.known { "unchanged" } else { "new" };
            result.insert("baselineState".to_owned(), state.into());
        }
        if let Some(reason) = found.ignored {
            let suppression = object!([{ "kind": "external", "justification": message(reason) }]);
            result.insert("suppressions".to_owned(), suppression);
        }
    }
    result
}

/// A message as viewers show it: what nobody sees is shown, and no bracket begins a link (section 3.11.6 of the standard).
fn message(text: &str) -> String {
    let text = visible(text);
    if text.contains("](") {
        text.replace('\\', "\\\\").replace('[', "\\[").replace(']', "\\]")
    } else {
        text
    }
}

/// What the baseline holds and nobody finds any more.
fn absent(known: &Known) -> Json {
    object!({
        "ruleId": known.code,
        "level": "none",
        "message": { "text": message(&known.message) },
        "locations": [{ "physicalLocation": { "artifactLocation": artifact(&known.file) } }],
        "partialFingerprints": { FINGERPRINT: known.fingerprint },
        "baselineState": "absent",
        "properties": { "environments": known.environments },
    })
}

fn configuration(set: &SetSeverity, names: &[&str], codes: &[Code]) -> Json {
    let configuration = match set.severity {
        Some(severity) => object!({ "level": severity.word() }),
        None => object!({ "enabled": false }),
    };
    object!({
        "configuration": configuration,
        "descriptor": { "id": set.code, "index": codes.iter().position(|code| *code == set.code) },
        "properties": { "reason": message(&set.reason), "environments": names },
    })
}

fn location(label: &Label, map: &SourceMap) -> Json {
    let mut location = object!({
        "physicalLocation": {
            "artifactLocation": artifact(map.path(label.span.source)),
            "region": region(label.span, map),
        },
    });
    if let (false, Some(location)) = (label.text.is_empty(), location.as_object_mut()) {
        location.insert("message".to_owned(), object!({ "text": message(&label.text) }));
    }
    location
}

/// The end of a region is the column after its last character.
fn region(span: Span, map: &SourceMap) -> Json {
    let (start, end) = (map.start(span), map.end(span));
    object!({
        "startLine": start.line, "startColumn": start.column, "endLine": end.line, "endColumn": end.column,
    })
}

fn artifact(path: &str) -> Json {
    object!({ "uri": uri(path), "uriBaseId": ROOT })
}

/// A path as a relative URI: everything but what RFC 3986 leaves unreserved is percent-encoded.
fn uri(path: &str) -> String {
    let mut uri = String::with_capacity(path.len());
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            let _ = write!(uri, "%{byte:02X}");
        }
    }
    uri
}
