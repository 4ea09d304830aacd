//! ASG0395: artifacts that nothing in the image can run.

use crate::check::{Check, Rule, Subject};
use crate::diagnostics::{Code, Findings, Severity};

const CODE: Code = Code::new("ASG0395");

/// What ends so, and the component of asagi's that its standard step asks for.
const NEEDS: [(&str, &str); 1] = [(".war", "tomcat-10")];

pub(in crate::check) const RULE: Rule = Rule {
    code: CODE,
    title: "an artifact that nothing in the image can run",
    severity: &[Severity::Error],
    docs: "The step that installs the artifact puts a `.war` where Tomcat looks for it, and stops the build where there is none. \
           Name the component in a layer below, or bring one of your own that installs Tomcat.",
    fails: "roles: { web: { images: { base: { version: \"1.0\", components: [os-patches] }, middleware: { version: \"1.0\", components: [nginx, cloudwatch-agent] }, application: { version: \"1.0\", artifact: \"s3://poc/web.war\" } } } }\n",
    mended: "roles: { web: { images: { base: { version: \"1.0\", components: [os-patches] }, middleware: { version: \"1.0\", components: [tomcat-10, cloudwatch-agent] }, application: { version: \"1.0\", artifact: \"s3://poc/web.war\" } } } }\n",
    check: Check::Spec(check),
};

fn check(subject: &Subject<'_>, findings: &mut Findings) {
    for role in &subject.environment.roles {
        let Some(images) = &role.images else { continue };
        let layers = images.layers();
        let Some(artifact) = images.application.artifact.as_deref() else { continue };
        let Some((ending, needed)) = NEEDS.iter().find(|(ending, _)| artifact.ends_with(ending)) else {
            continue;
        };
        let components = || layers.iter().flat_map(|layer| &layer.components);
        // A component of one's own that speaks of it may install it.
        let program = needed.split('-').next().unwrap_or(needed);
        let speaks = |text: &str| text.to_ascii_lowercase().contains(program);
        let has = components().any(|one| one.name == *needed || !one.is_shipped() && speaks(&one.document));
        if !has {
            let at = Subject::role(role, "/images/application/artifact");
            let message = format!("no layer of role `{}` has `{needed}`, which runs a `{ending}`", role.name);
            let error = subject.error(CODE, &at, message);
            findings.push(error.with_help(format!("write `{needed}` among the middleware's components")));
        }
    }
}
