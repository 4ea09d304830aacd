//! ASG0381: root volumes that the image does not fit on.

use crate::check::{Check, Rule, Subject};
use crate::diagnostics::{Code, Findings, Severity};
use crate::model::{ParentImage, Role};
use crate::resolve::defaults;

const CODE: Code = Code::new("ASG0381");

/// What images of Amazon Linux 2023 come with, GiB. <https://docs.aws.amazon.com/linux/al2023/ug/naming-and-versioning.html>
const AMAZON_LINUX: u32 = 8;
const ROOT_DEVICE: &str = "/dev/xvda";

pub(in crate::check) const RULE: Rule = Rule {
    code: CODE,
    title: "a root volume that the image does not fit on",
    severity: &[Severity::Error],
    docs: "A volume is never smaller than the snapshot it is made of: EC2 refuses to launch with `Volume of size 20GB is smaller \
           than snapshot, expect size >= 30GB`, and the group tries again for ever. Amazon Linux 2023 has 8 GiB on \
           `/dev/xvda`; under another device name the image's own volume stays as it is, and the one that is set comes \
           beside it. And an image has the size it was built with in the environment that owns it, so a smaller one \
           elsewhere fits that environment's images only. \
           <https://docs.aws.amazon.com/autoscaling/ec2/userguide/ts-as-instancelaunchfailure.html>",
    fails: "roles: { web: { images: { base: { version: \"1.0\", components: [os-patches] }, middleware: { version: \"1.0\", components: [cloudwatch-agent] }, application: { version: \"1.0\", artifact: \"s3://poc/web.tar.gz\" } }, instances: { rootVolume: { size: 4 } } } }\n",
    mended: "roles: { web: { images: { base: { version: \"1.0\", components: [os-patches] }, middleware: { version: \"1.0\", components: [cloudwatch-agent] }, application: { version: \"1.0\", artifact: \"s3://poc/web.tar.gz\" } }, instances: { rootVolume: { size: 30 } } } }\n",
    check: Check::Spec(check),
};

fn check(subject: &Subject<'_>, findings: &mut Findings) {
    for role in &subject.environment.roles {
        let Some(images) = &role.images else { continue };
        if matches!(images.base.parent, ParentImage::Managed(_)) {
            amazon_linux(subject, role, findings);
        }
        owners(subject, role, findings);
    }
}

fn amazon_linux(subject: &Subject<'_>, role: &Role, findings: &mut Findings) {
    let volume = &role.instances.root_volume;
    let at = |key: &str| Subject::role(role, &format!("/instances/rootVolume/{key}"));
    if volume.size < AMAZON_LINUX {
        let message = format!("{} GiB are less than Amazon Linux 2023 needs", volume.size);
        let error = subject.error(CODE, &at("size"), message);
        findings.push(error.with_help(format!("write `size: {AMAZON_LINUX}`, or more")));
    }
    if volume.device != ROOT_DEVICE {
        let message =
            format!("the root device of Amazon Linux 2023 is `{ROOT_DEVICE}`, not `{}`", volume.device);
        let error = subject.error(CODE, &at("device"), message);
        findings.push(error.with_help("remove `device`"));
    }
}

/// The owner's images are as large as its own volumes.
fn owners(subject: &Subject<'_>, role: &Role, findings: &mut Findings) {
    let environment = subject.environment;
    let size = role.instances.root_volume.size;
    let owner = subject.siblings.iter().find(|other| other.name == environment.images_owner);
    let same = owner.and_then(|owner| owner.roles.iter().find(|other| other.name == role.name));
    let built = same.map(|same| same.root_volume.unwrap_or(defaults::ROOT_SIZE));
    let Some(built) = built.filter(|built| *built > size) else { return };
    let message = format!(
        "{size} GiB are less than the {built} GiB of images that `{}` builds",
        environment.images_owner
    );
    let error = subject.error(CODE, &Subject::role(role, "/instances/rootVolume/size"), message);
    findings.push(error.with_help(format!("write `size: {built}` in both, best in the file they extend")));
}
