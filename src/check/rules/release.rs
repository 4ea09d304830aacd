//! ASG0347: releases nobody built.

use crate::check::{Check, Rule, Subject};
use crate::diagnostics::{Code, Findings, Severity};
use crate::model::Lock;

const CODE: Code = Code::new("ASG0347");

pub(in crate::check) const RULE: Rule = Rule {
    code: CODE,
    title: "a release that is not in the images lock",
    severity: &[Severity::Error, Severity::Warning],
    docs: "`environments/images.lock.yaml` says which AMIs a release is; `asagi images lock` fills it once a pipeline has \
           built them. A role that has no locked release at all is new: its slots are created when the first is there, \
           and until then this is a warning.",
    fails: "roles: { web: { release: \"9.9\" } }\n",
    mended: "roles: { web: { release: \"1.1\" } }\n",
    check: Check::Spec(check),
};

fn check(subject: &Subject<'_>, findings: &mut Findings) {
    for role in &subject.environment.roles {
        let (Some(wanted), None) = (&role.wanted_release, &role.release) else { continue };
        let at = Subject::role(role, "/release");
        let locked = subject.lock.releases(&subject.environment.project, &role.name);
        let known: Vec<&str> =
            locked.into_iter().flat_map(|releases| releases.keys().map(String::as_str)).collect();
        let message = if known.contains(&wanted.as_str()) {
            format!(
                "the last build of `{wanted}` of role `{}` has no application image in `{}`",
                role.name,
                Lock::FILE
            )
        } else {
            format!("release `{wanted}` of role `{}` is not in `{}`", role.name, Lock::FILE)
        };
        let help = format!("build it, then run `asagi images lock`; it fills `{}`", Lock::FILE);
        let finding = if known.is_empty() {
            subject.warning(CODE, &at, message)
        } else {
            subject.error(CODE, &at, message).with_note(format!("locked are {}", known.join(", ")))
        };
        findings.push(finding.with_help(help));
    }
}
