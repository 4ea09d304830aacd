//! ASG0369: images that go before they may be needed again.

use crate::check::{Check, Rule, Subject};
use crate::diagnostics::{Code, Findings, Severity};
use crate::model::Retain;

const CODE: Code = Code::new("ASG0369");

/// The one that runs, the one before it, and one that was built meanwhile.
const LEAST: u32 = 3;

pub(in crate::check) const RULE: Rule = Rule {
    code: CODE,
    title: "too few images are kept to go back",
    severity: &[Severity::Warning],
    docs: "Going back after the old slot was retired launches the image before, and a monthly rebuild of the same release may \
           have come in between: fewer than three generations can leave nothing to go back to. Images in use never go, but \
           the one before is not in use. Requirement 1, section 2.1 keeps at least three.",
    fails: "roles: { web: { images: { base: { version: \"1.0\", components: [os-patches] }, middleware: { version: \"1.0\", components: [cloudwatch-agent] }, application: { version: \"1.0\", artifact: \"s3://poc/web.tar.gz\" }, retain: { generations: 1 } } } }\n",
    mended: "roles: { web: { images: { base: { version: \"1.0\", components: [os-patches] }, middleware: { version: \"1.0\", components: [cloudwatch-agent] }, application: { version: \"1.0\", artifact: \"s3://poc/web.tar.gz\" }, retain: { generations: 10 } } } }\n",
    check: Check::Spec(check),
};

fn check(subject: &Subject<'_>, findings: &mut Findings) {
    for role in &subject.environment.roles {
        let Some(images) = &role.images else { continue };
        let (kept, key) = match images.retain {
            Retain::Generations(count) => (count, "generations"),
            Retain::Days { at_least, .. } => (at_least, "atLeast"),
        };
        if kept < LEAST {
            let message = format!("of images of role `{}` as few as {kept} are kept", role.name);
            let warning =
                subject.warning(CODE, &Subject::role(role, &format!("/images/retain/{key}")), message);
            findings.push(warning.with_help(format!("write `{key}: {LEAST}` or more")));
        }
    }
}
