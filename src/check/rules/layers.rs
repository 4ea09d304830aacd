//! ASG0368: layers that do not do what their place in the chain is for.

use crate::check::{Check, Rule, Subject};
use crate::diagnostics::{Code, Findings, Severity};
use crate::model::{Images, LayerKind, Role};

const CODE: Code = Code::new("ASG0368");

const PATCHES: &str = "os-patches";

pub(in crate::check) const RULE: Rule = Rule {
    code: CODE,
    title: "a layer that does not do what it is for",
    severity: &[Severity::Warning],
    docs: "The base layer is rebuilt every month to take patches in, and takes none without `os-patches` or a component of your \
           own whose name holds `patch`. An application layer without artifact and without components is the middleware \
           under another name. And a component that runs twice in one chain costs time, and often fails the second time.",
    fails: "roles: { web: { images: { base: { version: \"1.0\", components: [apache] }, middleware: { version: \"1.0\", components: [apache, cloudwatch-agent] }, application: { version: \"1.0\" } } } }\n",
    mended: "roles: { web: { images: { base: { version: \"1.0\", components: [os-patches] }, middleware: { version: \"1.0\", components: [apache, cloudwatch-agent] }, application: { version: \"1.0\", artifact: \"s3://poc/web.tar.gz\" } } } }\n",
    check: Check::Spec(check),
};

fn check(subject: &Subject<'_>, findings: &mut Findings) {
    for role in &subject.environment.roles {
        let Some(images) = &role.images else { continue };
        patches(subject, role, images, findings);
        application(subject, role, images, findings);
        twice(subject, role, images, findings);
    }
}

fn patches(subject: &Subject<'_>, role: &Role, images: &Images, findings: &mut Findings) {
    if images.base.components.iter().any(|component| component.name.contains("patch")) {
        return;
    }
    let message = format!("the base layer of role `{}` takes no patches in", role.name);
    let at = Subject::role(role, "/images/base/components");
    findings.push(
        subject.warning(CODE, &at, message).with_help(format!("add `{PATCHES}` as its first component")),
    );
}

fn application(subject: &Subject<'_>, role: &Role, images: &Images, findings: &mut Findings) {
    let layer = &images.application;
    if layer.artifact.is_some() || !layer.components.is_empty() {
        return;
    }
    let message = format!("the application layer of role `{}` installs nothing", role.name);
    let warning = subject.warning(CODE, &Subject::role(role, "/images/application"), message);
    findings.push(warning.with_help("name its `artifact: s3://bucket/key`, or a component that installs it"));
}

fn twice(subject: &Subject<'_>, role: &Role, images: &Images, findings: &mut Findings) {
    let mut seen: Vec<(&str, String)> = Vec::new();
    for layer in images.layers() {
        for (index, component) in layer.components.iter().enumerate() {
            let at = Subject::role(role, &format!("/images/{}/components/{index}", layer.kind.as_str()));
            match seen.iter().find(|(name, _)| *name == component.name) {
                // patches may well be taken in by every layer
                Some((_, first)) if layer.kind == LayerKind::Base || !component.name.contains("patch") => {
                    let message = format!(
                        "component `{}` runs twice in the image of role `{}`",
                        component.name, role.name
                    );
                    let warning = subject
                        .warning(CODE, &at, message)
                        .secondary(subject.place(first), "runs here first");
                    findings.push(warning.with_help("remove one of the two"));
                }
                _ => seen.push((&component.name, at)),
            }
        }
    }
}
