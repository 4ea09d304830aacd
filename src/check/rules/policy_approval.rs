//! ASG0407: production without a person.

use crate::check::{Check, Rule, Subject};
use crate::diagnostics::{Code, Findings, Severity};
use crate::model::Approval;

const CODE: Code = Code::new("ASG0407");

const NAMES: [&str; 4] = ["prod", "production", "prd", "live"];

pub(in crate::check) const RULE: Rule = Rule {
    code: CODE,
    title: "production without approval",
    severity: &[Severity::Warning],
    docs: "An environment whose name says production, and in which any apply runs without a person's agreement, is one typing \
           error (`apply prod` for `apply stg`) away from a release nobody wanted. Requirement 2, section 3 asks for approval.",
    fails: "environment: prod\n",
    mended: "environment: prod\nprotection: { approval: manual }\n",
    check: Check::Spec(check),
};

fn check(subject: &Subject<'_>, findings: &mut Findings) {
    let environment = subject.environment;
    let is_production = environment.name.split('-').any(|word| NAMES.contains(&word));
    if is_production && environment.protection.approval == Approval::None {
        let message = format!("`{}` takes releases without anybody's approval", environment.name);
        let warning = subject.warning(CODE, "/environment", message);
        findings.push(warning.with_help("write `protection: { approval: manual }`"));
    }
}
