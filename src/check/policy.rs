//! Severities that an environment sets itself, with its reasons.
//!
//! A rule of policy (04xx) and whatever is a warning or a note may be set to anything. An error of another stage is
//! something that AWS refuses or that does not work: saying that it matters less would not make it so.

use super::{RULES, Subject, explain};
use crate::diagnostics::{Code, Diagnostic, Findings, SetSeverity, Severity, nearest};
use crate::model::{Level, PolicyEntry};
use crate::source::pointer;

/// A rule that `policy` names and that does not exist.
pub const UNKNOWN_RULE: Code = Code::new("ASG0390");
/// A finding that `policy` sets lower than it may be.
pub const NOT_LOWERED: Code = Code::new("ASG0391");

/// What a policy did to findings.
#[derive(Debug, Default)]
pub struct Settled {
    /// What it sets, in the order written.
    pub set: Vec<SetSeverity>,
    /// What it keeps from being told.
    pub ignored: Findings,
}

/// Gives findings the severities that the environment's policy sets.
pub fn settle(subject: &Subject<'_>, findings: &mut Findings) -> Settled {
    let mut settled = Settled::default();
    for (name, entry) in &subject.environment.policy {
        let at = pointer(["policy", name]);
        match explain(name) {
            None => findings.push(unknown(subject, &at, name)),
            Some(rule) => {
                let found = apply(rule.code, entry, findings, &mut settled.ignored);
                if found.refused {
                    findings.push(refusal(subject, &at, rule.code, entry.level));
                }
                let severity = severity(entry.level);
                let reason = entry.reason.clone();
                settled.set.push(SetSeverity { code: rule.code, severity, reason, findings: found.changed });
            }
        }
    }
    settled
}

/// What setting one rule met.
#[derive(Default)]
struct Met {
    changed: usize,
    refused: bool,
}

fn apply(code: Code, entry: &PolicyEntry, findings: &mut Findings, ignored: &mut Findings) -> Met {
    let mut met = Met::default();
    let all = std::mem::take(findings);
    for mut found in all {
        if found.code == code {
            if entry.level != Level::Error && !may_be_lowered(&found) {
                met.refused = true;
            } else {
                met.changed += 1;
                match severity(entry.level) {
                    None => {
                        ignored.push(found);
                        continue;
                    }
                    Some(severity) => set(&mut found, severity, &entry.reason),
                }
            }
        }
        findings.push(found);
    }
    met
}

fn set(found: &mut Diagnostic, severity: Severity, reason: &str) {
    if found.severity != severity {
        let (was, is) = (found.severity.word(), severity.word());
        found.notes.push(format!("a {is} by the policy of this environment, not {}: {reason}", article(was)));
        found.severity = severity;
    }
}

fn article(word: &str) -> String {
    if word == "error" { format!("an {word}") } else { format!("a {word}") }
}

fn may_be_lowered(found: &Diagnostic) -> bool {
    found.severity != Severity::Error || found.code.as_str().starts_with("ASG04")
}

fn severity(level: Level) -> Option<Severity> {
    match level {
        Level::Error => Some(Severity::Error),
        Level::Warning => Some(Severity::Warning),
        Level::Note => Some(Severity::Note),
        Level::Ignore => None,
    }
}

fn unknown(subject: &Subject<'_>, at: &str, name: &str) -> Diagnostic {
    let error =
        subject.error(UNKNOWN_RULE, at, format!("there is no rule `{name}` whose severity could be set"));
    let known = nearest(name, RULES.iter().map(|rule| rule.code.as_str()));
    error.with_help(match known {
        Some(near) => format!("did you mean `{near}`? `asagi explain` lists every rule"),
        None => "write a code that `asagi explain` lists".to_owned(),
    })
}

fn refusal(subject: &Subject<'_>, at: &str, code: Code, level: Level) -> Diagnostic {
    let message = format!("`{code}` found an error, which cannot be made `{}`", level.word());
    subject
        .error(NOT_LOWERED, &format!("{at}/severity"), message)
        .with_note(
            "only rules of policy (ASG04xx) and warnings can be lowered: this one would fail in the account",
        )
        .with_help(format!("mend what `{code}` found, and remove it from `policy`"))
}
