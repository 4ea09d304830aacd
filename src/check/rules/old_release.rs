//! ASG0370: releases that were left behind, and releases that are another's image.

use crate::check::{Check, Rule, Subject};
use crate::diagnostics::{Code, Findings, Severity};
use crate::model::{Lock, Role};

const CODE: Code = Code::new("ASG0370");

/// With a build a month, a quarter without patches; and the generations that are kept at the least.
const BEHIND: usize = 3;

pub(in crate::check) const RULE: Rule = Rule {
    code: CODE,
    title: "a release that was left behind, or is another's image",
    severity: &[Severity::Error, Severity::Warning],
    docs: "Patches come as new builds. A release with three newer ones beside it in the images lock has missed a quarter of \
           monthly patches, and its image may soon be removed. And two releases, or two roles, with the same application \
           image are a slip of copying: a rollout from one to the other would change nothing.",
    fails: "images: { owner: poc }\nroles: { web: { release: \"0.7\" } }\n",
    mended: "images: { owner: poc }\nroles: { web: { release: \"1.1\" } }\n",
    check: Check::Spec(check),
};

fn check(subject: &Subject<'_>, findings: &mut Findings) {
    for role in &subject.environment.roles {
        let Some(release) = &role.release else { continue };
        behind(subject, role, &release.name, findings);
        if release.build.is_empty() {
            continue;
        }
        let Some(other) = same_image(subject, role, &release.name, &release.ami) else { continue };
        let message = format!(
            "release `{}` of role `{}` is the same image as {other}: {}",
            release.name, role.name, release.ami
        );
        let error = subject.error(CODE, &Subject::role(role, "/release"), message);
        findings.push(error.with_help(format!("mend `{}`: run `asagi images lock`", Lock::FILE)));
    }
}

fn behind(subject: &Subject<'_>, role: &Role, name: &str, findings: &mut Findings) {
    let Some(releases) = subject.lock.releases(&subject.environment.project, &role.name) else { return };
    let newer: Vec<&str> =
        releases.keys().map(String::as_str).filter(|other| version(other) > version(name)).collect();
    if newer.len() < BEHIND || !releases.contains_key(name) {
        return;
    }
    let message = format!(
        "release `{name}` of role `{}` is {} releases behind: {}",
        role.name,
        newer.len(),
        newer.join(", ")
    );
    let newest = newer.iter().max_by_key(|other| version(other)).copied().unwrap_or_default();
    findings.push(
        subject
            .warning(CODE, &Subject::role(role, "/release"), message)
            .with_help(format!("plan to move to `{newest}`")),
    );
}

/// `1.10` as numbers, so that it comes after `1.9`.
fn version(name: &str) -> Vec<u64> {
    name.split('.').map(|part| part.parse().unwrap_or(0)).collect()
}

/// Another release or role whose last build is the same application image.
fn same_image(subject: &Subject<'_>, role: &Role, name: &str, ami: &str) -> Option<String> {
    let roles = subject.lock.projects.get(&subject.environment.project)?;
    for (other_role, releases) in roles {
        for (other, builds) in releases {
            let same = builds
                .last()
                .and_then(|build| build.images.get("application"))
                .is_some_and(|image| image == ami);
            if same && (other_role != &role.name || other != name) {
                return Some(format!("release `{other}` of role `{other_role}`"));
            }
        }
    }
    None
}
