//! Findings as JUnit XML, which every CI shows: a suite for each environment, a case for each finding.
//!
//! Errors are failures; warnings too where they are denied. Other findings are cases that pass and say what they found;
//! what a baseline knows or a policy keeps from being told is skipped.

use std::fmt::Write as _;

use super::{Paint, human_one};
use crate::diagnostics::{Found, Report, SetSeverity, Severity};
use crate::words::visible;

/// The document. `deny_warnings` makes failures of warnings.
pub fn junit(report: &Report<'_>, deny_warnings: bool) -> String {
    let fails = |found: &Found<'_>| {
        let severity = found.diagnostic.severity;
        let fails = severity == Severity::Error || (deny_warnings && severity == Severity::Warning);
        fails && !found.known && found.ignored.is_none()
    };
    let (mut suites, mut tests, mut failures) = (String::new(), 0, 0);
    for environment in &report.environments {
        let all = report.found.iter().chain(&report.ignored);
        let found: Vec<_> = all.filter(|found| found.environments.contains(&environment.name)).collect();
        let failed = found.iter().filter(|found| fails(found)).count();
        let skipped = found.iter().filter(|found| found.known || found.ignored.is_some()).count();
        let cases = found.len().max(1);
        let _ = writeln!(
            suites,
            "  <testsuite name={} file={} tests=\"{cases}\" failures=\"{failed}\" errors=\"0\" skipped=\"{skipped}\">",
            quoted(environment.name),
            quoted(environment.path),
        );
        suites.push_str(&properties(report, environment.name));
        if found.is_empty() {
            let _ = writeln!(
                suites,
                "    <testcase name=\"no findings\" classname={}/>",
                quoted(environment.path)
            );
        }
        suites.extend(found.iter().map(|found| case(found, fails(found))));
        suites.push_str("  </testsuite>\n");
        tests += cases;
        failures += failed;
    }
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <testsuites name=\"asagi check\" tests=\"{tests}\" failures=\"{failures}\" errors=\"0\">\n{suites}</testsuites>\n"
    )
}

/// What the environment's policy sets.
fn properties(report: &Report<'_>, environment: &str) -> String {
    let property = |(set, _): &(&SetSeverity, Vec<&str>)| {
        let severity = set.severity.map_or("ignore", Severity::word);
        let name = quoted(&format!("policy {}", set.code));
        format!("      <property name={name} value={}/>\n", quoted(&format!("{severity}: {}", set.reason)))
    };
    let set: String =
        report.policy.iter().filter(|(_, names)| names.contains(&environment)).map(property).collect();
    if set.is_empty() { set } else { format!("    <properties>\n{set}    </properties>\n") }
}

fn case(found: &Found<'_>, fails: bool) -> String {
    let diagnostic = &found.diagnostic;
    let name = quoted(&format!("{} {}", diagnostic.code, diagnostic.message));
    let block = text(human_one(diagnostic, found.sources, Paint::Plain).as_str());
    let inside = if let Some(reason) = found.ignored {
        format!("<skipped message={}/>", quoted(&format!("the policy ignores it: {reason}")))
    } else if found.known {
        "<skipped message=\"the baseline knows it\"/>".to_owned()
    } else if fails {
        let message = quoted(&diagnostic.message);
        format!("<failure type=\"{}\" message={message}>{block}</failure>", diagnostic.severity.word())
    } else {
        format!("<system-out>{block}</system-out>")
    };
    format!("    <testcase name={name} classname={}>{inside}</testcase>\n", quoted(found.file()))
}

/// An attribute's value in its quotes.
fn quoted(value: &str) -> String {
    format!("\"{}\"", text(value).replace('"', "&quot;").replace('\n', "&#10;").replace('\t', "&#9;"))
}

/// Text of lines that are ours: what XML 1.0 has no character for is among what is shown as `\u{1b}`.
fn text(value: &str) -> String {
    let lines: Vec<String> = value.split('\n').map(visible).collect();
    lines.join("\n").replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
