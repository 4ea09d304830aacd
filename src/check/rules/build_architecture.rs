//! ASG0367: images built for another processor than they run on.

use crate::check::{Check, Rule, Subject};
use crate::diagnostics::{Code, Findings, Severity};
use crate::resolve::architecture;

const CODE: Code = Code::new("ASG0367");

pub(in crate::check) const RULE: Rule = Rule {
    code: CODE,
    title: "images built on another processor than they run on",
    severity: &[Severity::Error],
    docs: "An image has the architecture of the instance it was built on: Graviton types (`m7g`, `t4g`) build arm64, all others \
           x86_64. An image of one does not start on a type of the other, and the group launches and terminates instances \
           until the rollout is given up.",
    fails: "roles: { web: { images: { base: { version: \"1.0\", components: [os-patches] }, middleware: { version: \"1.0\", components: [cloudwatch-agent] }, application: { version: \"1.0\", artifact: \"s3://poc/web.tar.gz\" }, build: { instanceType: t4g.medium } }, instances: { type: m7i.large } } }\n",
    mended: "roles: { web: { images: { base: { version: \"1.0\", components: [os-patches] }, middleware: { version: \"1.0\", components: [cloudwatch-agent] }, application: { version: \"1.0\", artifact: \"s3://poc/web.tar.gz\" }, build: { instanceType: t4g.medium } }, instances: { type: m7g.large } } }\n",
    check: Check::Spec(check),
};

fn check(subject: &Subject<'_>, findings: &mut Findings) {
    for role in &subject.environment.roles {
        let Some(images) = &role.images else { continue };
        let built = architecture(&images.build.instance_type);
        let runs = role.instances.architecture;
        if built == runs {
            continue;
        }
        let message = format!(
            "images of role `{}` are built for {} on `{}`, and run on `{}`, which is {}",
            role.name,
            built.as_str(),
            images.build.instance_type,
            role.instances.instance_type,
            runs.as_str()
        );
        let error = subject.error(CODE, &Subject::role(role, "/images/build/instanceType"), message);
        let runs = subject.place(&Subject::role(role, "/instances/type"));
        findings.push(
            error
                .secondary(runs, "runs here")
                .with_help("choose two types of the same family, or leave the build's out"),
        );
    }
}
