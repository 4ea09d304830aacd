//! ASG0319: two files for one environment.

use crate::check::{Check, Rule, Subject};
use crate::diagnostics::{Code, Findings, Severity};

const CODE: Code = Code::new("ASG0319");

pub(in crate::check) const RULE: Rule = Rule {
    code: CODE,
    title: "two files describe the same environment",
    severity: &[Severity::Error],
    docs: "Project and environment make the names of all stacks: two files with the same pair, account and Region aside, \
           would take turns in changing the same stacks.",
    fails: "environment: stg\n",
    mended: "environment: poc2\n",
    check: Check::Spec(check),
};

fn check(subject: &Subject<'_>, findings: &mut Findings) {
    let environment = subject.environment;
    let same = subject
        .siblings
        .iter()
        .filter(|other| other.project == environment.project && other.name == environment.name);
    for other in same {
        let message =
            format!("`{}` describes environment `{}` of `{}` too", other.path, other.name, other.project);
        findings.push(
            subject
                .error(CODE, "/environment", message)
                .with_help("give one of the two another `environment`"),
        );
    }
}
