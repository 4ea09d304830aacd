//! ASG0378: images named by id where releases are promoted.

use crate::check::{Check, Rule, Subject};
use crate::diagnostics::{Code, Findings, Severity};

const CODE: Code = Code::new("ASG0378");

pub(in crate::check) const RULE: Rule = Rule {
    code: CODE,
    title: "an image named by its id where releases are promoted",
    severity: &[Severity::Warning],
    docs: "With `promoteFrom` only a release that is live in another environment may come here. An AMI named by its id is in no \
           lock, so nobody can tell from the pull request which release it is, and the plan can only compare ids with what \
           runs there. Lock it as a release, and name that.",
    fails: "protection: { promoteFrom: stg }\nroles: { web: { release: { ami: ami-0a1b2c3d4e5f60718 } } }\n",
    mended: "protection: { promoteFrom: stg }\nroles: { web: { release: \"1.1\" } }\n",
    check: Check::Spec(check),
};

fn check(subject: &Subject<'_>, findings: &mut Findings) {
    let Some(from) = &subject.environment.protection.promote_from else { return };
    let from = &from.environment;
    for role in &subject.environment.roles {
        let Some(release) = role.release.as_ref().filter(|release| release.build.is_empty()) else {
            continue;
        };
        let message = format!("role `{}` runs `{}`, which is no release of `{from}`", role.name, release.ami);
        let warning = subject.warning(CODE, &Subject::role(role, "/release"), message);
        findings.push(
            warning
                .secondary(subject.place("/protection/promoteFrom"), "releases come from there")
                .with_help("lock the image as a release with `asagi images lock`, and name the release"),
        );
    }
}
